<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\Call;
use Redpack\Native\Handle;
use Redpack\Native\Read;
use Redpack\Native\ReadLists;

/**
 * What was meant to be paid, and what came of it, durable. A client writes it; here it is read, and its queue is
 * paused. Don't open its SQLite file with another SQLite (such as PDO's) in the same process.
 */
final class Journal
{
    private function __construct(private readonly Handle $handle)
    {
    }

    /** @param string $url "sqlite:payments.db" or "postgresql://…" */
    public static function open(#[\SensitiveParameter] string $url): self
    {
        return new self(Call::make('journal', 'redpack_journal_open', Call::in('url', $url)));
    }

    /** @internal */
    public static function of(Handle $handle): self
    {
        return new self($handle);
    }

    public function order(string $mchId, string $mchBillno): ?Order
    {
        return $this->find('redpack_journal_order', $mchId, Call::in('mchBillno', $mchBillno));
    }

    public function orderOfIntent(string $mchId, string $intent): ?Order
    {
        return $this->find('redpack_journal_order_of_intent', $mchId, Call::in('intent', $intent));
    }

    /**
     * Orders in the order they came; the next page begins after the last `seq`.
     *
     * @return list<Order>
     */
    public function list(?string $mchId = null, ?string $state = null, int $after = 0, int $limit = 100): array
    {
        $which = [Call::in('mchId', $mchId), Call::in('state', $state), $after, $limit];
        $orders = Call::make('orders', 'redpack_journal_list', $this->handle->pointer, ...$which);
        return ReadLists::orders($orders);
    }

    /** @return list<Attempt> */
    public function attempts(string $mchId, string $mchBillno): array
    {
        $order = [Call::in('mchId', $mchId), Call::in('mchBillno', $mchBillno)];
        $attempts = Call::make('attempts', 'redpack_journal_attempts', $this->handle->pointer, ...$order);
        return ReadLists::attempts($attempts);
    }

    /** Stops all sends of a merchant, on all hosts; 0 milliseconds: until `resume`. */
    public function pause(string $mchId, string $reason, int $lengthMs = 0): void
    {
        $arguments = [Call::in('mchId', $mchId), $lengthMs, Call::in('reason', $reason)];
        Call::run('redpack_journal_pause', $this->handle->pointer, ...$arguments);
    }

    public function resume(string $mchId): void
    {
        Call::run('redpack_journal_resume', $this->handle->pointer, Call::in('mchId', $mchId));
    }

    public function paused(string $mchId): bool
    {
        $number = Call::in('mchId', $mchId);
        return (bool) Call::number('bool', 'redpack_journal_paused', $this->handle->pointer, $number);
    }

    /** How many fen the caps of this day (Beijing's) count, of all recipients or of one. */
    public function spentToday(string $mchId, ?string $reOpenid = null): int
    {
        $whose = [Call::in('mchId', $mchId), Call::in('reOpenid', $reOpenid)];
        return (int) Call::number('int64_t', 'redpack_journal_spent_today', $this->handle->pointer, ...$whose);
    }

    /** Whether it looks like a restored backup, which must not pay: see acceptRestore. */
    public function suspected(): bool
    {
        return (bool) Call::number('bool', 'redpack_journal_suspected', $this->handle->pointer);
    }

    /** Records who vouches for a restored journal, and why. */
    public function acceptRestore(string $who, string $why): void
    {
        $said = [Call::in('who', $who), Call::in('why', $why)];
        Call::run('redpack_journal_accept_restore', $this->handle->pointer, ...$said);
    }

    private function find(string $function, string $mchId, ?string $key): ?Order
    {
        $which = [$this->handle->pointer, Call::in('mchId', $mchId), $key];
        $order = Call::maybe('order', $function, ...$which);
        return $order === null ? null : Read::order($order->pointer);
    }
}
