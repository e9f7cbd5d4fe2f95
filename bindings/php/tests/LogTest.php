<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\Log;
use Redpack\LogLevel;
use Redpack\RedpackError;

final class LogTest extends TestCase
{
    protected function tearDown(): void
    {
        Log::stop();
    }

    public function testLinesOfALevelAreToldAndNoOthers(): void
    {
        [$sandbox, $lines] = [new Sandbox(), []];
        $log = function (LogLevel $level, string $target, string $line) use (&$lines): void {
            $lines[] = [$level, $target, $line];
        };
        $client = $sandbox->client(shared: false);
        Log::to($log, LogLevel::Debug);
        $client->send(Sandbox::order('190000010926112400000000a1'));
        self::assertSame([LogLevel::Debug, 'redpack'], array_slice($lines[0], 0, 2));
        self::assertStringContainsString('190000010926112400000000a1', $lines[0][2]);
        $lines = [];
        Log::to($log);
        $client->send(Sandbox::order('190000010926112400000000a2'));
        self::assertSame([], $lines);
        try {
            $client->send(Sandbox::order('190000010926112400000000a3', 'f--NOTENOUGH'));
            self::fail('it was sent');
        } catch (RedpackError) {
        }
        self::assertSame([LogLevel::Warn], array_column($lines, 0));
        Log::stop();
        try {
            $client->send(Sandbox::order('190000010926112400000000a4', 'f--NOTENOUGH'));
        } catch (RedpackError) {
        }
        self::assertCount(1, $lines);
    }

    public function testWhatItThrowsDoesNotReachTheCall(): void
    {
        $sandbox = new Sandbox();
        $log = static fn () => throw new \RuntimeException('a defect of the log (this line belongs to the test)');
        Log::to($log, LogLevel::Debug);
        $errors = ini_set('error_log', '/dev/null');
        $sent = $sandbox->client(shared: false)->send(Sandbox::order('190000010926112400000000b1'));
        ini_set('error_log', (string) $errors);
        self::assertSame('190000010926112400000000b1', $sent->mchBillno);
    }

    /** A worker's next request must not find the function of one that is gone, however that one ended. */
    public function testAWorkersNextRequestFindsNoOldFunction(): void
    {
        if (Fpm::binary() === '') {
            self::markTestSkipped('php-fpm is not installed');
        }
        $sandbox = new Sandbox();
        $fpm = new Fpm(1, ['ffi.enable' => 'true']);
        $pids = [];
        for ($round = 0; $round < 20; $round++) {
            $settings = ['SETTINGS' => json_encode($sandbox->settings()), 'ENDS' => ['well', 'badly'][$round % 2]];
            $told = json_decode($body = $fpm->request(__DIR__ . '/fpm/log.php', $settings, 1)[0], true);
            self::assertSame([1, 1], [$told['before'] ?? null, $told['lines'] ?? null], $body . $fpm->log());
            $pids[$told['pid']] = true;
        }
        self::assertCount(1, $pids, $fpm->log());
    }
}
