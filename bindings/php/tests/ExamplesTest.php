<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\Protocol;

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

    /** The root READMEs show a part of a program: it runs with what they leave out, at a sandbox. */
    public function testTheRootReadmesSnippetsRun(): void
    {
        $sandbox = new Sandbox();
        foreach (['README.md', 'README.zh-CN.md'] as $readme) {
            $text = (string) file_get_contents(dirname(Files::package(), 2) . "/$readme");
            self::assertSame(1, preg_match('/\n```php\n(.*?)\n```/s', $text, $found), $readme);
            $given = "new Client(\n    baseUrl: '{$sandbox->told['base_url']}', roots: 'ca.pem',";
            $snippet = str_replace('new Client(', $given, $found[1], $count);
            // Without that, it would go to WeChat Pay itself.
            self::assertSame(1, $count, $readme);
            $number = Protocol::newMchBillno('1900000109');
            $code = "<?php\nrequire '" . Files::package() . "/autoload.php';\n"
                . "use Redpack\\{Client, RedPack, RedpackError};\n"
                . "\$apiKey = 'sandbox0key0sandbox0key0sandbox0';\n"
                . "\$order = new RedPack('oxTWIuGaIt6gTKsQRLau2M0yL16E', 100, mch_billno: '$number', send_name: 'a',"
                . " act_name: 'a', wishing: 'a', remark: 'a');\n$snippet\necho \$sent->sendListid;\n";
            file_put_contents("$sandbox->dir/snippet.php", $code);
            $process = proc_open(
                [PHP_BINARY, 'snippet.php'],
                [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
                $pipes,
                $sandbox->dir,
            );
            $output = (string) stream_get_contents($pipes[1]);
            self::assertSame(0, proc_close($process), $output);
            self::assertMatchesRegularExpression('/\A\d+\z/', $output, $readme);
            self::assertSame(1, $sandbox->debits($number), $readme);
        }
    }

    /** The lines for Composer, with this folder in the place of /path/to, and without the network. */
    public function testTheReadmesWayOfInstallingWorks(): void
    {
        exec('command -v composer', $composer, $missing);
        if ($missing !== 0) {
            self::markTestSkipped('composer is not installed');
        }
        foreach (['README.md', 'README.zh-CN.md'] as $readme) {
            $text = (string) file_get_contents(Files::package() . "/$readme");
            self::assertSame(1, preg_match('/\n```sh\n(composer config .*?)\n```/s', $text, $found), $readme);
            $folder = Files::folder();
            // A copy: an installed package is a link to it, and in a checkout Composer asks git for its version.
            mkdir("$folder/bindings");
            exec('cp -R ' . escapeshellarg(Files::package()) . " $folder/bindings/php");
            file_put_contents("$folder/composer.json", '{"repositories": {"packagist.org": false}}');
            $lines = str_replace('/path/to/redpack/bindings/php', "$folder/bindings/php", $found[1], $count);
            self::assertSame(1, $count, $readme);
            $script = "set -e\nexport COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_DISABLE_NETWORK=1\n"
                . "export COMPOSER_HOME=$folder/home\n$lines\n" . escapeshellarg(PHP_BINARY)
                . " -r 'require \"vendor/autoload.php\"; echo \"version \", Redpack\\Protocol::version();' 2>&1";
            $process = proc_open(
                ['sh', '-c', $script],
                [0 => ['file', '/dev/null', 'r'], 1 => ['pipe', 'w'], 2 => ['redirect', 1]],
                $pipes,
                $folder,
            );
            $output = (string) stream_get_contents($pipes[1]);
            self::assertSame(0, proc_close($process), "$readme: $output");
            self::assertMatchesRegularExpression('/version \d+\.\d+\.\d+\z/', $output, $readme);
            Files::remove($folder);
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
