<?php

declare(strict_types=1);

namespace Redpack;

/** What became of the packets that were sent. */
final class Reconciled
{
    /**
     * @param int $asked how many orders were asked about
     * @param int $failed how many questions got no answer
     * @param array<string, list<Order>> $orders by the words of Group: "received", "unclaimed" …
     */
    public function __construct(
        public readonly int $asked,
        public readonly int $failed,
        public readonly int $refundedFen,
        public readonly array $orders,
    ) {
    }
}
