<?php

declare(strict_types=1);

namespace Redpack;

/** What settling, closing or resolving an order came to. */
final class Settlement
{
    /**
     * @param bool $settled whether it is known for good whether the order was paid: it was sent, or it is closed
     * @param \DateTimeImmutable|null $lookAgain when it is worth another `settle`
     * @param list<string> $hosts which were reached for
     * @param string|null $trouble what last stood in the way
     */
    public function __construct(
        public readonly bool $settled,
        public readonly Outcome $outcome,
        public readonly Advice $advice,
        public readonly Scope $scope,
        public readonly ?\DateTimeImmutable $lookAgain,
        public readonly int $attempts,
        public readonly int $queries,
        public readonly array $hosts,
        public readonly ?string $trouble,
        public readonly ?Order $order,
    ) {
    }
}
