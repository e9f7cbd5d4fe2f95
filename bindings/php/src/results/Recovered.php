<?php

declare(strict_types=1);

namespace Redpack;

/** What `recover` found. */
final class Recovered
{
    /**
     * @param list<Settlement> $settlements of the orders that a crash had left open
     * @param int $open how many of them still are
     */
    public function __construct(
        public readonly array $settlements,
        public readonly int $open,
    ) {
    }
}
