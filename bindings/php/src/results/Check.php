<?php

declare(strict_types=1);

namespace Redpack;

/** What an inspection of credentials and settings found, without touching the network. */
final class Check
{
    /**
     * @param array<string, string> $findings what deserves a look: a word and a sentence each
     */
    public function __construct(
        public readonly ?string $mchId,
        public readonly ?string $baseUrl,
        public readonly ?string $backupUrl,
        public readonly ?string $commonName,
        public readonly ?string $serialNumber,
        public readonly ?\DateTimeImmutable $notBefore,
        public readonly ?\DateTimeImmutable $notAfter,
        public readonly int $daysLeft,
        public readonly array $findings,
    ) {
    }
}
