<?php

declare(strict_types=1);

namespace Redpack;

/** Who opened a red packet, when, and how many fen were in it. */
final class Receiver
{
    public function __construct(
        public readonly ?string $openid,
        public readonly int $amount,
        public readonly ?\DateTimeImmutable $time,
    ) {
    }
}
