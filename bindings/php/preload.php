<?php

declare(strict_types=1);

// For php-fpm: `opcache.preload=…/preload.php` together with `ffi.enable=preload`. It loads the native library and
// declares every class of the package once, before the first request; with that setting of ffi.enable only files
// that are preloaded may use FFI, so that no other code of a site can call C functions.

require_once __DIR__ . '/autoload.php';

foreach (glob(__DIR__ . '/src/*/*.php') ?: [] as $file) {
    $native = basename(dirname($file)) === 'Native' ? 'Native\\' : '';
    $name = "Redpack\\$native" . basename($file, '.php');
    // The autoloader brings each with what it builds on, in the right order.
    class_exists($name) || interface_exists($name) || trait_exists($name);
}

try {
    Redpack\Native\Library::preload();
} catch (Redpack\LibraryNotFound $error) {
    // A site has other pages too: they go on, and the first use of redpack tells the same.
    error_log('redpack: ' . $error->getMessage());
}
