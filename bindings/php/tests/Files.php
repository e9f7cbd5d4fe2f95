<?php

declare(strict_types=1);

namespace Redpack\Tests;

/** Folders of a test's own. */
final class Files
{
    public static function folder(): string
    {
        $folder = sys_get_temp_dir() . '/redpack-php-' . bin2hex(random_bytes(6));
        mkdir($folder, 0700);
        // A test that fails leaves nothing behind either; a forked child leaves its parent's folders alone.
        $owner = getmypid();
        register_shutdown_function(static fn () => getmypid() === $owner && self::remove($folder));
        return $folder;
    }

    public static function remove(string $folder): void
    {
        foreach (glob("$folder/*") ?: [] as $file) {
            is_dir($file) && !is_link($file) ? self::remove($file) : unlink($file);
        }
        @rmdir($folder);
    }

    public static function package(): string
    {
        return dirname(__DIR__);
    }
}
