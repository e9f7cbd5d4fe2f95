<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;

/** The examples run, and the READMEs show them as they are. */
final class ExamplesTest extends TestCase
{
    private static function run_(string $example, Sandbox $sandbox, string $folder): string
    {
        $command = [PHP_BINARY, Files::package() . "/examples/$example", $sandbox->told['base_url'], $sandbox->dir];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, $folder);
        $output = (string) stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $output);
        return $output;
    }

    public function testWalkthrough(): void
    {
        $sandbox = new Sandbox();
        $expected = <<<'END'
            recovered: 0, still open: 0
            sent: yes
            the answer is lost: unknown, next: query_first
            settled: paid, once
            invoice 8: sent, attempts now: 1
            invoice 8: sent, attempts now: 0
            query: SENT, next: none

            END;
        self::assertSame($expected, self::run_('walkthrough.php', $sandbox, $sandbox->dir));
        self::assertSame(3, $sandbox->totals()['debits']);
    }

    public function testSend(): void
    {
        $sandbox = new Sandbox();
        $folder = Files::folder();
        symlink($sandbox->dir, "$folder/try");
        self::assertMatchesRegularExpression('/\Asent: \d+\n\z/', self::run_('send.php', $sandbox, $folder));
        unlink("$folder/try");
        Files::remove($folder);
    }

    public function testTheReadmesShowTheExamples(): void
    {
        foreach (['README.md', 'README.zh-CN.md'] as $readme) {
            $text = (string) file_get_contents(Files::package() . "/$readme");
            self::assertSame(1, preg_match('/<!-- (\S+) -->\n```php\n(.*?\n)```/s', $text, $found), $readme);
            self::assertSame(file_get_contents(Files::package() . "/$found[1]"), $found[2], $readme);
            preg_match_all('/\]\(([^)#:]+)[^)]*\)/', $text, $links);
            foreach ($links[1] as $link) {
                self::assertFileExists(Files::package() . "/$link", $readme);
            }
        }
    }

    public function testTheReadmesAreEqualInShape(): void
    {
        $shape = static function (string $name): array {
            $lines = file(Files::package() . "/$name") ?: [];
            $count = static fn (string $start): int =>
                count(array_filter($lines, static fn (string $line): bool => str_starts_with($line, $start)));
            return array_map($count, ['## ', '```', '| ', '- ', '1. ', '2. ', '3. ']);
        };
        self::assertSame($shape('README.md'), $shape('README.zh-CN.md'));
    }
}
