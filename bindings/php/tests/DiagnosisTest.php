<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;

/** What a newcomer sees whose set-up lacks something: each time in a PHP of its own. */
final class DiagnosisTest extends TestCase
{
    /** @param array<string, string> $environment */
    private static function php(array $flags, array $environment = [], array $as = []): string
    {
        $code = 'require "' . Files::package() . '/autoload.php";'
            . 'try { echo Redpack\Protocol::version(), " ", Redpack\Native\Library::path(); }'
            . 'catch (Redpack\LibraryNotFound $error) {'
            . ' echo $error->outcome->value, " ", $error->advice->value, "\n", $error->getMessage(); }';
        $command = [...$as, PHP_BINARY, ...$flags, '-d', 'display_errors=stderr', '-r', $code];
        $process = proc_open($command, [1 => ['pipe', 'w']], $pipes, null, $environment + getenv());
        $output = (string) stream_get_contents($pipes[1]);
        proc_close($process);
        return $output;
    }

    public function testWithoutTheExtension(): void
    {
        // -n: without php.ini, and so without what it loads.
        $output = self::php(['-n']);
        if (extension_loaded('FFI') && preg_match('/^\d/', $output) === 1) {
            self::markTestSkipped('this PHP has FFI built in');
        }
        self::assertStringContainsString("not_sent fix_setup\n", $output);
        self::assertStringContainsString("    extension=ffi\n", $output);
    }

    public function testWithFfiSwitchedOff(): void
    {
        foreach (['0', 'false'] as $off) {
            $output = self::php(['-d', "ffi.enable=$off"]);
            self::assertStringContainsString('FFI is switched off', $output);
            self::assertStringContainsString("    ffi.enable=preload\n", $output);
        }
    }

    public function testTheDefaultSettingIsEnoughOnTheCommandLine(): void
    {
        self::assertStringStartsNotWith('not_sent', self::php(['-d', 'ffi.enable=preload']));
    }

    public function testPreloadingLoadsTheLibrary(): void
    {
        // PHP preloads nothing as root unless told for whom, and then FFI::load has no effect.
        $as = posix_geteuid() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups'] : [];
        foreach ([Files::package() . '/preload.php', (string) getenv('REDPACK_LIBRARY')] as $file) {
            exec(implode(' ', [...$as, 'test', '-r', escapeshellarg($file)]) . ' 2>&1', $output, $code);
            if ($code !== 0) {
                self::markTestSkipped("no other user than root may read $file");
            }
        }
        $flags = [];
        $preload = ['opcache.enable_cli=1', 'opcache.preload=' . Files::package() . '/preload.php'];
        foreach ([...$preload, 'opcache.preload_user=', 'ffi.enable=preload', 'error_log=/dev/null'] as $setting) {
            array_push($flags, '-d', $setting);
        }
        self::assertStringEndsWith(' preloaded', self::php($flags, [], $as));
        // Other pages of the site go on without the library; redpack's say what is missing.
        $output = self::php($flags, ['REDPACK_LIBRARY' => '/nowhere.so'], $as);
        self::assertStringContainsString('/nowhere.so (REDPACK_LIBRARY): no such file', $output);
    }

    public function testTheLibraryIsMissing(): void
    {
        $output = self::php([], ['REDPACK_LIBRARY' => '/nowhere/libredpack.so.0']);
        self::assertStringContainsString('/nowhere/libredpack.so.0 (REDPACK_LIBRARY): no such file', $output);
        self::assertStringContainsString('    redpack.library=', $output);
    }

    public function testTheLibraryIsNamedInIni(): void
    {
        $library = (string) getenv('REDPACK_LIBRARY');
        $output = self::php(['-d', "redpack.library=$library"], ['REDPACK_LIBRARY' => '']);
        self::assertStringEndsWith(" $library", $output);
    }

    public function testSomethingElseIsNoLibrary(): void
    {
        $output = self::php([], ['REDPACK_LIBRARY' => __FILE__]);
        self::assertStringContainsString(__FILE__ . ' (REDPACK_LIBRARY): Failed loading', $output);
    }

    public function testAnotherAbi(): void
    {
        foreach ([['999', 'has ABI 999'], ['1', 'older or newer']] as [$abi, $said]) {
            $library = self::compile("unsigned redpack_abi_version(void) { return $abi; }
                const char *redpack_version(void) { return \"9.9.9\"; }");
            self::assertStringContainsString($said, self::php([], ['REDPACK_LIBRARY' => $library]));
            Files::remove(dirname($library));
        }
    }

    private static function compile(string $source): string
    {
        $folder = Files::folder();
        file_put_contents("$folder/other.c", $source);
        exec("cc -shared -fPIC -o $folder/other.so $folder/other.c 2>&1", $output, $code);
        if ($code !== 0) {
            Files::remove($folder);
            self::markTestSkipped('no C compiler here');
        }
        return "$folder/other.so";
    }
}
