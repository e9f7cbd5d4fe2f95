<?php

declare(strict_types=1);

namespace Redpack;

/** Local limits in fen, counted in the journal by the day in Beijing; 0 is no limit. */
final class Caps
{
    public function __construct(
        public readonly int $orderFen = 0,
        public readonly int $recipientDayFen = 0,
        public readonly int $merchantDayFen = 0,
    ) {
    }
}
