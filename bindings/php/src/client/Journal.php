<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\Handle;
use Redpack\Native\JournalCalls;

/**
 * What was meant to be paid, and what came of it, durable. A client writes it; here it is read, and its queue is
 * paused. Don't open its SQLite file with another SQLite (such as PDO's) in the same process.
 */
final class Journal
{
    private function __construct(private readonly JournalCalls $native)
    {
    }

    /**
     * @param string $url "sqlite:/absolute/path" or "postgresql://…". A path where nothing is becomes a new, empty
     *                    journal, which pays everything again: make it once, then add "?create=no"
     */
    public static function open(#[\SensitiveParameter] string $url): self
    {
        return new self(JournalCalls::open($url));
    }

    /** @internal */
    public static function of(Handle $handle): self
    {
        return new self(new JournalCalls($handle));
    }

    public function order(string $mchId, string $mchBillno): ?Order
    {
        return $this->native->order($mchId, $mchBillno);
    }

    public function orderOfIntent(string $mchId, string $intent): ?Order
    {
        return $this->native->orderOfIntent($mchId, $intent);
    }

    /**
     * Orders in the order they came; the next page begins after the last `seq`.
     *
     * @return list<Order>
     */
    public function list(?string $mchId = null, ?string $state = null, int $after = 0, int $limit = 100): array
    {
        return $this->native->list($mchId, $state, $after, $limit);
    }

    /** @return list<Attempt> */
    public function attempts(string $mchId, string $mchBillno): array
    {
        return $this->native->attempts($mchId, $mchBillno);
    }

    /** @return list<Decision> what operators decided of an order, first to last */
    public function decisions(string $mchId, string $mchBillno): array
    {
        return $this->native->decisions($mchId, $mchBillno);
    }

    /** Stops all sends of a merchant, on all hosts; 0 milliseconds: until `resume`. */
    public function pause(string $mchId, string $reason, int $lengthMs = 0): void
    {
        $this->native->pause($mchId, $lengthMs, $reason);
    }

    public function resume(string $mchId): void
    {
        $this->native->resume($mchId);
    }

    public function paused(string $mchId): bool
    {
        return $this->native->paused($mchId);
    }

    /** Why it is paused; null if it is not. */
    public function pauseReason(string $mchId): ?string
    {
        return $this->native->pauseReason($mchId);
    }

    /** How many fen the caps of this day (Beijing's) count, of all recipients or of one. */
    public function spentToday(string $mchId, ?string $reOpenid = null): int
    {
        return $this->native->spentToday($mchId, $reOpenid);
    }

    /** Whether it looks like a restored backup, which must not pay: see acceptRestore. */
    public function suspected(): bool
    {
        return $this->native->suspected();
    }

    /** What gave a restored backup away, for people; null if nothing did. */
    public function suspicion(): ?string
    {
        return $this->native->suspicion();
    }

    /** Records who vouches for a restored journal, and why. */
    public function acceptRestore(string $who, string $why): void
    {
        $this->native->acceptRestore($who, $why);
    }
}
