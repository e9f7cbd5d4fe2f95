<?php

declare(strict_types=1);

namespace Redpack;

/** One call that reached for the network, told to `onAttempt`. No secrets, no openids. */
final class AttemptEvent
{
    public function __construct(
        public readonly ?string $path,
        public readonly ?string $mchBillno,
        public readonly ?string $host,
        public readonly ?string $phase,
        public readonly ?string $kind,
        public readonly ?string $errCode,
        public readonly ?Outcome $outcome,
        public readonly int $elapsedUs,
        public readonly bool $connectionReused,
        public readonly ?int $httpStatus,
    ) {
    }
}
