<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;

/** Rules of the house that PHP doesn't check. */
final class TidyTest extends TestCase
{
    /** @return list<string> */
    private static function files(string ...$patterns): array
    {
        $found = [];
        foreach ($patterns as $pattern) {
            array_push($found, ...(glob(Files::package() . "/$pattern") ?: []));
        }
        self::assertNotSame([], $found);
        return $found;
    }

    public function testFilesAreStrictAndShort(): void
    {
        $patterns = ['*.php', 'src/*/*.php', 'tests/*.php', 'tests/*/*.php', 'examples/*.php', 'bench/*.php'];
        foreach (self::files(...$patterns) as $file) {
            $text = (string) file_get_contents($file);
            self::assertStringStartsWith("<?php\n\ndeclare(strict_types=1);\n", $text, $file);
            self::assertLessThanOrEqual(400, substr_count($text, "\n"), $file);
            foreach (explode("\n", $text) as $number => $line) {
                self::assertLessThanOrEqual(120, mb_strwidth($line), "$file: " . ($number + 1));
            }
        }
    }

    public function testOnlyNativeKnowsTheAbi(): void
    {
        foreach (self::files('src/[a-z]*/*.php') as $file) {
            $text = (string) file_get_contents($file);
            self::assertDoesNotMatchRegularExpression('/\bredpack_[a-z]|\bFFI\b|CData/', $text, $file);
        }
    }

    public function testEverythingIsDocumented(): void
    {
        foreach (self::files('src/*/*.php') as $file) {
            $class = (str_contains($file, '/Native/') ? 'Redpack\\Native\\' : 'Redpack\\') . basename($file, '.php');
            $reflection = new \ReflectionClass($class);
            self::assertIsString($reflection->getDocComment(), $class);
        }
    }
}
