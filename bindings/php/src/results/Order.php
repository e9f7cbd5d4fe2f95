<?php

declare(strict_types=1);

namespace Redpack;

/** An order as the journal has it. */
final class Order
{
    /**
     * @param Advice $advice what to do next with it, as its settlement would say; $scope: whom else that concerns
     * @param bool $ambiguous whether an attempt may have moved money unseen
     * @param array<string, string> $fields identity and amendable fields by their names on the wire
     */
    public function __construct(
        public readonly string $mchId,
        public readonly string $mchBillno,
        public readonly ?string $intent,
        public readonly string $state,
        public readonly Outcome $outcome,
        public readonly bool $settled,
        public readonly bool $ambiguous,
        public readonly int $totalAmount,
        public readonly Advice $advice,
        public readonly ?string $errCode,
        public readonly ?string $sendListid,
        public readonly ?string $queryStatus,
        public readonly int $attempts,
        public readonly int $queries,
        public readonly ?\DateTimeImmutable $createdAt,
        public readonly ?\DateTimeImmutable $updatedAt,
        public readonly ?\DateTimeImmutable $firstAttemptAt,
        public readonly ?\DateTimeImmutable $notBefore,
        public readonly int $seq,
        public readonly array $fields,
        public readonly Scope $scope,
        public readonly ?\DateTimeImmutable $queriedAt = null,
    ) {
    }
}
