<?php

declare(strict_types=1);

namespace Redpack\Native;

use FFI;
use FFI\CData;
use Redpack\InvalidRequest;
use Redpack\Problem;

/** Calls a fallible native function. The one place where a status becomes an exception. */
final class Call
{
    /** Where C puts its error object: one place for all calls, since most never write to it. */
    private static ?CData $error = null;
    private static ?CData $place = null;

    /** A function without an output. */
    public static function run(string $function, #[\SensitiveParameter] mixed ...$arguments): void
    {
        if (self::$error === null) {
            self::$error = Library::new('redpack_error *');
            self::$place = FFI::addr(self::$error);
        }
        $error = self::$error;
        $arguments[] = self::$place;
        $status = Library::get()->$function(...$arguments);
        if ($status !== 0) {
            // The failure owns what is there now; the next call gets a place of its own. (A callback of this call
            // may have done the same already, and then C has used the place twice, one after the other.)
            self::$error = self::$place = null;
            throw Failure::of($status, $error);
        }
    }

    /** A function whose output is a redpack_TYPE that is ours. */
    public static function make(
        string $type,
        string $function,
        #[\SensitiveParameter] mixed ...$arguments,
    ): Handle {
        return self::maybe($type, $function, ...$arguments)
            ?? throw new \LogicException("$function gave nothing");
    }

    /** The same, where NULL is an answer too. */
    public static function maybe(
        string $type,
        string $function,
        #[\SensitiveParameter] mixed ...$arguments,
    ): ?Handle {
        $out = Library::new("redpack_$type *");
        $arguments[] = FFI::addr($out);
        self::run($function, ...$arguments);
        return FFI::isNull($out) ? null : new Handle($out, "redpack_{$type}_free");
    }

    /** A function that writes one number into its output. */
    public static function number(
        string $type,
        string $function,
        #[\SensitiveParameter] mixed ...$arguments,
    ): int|bool
    {
        $out = Library::new($type);
        $arguments[] = FFI::addr($out);
        self::run($function, ...$arguments);
        return $out->cdata;
    }

    /** A function that writes a text into a buffer of that size. */
    public static function buffer(
        int $size,
        string $function,
        #[\SensitiveParameter] mixed ...$arguments,
    ): string {
        $out = Library::new("char[$size]");
        $arguments[] = $out;
        self::run($function, ...$arguments);
        return FFI::string($out);
    }

    /** A function that gives a redpack_text. */
    public static function text(string $function, mixed ...$arguments): string
    {
        $text = self::make('text', $function, ...$arguments);
        return (string) Library::get()->redpack_text_data($text->pointer);
    }

    /**
     * A text for C. A NUL inside would end it there, unseen: another value would be signed and sent.
     *
     * @return ($value is null ? null : string)
     */
    public static function in(string $name, #[\SensitiveParameter] ?string $value): ?string
    {
        if ($value !== null && str_contains($value, "\0")) {
            $rule = 'must have no NUL byte';
            throw new InvalidRequest(
                "$name $rule",
                kind: 'invalid_argument',
                problems: [new Problem($name, $rule, strlen($value))],
            );
        }
        return $value;
    }

    /**
     * Bytes for C: what they are copied to, and their number.
     *
     * @return array{CData|null, int}
     */
    public static function bytes(#[\SensitiveParameter] string $value): array
    {
        $length = strlen($value);
        if ($length === 0) {
            return [null, 0];
        }
        $bytes = Library::get()->new("uint8_t[$length]");
        FFI::memcpy($bytes, $value, $length);
        return [$bytes, $length];
    }
}
