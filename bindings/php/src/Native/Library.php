<?php

declare(strict_types=1);

namespace Redpack\Native;

use FFI;
use FFI\CData;
use FFI\CType;
use Redpack\LibraryNotFound;

/** Finds and opens the native library, once for each request. The rest of this folder calls it through here. */
final class Library
{
    /** The ABI that redpack.h beside this file describes. */
    public const ABI = 1;
    private const SONAME = 'libredpack.so.0';
    private const SCOPE = 'REDPACK';
    private const VERSIONS = 'uint32_t redpack_abi_version(void); const char *redpack_version(void);';

    private static ?FFI $ffi = null;
    private static string $path = '';
    /** @var array<string, CType> asking FFI for a type by its name costs more than a small call */
    private static array $types = [];

    public static function get(): FFI
    {
        return self::$ffi ??= self::open();
    }

    /** Where the library was found; "preloaded" if FFI::load did it before the first request. */
    public static function path(): string
    {
        self::get();
        return self::$path;
    }

    public static function new(string $type): CData
    {
        $ffi = self::get();
        return $ffi->new(self::$types[$type] ??= $ffi->type($type));
    }

    /**
     * For preload.php: loads the library into the scope that requests find, which spares each request the reading of
     * the header. Where PHP preloads in a process of another user, that can't be handed on, and FFI::load refuses:
     * there, requests open the library by themselves, or `ffi.preload` names the header.
     */
    public static function preload(): void
    {
        [$path] = self::find();
        if ((string) ini_get('opcache.preload_user') !== '') {
            return;
        }
        // FFI::load takes the library's name from the header only, and it must be where we found it.
        $header = (string) tempnam(sys_get_temp_dir(), 'redpack');
        $text = str_replace('"' . self::SONAME . '"', '"' . $path . '"', self::header());
        try {
            file_put_contents($header, $text);
            FFI::load($header);
        } catch (FFI\Exception $error) {
            throw Diagnosis::unfit($path, $error);
        } finally {
            unlink($header);
        }
    }

    private static function open(): FFI
    {
        if (!extension_loaded('FFI')) {
            throw Diagnosis::noExtension();
        }
        try {
            $ffi = FFI::scope(self::SCOPE);
            self::$path = 'preloaded';
            self::checkAbi($ffi->redpack_abi_version(), $ffi->redpack_version(), self::$path);
            LogCalls::forget($ffi);
            return $ffi;
        } catch (FFI\Exception $error) {
            if (str_contains($error->getMessage(), 'restricted')) {
                throw Diagnosis::restricted($error);
            }
            // Not preloaded: the usual case on the command line.
        }
        [self::$path, $kept] = self::find();
        try {
            $ffi = FFI::cdef((string) preg_replace('/^#.*$/m', '', self::header()), self::$path);
        } catch (FFI\Exception $error) {
            throw Diagnosis::unfit(self::$path, $error);
        }
        unset($kept);
        LogCalls::forget($ffi);
        return $ffi;
    }

    /**
     * The first place that has a library of our ABI.
     *
     * @return array{string, FFI}
     */
    private static function find(): array
    {
        $tried = [];
        foreach (self::candidates() as $path => $from) {
            if (str_contains($path, '/') && !is_file($path)) {
                $tried[] = "$path ($from): no such file";
                continue;
            }
            try {
                $ffi = FFI::cdef(self::VERSIONS, $path);
            } catch (FFI\Exception $error) {
                if (str_contains($error->getMessage(), 'restricted')) {
                    throw Diagnosis::restricted($error);
                }
                $tried[] = "$path ($from): " . $error->getMessage();
                continue;
            }
            self::checkAbi($ffi->redpack_abi_version(), $ffi->redpack_version(), $path);
            return [$path, $ffi];
        }
        throw Diagnosis::notFound($tried);
    }

    /** @return array<string, string> paths, and who says so */
    private static function candidates(): array
    {
        // A choice of the user's is the only candidate: another library than the chosen one would surprise.
        $chosen = getenv('REDPACK_LIBRARY');
        if (is_string($chosen) && $chosen !== '') {
            return [$chosen => 'REDPACK_LIBRARY'];
        }
        $chosen = get_cfg_var('redpack.library');
        if (is_string($chosen) && $chosen !== '') {
            return [$chosen => 'redpack.library in php.ini'];
        }
        $lib = dirname(__DIR__, 2) . '/lib/';
        return [
            $lib . php_uname('m') . '/' . self::SONAME => 'bundled',
            $lib . self::SONAME => 'bundled',
            self::SONAME => 'system',
        ];
    }

    private static function checkAbi(int $abi, string $version, string $path): void
    {
        if ($abi !== self::ABI) {
            throw Diagnosis::otherAbi($path, $version, $abi, self::ABI);
        }
    }

    private static function header(): string
    {
        return (string) file_get_contents(__DIR__ . '/redpack.h');
    }

    /** @throws LibraryNotFound unless everything is there */
    public static function check(): void
    {
        self::get();
    }
}
