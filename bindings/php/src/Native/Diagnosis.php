<?php

declare(strict_types=1);

namespace Redpack\Native;

use Redpack\Advice;
use Redpack\LibraryNotFound;
use Redpack\Scope;

/** Says what is missing, and the exact lines that mend it. */
final class Diagnosis
{
    public static function noExtension(): LibraryNotFound
    {
        $ini = php_ini_loaded_file();
        $where = is_string($ini) ? $ini : 'php.ini (none is loaded now)';
        return self::say(
            'PHP has no extension FFI here. Install it if it is missing (Debian: it comes with php-common; '
            . "Docker: docker-php-ext-install ffi) and add this line to $where:\n\n    extension=ffi\n",
        );
    }

    public static function restricted(\Throwable $error): LibraryNotFound
    {
        $enable = strtolower((string) ini_get('ffi.enable'));
        if ($enable === 'preload' && PHP_SAPI !== 'cli') {
            $reason = 'ffi.enable=preload lets only preloaded files use FFI, and redpack is not preloaded.';
        } else {
            $reason = "ffi.enable is \"$enable\": FFI is switched off.";
        }
        $preload = dirname(__DIR__, 2) . '/preload.php';
        return self::say(
            "$reason Put these lines into php.ini (the command line needs the first only), and restart PHP:\n\n"
            . "    ffi.enable=preload\n    opcache.enable=1\n    opcache.preload=$preload\n"
            . "    opcache.preload_user=www-data\n\n"
            . 'opcache.preload_user is the user that php-fpm runs as; leave it out where PHP does not start as root.',
            $error,
        );
    }

    /** @param list<string> $tried */
    public static function notFound(array $tried): LibraryNotFound
    {
        return self::say(
            "libredpack.so.0 can't be loaded. Tried:\n  - " . implode("\n  - ", $tried)
            . "\nInstall the library (make install), or name it: in the environment, REDPACK_LIBRARY=/path/to/"
            . "libredpack.so.0, or in php.ini:\n\n    redpack.library=/path/to/libredpack.so.0\n",
        );
    }

    public static function otherAbi(string $path, string $version, int $abi, int $wanted): LibraryNotFound
    {
        return self::say(
            "the library ($path, version $version) has ABI $abi, and this package needs ABI $wanted: "
            . 'install library and package of the same release',
        );
    }

    public static function unfit(string $path, \Throwable $error): LibraryNotFound
    {
        return self::say(
            "the library ($path) is older or newer than this package ({$error->getMessage()}): "
            . 'install library and package of the same release',
            $error,
        );
    }

    private static function say(string $message, ?\Throwable $previous = null): LibraryNotFound
    {
        return new LibraryNotFound(
            $message,
            kind: 'library_not_found',
            advice: Advice::FixSetup,
            scope: Scope::Merchant,
            previous: $previous,
        );
    }
}
