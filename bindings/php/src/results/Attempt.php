<?php

declare(strict_types=1);

namespace Redpack;

/** One wire send of an order, as the journal has it. Without `finishedAt` its outcome is unknown. */
final class Attempt
{
    public function __construct(
        public readonly ?string $host,
        public readonly ?string $outcome,
        public readonly ?string $errCode,
        public readonly ?string $phase,
        public readonly ?\DateTimeImmutable $beganAt,
        public readonly int $elapsedMs,
        public readonly ?int $httpStatus,
        public readonly ?Advice $advice,
        public readonly ?\DateTimeImmutable $finishedAt,
        public readonly bool $late,
    ) {
    }
}
