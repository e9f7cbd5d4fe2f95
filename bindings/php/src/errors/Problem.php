<?php

declare(strict_types=1);

namespace Redpack;

/** One field that breaks a rule. */
final class Problem
{
    /** @param int $length how many bytes of UTF-8 the value has: the value itself may be personal data */
    public function __construct(
        public readonly string $field,
        public readonly string $rule,
        public readonly int $length,
    ) {
    }
}
