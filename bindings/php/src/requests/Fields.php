<?php

declare(strict_types=1);

namespace Redpack;

/** @internal What the three kinds of red packet have in common. */
trait Fields
{
    public function fields(): array
    {
        $fields = get_object_vars($this);
        unset($fields['intent']);
        return array_filter($fields, static fn (mixed $value): bool => $value !== null && $value !== '');
    }

    public function intent(): ?string
    {
        return $this->intent;
    }

    /**
     * Amounts are whole fen. PHP would turn 1.0, true or "1" into an int for callers without strict types, and a
     * sum that was counted in yuan into a hundredth of it: so nothing but an int is taken.
     */
    private static function fen(mixed $amount): int
    {
        if (!is_int($amount)) {
            $rule = 'must be an int, in fen (100 fen are 1 yuan), not ' . get_debug_type($amount);
            throw new InvalidRequest(
                "total_amount $rule",
                kind: 'invalid_request',
                problems: [new Problem('total_amount', $rule, 0)],
            );
        }
        return $amount;
    }
}
