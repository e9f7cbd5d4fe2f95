<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\Call;
use Redpack\Native\Config;
use Redpack\Native\Make;
use Redpack\Native\Read;

/** The protocol alone, for those who post by their own means: encode, post it yourself, have the answer judged. */
final class Codec
{
    private readonly Config $config;

    public function __construct(
        string $mchId,
        string $appid,
        #[\SensitiveParameter] string $apiKey,
        #[\SensitiveParameter] ?string $workwxSecret = null,
    ) {
        $this->config = new Config($mchId, $appid, $apiKey);
        $this->config->set(['workwx_secret' => $workwxSecret]);
    }

    /** @throws InvalidRequest which names every problem at once */
    public function encode(Request $request): Wire
    {
        $made = Make::request($request);
        return $this->wire('redpack_request_encode', $made->pointer);
    }

    /** @param array<string, string|int> $fields */
    public function encodeCall(
        string $path,
        array $fields,
        SignType $signType = SignType::Md5,
        ?string $merchantField = null,
        bool $signedAnswer = false,
    ): Wire {
        $call = Make::call($path, $fields, $signType, $merchantField, $signedAnswer);
        return $this->wire('redpack_call_encode', $call->pointer);
    }

    /** @throws RedpackError for every outcome but sent */
    public function readSend(Wire $wire, int $httpStatus, string $body): SendResult
    {
        $given = $this->given($wire, $httpStatus, $body);
        return Read::sendResult(Call::make('send_result', 'redpack_wire_read_send', ...$given));
    }

    public function readQuery(Wire $wire, int $httpStatus, string $body): QueryResult
    {
        $given = $this->given($wire, $httpStatus, $body);
        return Read::queryResult(Call::make('query_result', 'redpack_wire_read_query', ...$given));
    }

    public function readCall(Wire $wire, int $httpStatus, string $body): Answer
    {
        $answer = Call::make('answer', 'redpack_wire_read_call', ...$this->given($wire, $httpStatus, $body));
        return Read::answer($answer->pointer) ?? new Answer([]);
    }

    private function wire(string $function, mixed $made): Wire
    {
        $handle = Call::make('wire', $function, $made, $this->config->handle->pointer);
        return Read::wire($handle);
    }

    /** @return list<mixed> what the three readers are given */
    private function given(Wire $wire, int $httpStatus, string $body): array
    {
        return [$wire->handle->pointer, $this->config->handle->pointer, $httpStatus, ...Call::bytes($body)];
    }
}
