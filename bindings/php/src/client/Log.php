<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\LogCalls;

/**
 * The native library's log, for this request: it ends with the request, as all of PHP's functions do.
 *
 * No line holds a secret, and openids are masked. The function is called in the middle of a call: what it throws goes
 * to PHP's error log, it must not `exit`, and it must not use this library.
 */
final class Log
{
    /**
     * Hands lines up to a level to a function, in the place of an earlier one.
     *
     * @param callable(LogLevel, string, string): void $log told the level, the part of the library, and the line
     * @throws SetupError in a thread-safe build of PHP: the log is the process's, and a thread of PHP can't run a
     *                    function of another
     */
    public static function to(callable $log, LogLevel $level = LogLevel::Warn): void
    {
        LogCalls::set($log, $level);
    }

    public static function stop(): void
    {
        LogCalls::clear();
    }
}
