<?php

declare(strict_types=1);

namespace Redpack\Native;

use Redpack\Answer;
use Redpack\QueryResult;
use Redpack\Request;
use Redpack\SendResult;
use Redpack\Wire;

/** Encoding requests and judging answers, with a configuration that has no certificate. */
final class CodecCalls
{
    public function __construct(private readonly Config $config)
    {
    }

    public function encode(Request $request): Wire
    {
        return $this->wire('redpack_request_encode', Make::request($request));
    }

    public function encodeCall(Handle $call): Wire
    {
        return $this->wire('redpack_call_encode', $call);
    }

    public function readSend(Wire $wire, int $httpStatus, string $body): SendResult
    {
        $given = $this->given($wire, $httpStatus, $body);
        return Read::sendResult(Call::make('send_result', 'redpack_wire_read_send', ...$given));
    }

    /** @param int $now seconds since 1970; 0 for the machine's clock */
    public function readQuery(Wire $wire, int $httpStatus, string $body, int $now): QueryResult
    {
        $given = [...$this->given($wire, $httpStatus, $body), $now];
        return Read::queryResult(Call::make('query_result', 'redpack_wire_read_query', ...$given));
    }

    public function readCall(Wire $wire, int $httpStatus, string $body): Answer
    {
        $answer = Call::make('answer', 'redpack_wire_read_call', ...$this->given($wire, $httpStatus, $body));
        return Read::answer($answer->pointer) ?? new Answer([]);
    }

    private function wire(string $function, Handle $made): Wire
    {
        return Read::wire(Call::make('wire', $function, $made->pointer, $this->config->handle->pointer));
    }

    /** @return list<mixed> what the three readers are given */
    private function given(Wire $wire, int $httpStatus, string $body): array
    {
        return [$wire->handle->pointer, $this->config->handle->pointer, $httpStatus, ...Call::bytes($body)];
    }
}
