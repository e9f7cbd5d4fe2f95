<?php

declare(strict_types=1);

namespace Redpack;

/** What an operator decided of an order, as the journal has it. */
final class Decision
{
    /** @param string $evidence "paid", "refunded" or "not_paid" */
    public function __construct(
        public readonly string $evidence,
        public readonly string $who,
        public readonly string $why,
        public readonly string $stateBefore,
        public readonly ?\DateTimeImmutable $at,
    ) {
    }
}
