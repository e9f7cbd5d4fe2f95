<?php

declare(strict_types=1);

namespace Redpack\Native;

use FFI;
use Redpack\Advice;
use Redpack\LogLevel;
use Redpack\SetupError;

/**
 * The process's log callback, lent to one request. C must not keep it longer: PHP frees it with the request. So it is
 * taken back when the request shuts down; and should that not happen (an `exit` in another shutdown function), the
 * next request takes it back before it calls anything else of the library.
 */
final class LogCalls
{
    private static bool $willEnd = false;

    public static function set(callable $log, LogLevel $level): void
    {
        if (PHP_ZTS) {
            $message = 'the log has no PHP callback in a thread-safe build of PHP';
            throw new SetupError($message, kind: 'invalid_argument', advice: Advice::FixSetup);
        }
        if (!self::$willEnd) {
            self::$willEnd = true;
            register_shutdown_function(self::clear(...));
        }
        $number = Words::number(Words::LOG_LEVELS, $level) + 1;
        Call::run('redpack_set_log_callback', $number, self::closure($log), null);
    }

    public static function clear(): void
    {
        self::forget(Library::get());
    }

    /** Takes back what an earlier request may have left: the first call of every request. */
    public static function forget(FFI $ffi): void
    {
        $ffi->redpack_set_log_callback(0, null, null, null);
    }

    /** The function that C calls. Nothing may be thrown through C: PHP would end. */
    private static function closure(callable $log): \Closure
    {
        // PHP gives C's "const char *" as a string. A type that did not fit would be thrown, too: so there is none.
        return static function (mixed $level, mixed $target, mixed $message, mixed $user) use ($log): void {
            try {
                $log(Words::LOG_LEVELS[$level - 1], $target, $message);
            } catch (\Throwable $thrown) {
                error_log("redpack: the log function threw {$thrown->getMessage()}");
            }
        };
    }
}
