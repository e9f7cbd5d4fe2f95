<?php

declare(strict_types=1);

// For use without Composer: require this file, and the classes of Redpack\ are found.

spl_autoload_register(static function (string $class): void {
    if (!str_starts_with($class, 'Redpack\\')) {
        return;
    }
    $name = substr($class, strlen('Redpack\\'));
    // The public classes share one namespace and lie in folders by what they are: see composer.json.
    $native = str_starts_with($name, 'Native\\');
    foreach ($native ? [''] : ['client/', 'requests/', 'results/', 'errors/', 'words/'] as $folder) {
        $file = __DIR__ . '/src/' . $folder . str_replace('\\', '/', $name) . '.php';
        if (is_file($file)) {
            require_once $file;
            return;
        }
    }
});
