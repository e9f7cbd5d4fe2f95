<?php

declare(strict_types=1);

require_once __DIR__ . '/../autoload.php';

spl_autoload_register(static function (string $class): void {
    $name = str_replace('\\', '/', substr($class, strlen('Redpack\\Tests\\')));
    if (str_starts_with($class, 'Redpack\\Tests\\') && is_file(__DIR__ . "/$name.php")) {
        require_once __DIR__ . "/$name.php";
    }
});
