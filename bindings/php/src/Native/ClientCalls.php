<?php

declare(strict_types=1);

namespace Redpack\Native;

use Redpack\Answer;
use Redpack\Check;
use Redpack\Evidence;
use Redpack\QueryResult;
use Redpack\Reconciled;
use Redpack\Recovered;
use Redpack\Request;
use Redpack\SendResult;
use Redpack\Settlement;

/** What a native client can do. */
final class ClientCalls
{
    public function __construct(private readonly Handle $client)
    {
    }

    public function send(Request $order): SendResult
    {
        $request = Make::request($order);
        return Read::sendResult($this->make('send_result', 'redpack_client_send', $request->pointer));
    }

    public function query(Request $query): QueryResult
    {
        $request = Make::request($query);
        return Read::queryResult($this->make('query_result', 'redpack_client_query', $request->pointer));
    }

    public function call(Handle $call): Answer
    {
        $answer = $this->make('answer', 'redpack_client_call', $call->pointer);
        return Read::answer($answer->pointer) ?? new Answer([]);
    }

    public function settle(Request $order, int $limitMs): Settlement
    {
        $request = Make::request($order);
        return $this->settlement('redpack_client_settle', $request->pointer, $limitMs);
    }

    public function settleNumber(string $mchBillno, int $limitMs): Settlement
    {
        $number = Call::in('mchBillno', $mchBillno);
        return $this->settlement('redpack_client_settle_number', $number, $limitMs);
    }

    public function amend(Request $order): Settlement
    {
        // Kept: a handle that nobody holds is freed before the call.
        $request = Make::request($order);
        return $this->settlement('redpack_client_amend', $request->pointer);
    }

    public function close(string $mchBillno): Settlement
    {
        return $this->settlement('redpack_client_close', Call::in('mchBillno', $mchBillno));
    }

    public function resolve(
        string $mchBillno,
        Evidence $evidence,
        ?string $sendListid,
        string $who,
        string $why,
    ): Settlement {
        return $this->settlement(
            'redpack_client_resolve',
            Call::in('mchBillno', $mchBillno),
            Words::number(Words::EVIDENCE, $evidence),
            Call::in('sendListid', $sendListid),
            Call::in('who', $who),
            Call::in('why', $why),
        );
    }

    public function recover(int $limitMs): Recovered
    {
        return ReadLists::recovered($this->make('recovered', 'redpack_client_recover', $limitMs));
    }

    public function reconcile(int $limitMs): Reconciled
    {
        return ReadLists::reconciled($this->make('reconciled', 'redpack_client_reconcile', $limitMs));
    }

    public function check(): Check
    {
        return ReadLists::check($this->make('check', 'redpack_client_check'));
    }

    public function journal(): ?Handle
    {
        return Call::maybe('journal', 'redpack_client_journal', $this->client->pointer);
    }

    /** @param array{string, list<mixed>} $credentials as Config::credentials gives them */
    public function replaceCredentials(#[\SensitiveParameter] array $credentials): void
    {
        Call::run("redpack_client_replace_$credentials[0]", $this->client->pointer, ...$credentials[1]);
    }

    public function replaceApiKey(#[\SensitiveParameter] string $apiKey): void
    {
        Call::run('redpack_client_replace_api_key', $this->client->pointer, Call::in('apiKey', $apiKey));
    }

    private function settlement(string $function, mixed ...$arguments): Settlement
    {
        $settlement = $this->make('settlement', $function, ...$arguments);
        return Read::settlement($settlement->pointer);
    }

    private function make(string $type, string $function, mixed ...$arguments): Handle
    {
        return Call::make($type, $function, $this->client->pointer, ...$arguments);
    }
}
