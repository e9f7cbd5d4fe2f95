<?php

declare(strict_types=1);

namespace Redpack\Native;

use Redpack\InvalidRequest;
use Redpack\Problem;
use Redpack\Request;
use Redpack\SignType;

/** Makes native requests, field lists and generic calls of PHP's values. */
final class Make
{
    public static function request(Request $request): Handle
    {
        $handle = Call::make('request', 'redpack_request_new', Call::in('endpoint', $request->endpoint()));
        foreach ($request->fields() as $name => $value) {
            [$name, $value] = self::field($name, $value);
            Call::run('redpack_request_set_text', $handle->pointer, $name, $value);
        }
        if ($request->intent() !== null) {
            Call::run('redpack_request_set_intent', $handle->pointer, Call::in('intent', $request->intent()));
        }
        return $handle;
    }

    /** @param array<string, string|int> $fields */
    public static function fields(array $fields): Handle
    {
        $handle = Call::make('fields', 'redpack_fields_new');
        foreach ($fields as $name => $value) {
            [$name, $value] = self::field($name, $value);
            Call::run('redpack_fields_add', $handle->pointer, $name, $value);
        }
        return $handle;
    }

    /** @param array<string, string|int> $fields */
    public static function call(
        string $path,
        array $fields,
        SignType $signType,
        ?string $merchantField,
        bool $signedAnswer,
    ): Handle {
        $handle = Call::make('call', 'redpack_call_new', Call::in('path', $path));
        foreach ($fields as $name => $value) {
            [$name, $value] = self::field($name, $value);
            Call::run('redpack_call_set_field', $handle->pointer, $name, $value);
        }
        $number = Words::number(Words::SIGN_TYPES, $signType);
        Call::run('redpack_call_set_sign_type', $handle->pointer, $number);
        if ($merchantField !== null) {
            $name = Call::in('merchant_field', $merchantField);
            Call::run('redpack_call_set_merchant_field', $handle->pointer, $name);
        }
        Call::run('redpack_call_set_signed_answer', $handle->pointer, $signedAnswer);
        return $handle;
    }

    /**
     * A field's name and text; it may also be given as a pair of the two, as it is when it came twice. PHP makes an
     * int of an array key such as "6"; a float would be written in a way that nobody has chosen.
     *
     * @return array{string, string}
     */
    private static function field(string|int $name, mixed $value): array
    {
        if (is_array($value) && array_is_list($value) && count($value) === 2) {
            [$name, $value] = $value;
        }
        $name = (string) $name;
        if (!is_string($value) && !is_int($value)) {
            $rule = 'must be a string or an int, not ' . get_debug_type($value);
            throw new InvalidRequest(
                "$name $rule",
                kind: 'invalid_request',
                problems: [new Problem($name, $rule, 0)],
            );
        }
        return [(string) Call::in('name of a field', $name), (string) Call::in($name, (string) $value)];
    }
}
