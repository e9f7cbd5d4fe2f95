<?php

declare(strict_types=1);

namespace Redpack;

/** A row of the outcome table. */
final class Verdict
{
    public function __construct(
        public readonly Outcome $outcome,
        public readonly Advice $advice,
        public readonly Scope $scope,
    ) {
    }
}
