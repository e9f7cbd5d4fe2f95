<?php

declare(strict_types=1);

namespace Redpack;

/** What `recover` found. */
final class Recovered
{
    /**
     * @param list<Settlement> $settlements of the orders that a crash had left open
     * @param int $open how many of them still are
     * @param int $waiting how many more were attempted and are open: not due yet, or worked on by somebody else. What
     *                     was refused and waits for you (amend or close) is not among them
     * @param \DateTimeImmutable|null $nextDue when to recover again; null: nothing is left to do
     */
    public function __construct(
        public readonly array $settlements,
        public readonly int $open,
        public readonly int $waiting = 0,
        public readonly ?\DateTimeImmutable $nextDue = null,
    ) {
    }
}
