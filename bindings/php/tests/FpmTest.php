<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;

/** Under php-fpm: PHP's objects die with each request, the connections don't. */
final class FpmTest extends TestCase
{
    private const WORKERS = 3;
    private const REQUESTS = 60;

    protected function setUp(): void
    {
        if (Fpm::binary() === '') {
            self::markTestSkipped('php-fpm is not installed');
        }
    }

    /** As on a server: classes preloaded by opcache, the library opened by each request. */
    public function testPreloadedClasses(): void
    {
        // Started as root, PHP preloads for another user, and what FFI::load loads there is lost.
        $library = posix_geteuid() === 0 ? (string) getenv('REDPACK_LIBRARY') : 'preloaded';
        $this->pays($library, self::preload());
    }

    /** The same with `ffi.preload`, which loads the library before the first request. */
    public function testPreloadedLibrary(): void
    {
        $folder = Files::folder();
        $header = (string) file_get_contents(Files::package() . '/src/Native/redpack.h');
        $library = (string) getenv('REDPACK_LIBRARY');
        file_put_contents("$folder/redpack.h", str_replace('libredpack.so.0', $library, $header));
        $this->pays('preloaded', ['ffi.preload' => "$folder/redpack.h"] + self::preload());
        Files::remove($folder);
    }

    /** @return array<string, string> */
    private static function preload(): array
    {
        $preload = Files::package() . '/preload.php';
        return ['ffi.enable' => 'preload', 'opcache.enable' => '1', 'opcache.preload' => $preload];
    }

    public function testNotPreloaded(): void
    {
        $this->pays((string) getenv('REDPACK_LIBRARY'), ['ffi.enable' => 'true']);
    }

    public function testSaysHowToPreload(): void
    {
        $fpm = new Fpm(1, ['ffi.enable' => 'preload']);
        $error = json_decode($fpm->request(__DIR__ . '/fpm/pay.php', ['SETTINGS' => self::settings(null)], 1)[0], true);
        foreach (['ffi.enable=preload', 'opcache.preload=' . Files::package() . '/preload.php'] as $line) {
            self::assertStringContainsString("    $line\n", $error['error']);
        }
    }

    /** @param array<string, string> $ini */
    private function pays(string $library, array $ini): void
    {
        $sandbox = new Sandbox();
        $fpm = new Fpm(self::WORKERS, $ini);
        $pids = [];
        for ($sent = 0; $sent < self::REQUESTS; $sent += 6) {
            foreach ($fpm->request(__DIR__ . '/fpm/pay.php', ['SETTINGS' => self::settings($sandbox)], 6) as $body) {
                $told = json_decode($body, true);
                self::assertIsArray($told, $body . $fpm->log());
                self::assertTrue($told['sent'] ?? false, $body . $fpm->log());
                self::assertSame($library, $told['library']);
                $pids[$told['pid']] = true;
            }
        }
        $totals = $sandbox->totals();
        self::assertSame([self::REQUESTS, self::REQUESTS], [$totals['sends'], $totals['debits']]);
        self::assertLessThanOrEqual(count($pids), $totals['tls_handshakes']);
        $workers = count($pids);
        fwrite(STDERR, "php-fpm ($library): $totals[sends] requests, $workers workers, "
            . "$totals[tls_handshakes] handshakes\n");
    }

    private static function settings(?Sandbox $sandbox): string
    {
        $settings = $sandbox?->settings()
            ?? ['mchId' => '1900000109', 'appid' => 'wx8888888888888888', 'apiKey' => str_repeat('k', 32)];
        return json_encode($settings, JSON_THROW_ON_ERROR);
    }
}
