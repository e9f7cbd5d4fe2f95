<?php

declare(strict_types=1);

namespace Redpack\Native;

use Redpack\Attempt;
use Redpack\Decision;
use Redpack\Order;

/** What a native journal can do. */
final class JournalCalls
{
    public function __construct(private readonly Handle $journal)
    {
    }

    public static function open(#[\SensitiveParameter] string $url): self
    {
        return new self(Call::make('journal', 'redpack_journal_open', Call::in('url', $url)));
    }

    public function order(string $mchId, string $mchBillno): ?Order
    {
        return $this->find('redpack_journal_order', $mchId, Call::in('mchBillno', $mchBillno));
    }

    public function orderOfIntent(string $mchId, string $intent): ?Order
    {
        return $this->find('redpack_journal_order_of_intent', $mchId, Call::in('intent', $intent));
    }

    /** @return list<Order> */
    public function list(?string $mchId, ?string $state, int $after, int $limit): array
    {
        $which = [Call::in('mchId', $mchId), Call::in('state', $state), $after, $limit];
        return ReadLists::orders(Call::make('orders', 'redpack_journal_list', $this->journal->pointer, ...$which));
    }

    /** @return list<Attempt> */
    public function attempts(string $mchId, string $mchBillno): array
    {
        $order = [Call::in('mchId', $mchId), Call::in('mchBillno', $mchBillno)];
        $attempts = Call::make('attempts', 'redpack_journal_attempts', $this->journal->pointer, ...$order);
        return ReadLists::attempts($attempts);
    }

    /** @return list<Decision> */
    public function decisions(string $mchId, string $mchBillno): array
    {
        $order = [Call::in('mchId', $mchId), Call::in('mchBillno', $mchBillno)];
        $decisions = Call::make('decisions', 'redpack_journal_decisions', $this->journal->pointer, ...$order);
        return ReadLists::decisions($decisions);
    }

    public function pauseReason(string $mchId): ?string
    {
        return $this->text('redpack_journal_pause_reason', Call::in('mchId', $mchId), null);
    }

    public function suspicion(): ?string
    {
        return $this->text('redpack_journal_suspicion');
    }

    private function text(string $function, mixed ...$arguments): ?string
    {
        $text = Call::maybe('text', $function, $this->journal->pointer, ...$arguments);
        return $text === null ? null : Library::get()->redpack_text_data($text->pointer);
    }

    public function pause(string $mchId, int $lengthMs, string $reason): void
    {
        $this->run('redpack_journal_pause', Call::in('mchId', $mchId), $lengthMs, Call::in('reason', $reason));
    }

    public function resume(string $mchId): void
    {
        $this->run('redpack_journal_resume', Call::in('mchId', $mchId));
    }

    public function paused(string $mchId): bool
    {
        return (bool) $this->number('bool', 'redpack_journal_paused', Call::in('mchId', $mchId));
    }

    public function spentToday(string $mchId, ?string $reOpenid): int
    {
        $whose = [Call::in('mchId', $mchId), Call::in('reOpenid', $reOpenid)];
        return (int) $this->number('int64_t', 'redpack_journal_spent_today', ...$whose);
    }

    public function suspected(): bool
    {
        return (bool) $this->number('bool', 'redpack_journal_suspected');
    }

    public function acceptRestore(string $who, string $why): void
    {
        $this->run('redpack_journal_accept_restore', Call::in('who', $who), Call::in('why', $why));
    }

    private function find(string $function, string $mchId, ?string $key): ?Order
    {
        $order = Call::maybe('order', $function, $this->journal->pointer, Call::in('mchId', $mchId), $key);
        return $order === null ? null : Read::order($order->pointer);
    }

    private function run(string $function, mixed ...$arguments): void
    {
        Call::run($function, $this->journal->pointer, ...$arguments);
    }

    private function number(string $type, string $function, mixed ...$arguments): int|bool
    {
        return Call::number($type, $function, $this->journal->pointer, ...$arguments);
    }
}
