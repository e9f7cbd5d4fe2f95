<?php

declare(strict_types=1);

namespace Redpack;

/** What the service told of an order. */
final class QueryResult
{
    /**
     * @param bool $found whether the service knows the order; "not found" is no failure
     * @param string|null $status the service's word: SENT, RECEIVED, REFUND, FAILED … or one never seen before
     * @param string|null $reason why an order is stuck or failed
     * @param list<Receiver> $receivers
     * @param Scope $scope whom else the advice concerns; with a journal, the last attempt's answer may concern more
     */
    public function __construct(
        public readonly string $mchBillno,
        public readonly bool $found,
        public readonly Outcome $outcome,
        public readonly Advice $advice,
        public readonly ?\DateTimeImmutable $notBefore,
        public readonly ?string $status,
        public readonly ?string $reason,
        public readonly ?string $detailId,
        public readonly int $totalAmount,
        public readonly ?\DateTimeImmutable $sendTime,
        public readonly ?\DateTimeImmutable $refundTime,
        public readonly int $refundAmount,
        public readonly array $receivers,
        public readonly ?Answer $answer,
        public readonly Scope $scope = Scope::Order,
    ) {
    }
}
