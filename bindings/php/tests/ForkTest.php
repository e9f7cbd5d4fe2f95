<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\Outcome;
use Redpack\Protocol;

/** Parent and child go on with the client that the parent made, and share no TLS connection. */
final class ForkTest extends TestCase
{
    protected function setUp(): void
    {
        if (!function_exists('pcntl_fork')) {
            self::markTestSkipped('PHP has no pcntl here');
        }
    }

    public function testBothProcessesSend(): void
    {
        $this->both(new Sandbox(), null);
    }

    public function testBothProcessesSettle(): void
    {
        $folder = Files::folder();
        $this->both(new Sandbox(), "sqlite:$folder/payments.db");
        Files::remove($folder);
    }

    private function both(Sandbox $sandbox, ?string $journal): void
    {
        $client = $sandbox->client(journal: $journal);
        $client->send(Sandbox::order(Protocol::newMchBillno('1900000109')));
        $child = pcntl_fork();
        $numbers = [];
        for ($round = 0; $round < 5; $round++) {
            $numbers[] = $number = Protocol::newMchBillno('1900000109');
            try {
                $sent = $client->send(Sandbox::order($number));
                $good = $sent->mchBillno === $number;
            } catch (\Throwable $error) {
                fwrite(STDERR, get_debug_type($error) . ': ' . $error->getMessage() . "\n");
                $good = false;
            }
            if (!$good) {
                break;
            }
        }
        if ($child === 0) {
            // Without PHPUnit's and the sandbox's own endings, which are the parent's.
            posix_kill((int) getmypid(), $good ? SIGTERM : SIGKILL);
        }
        pcntl_waitpid($child, $status);
        self::assertTrue($good, 'the parent');
        self::assertSame(SIGTERM, pcntl_wtermsig($status), 'the child');
        $totals = $sandbox->totals();
        self::assertSame([11, 11], [$totals['sends'], $totals['debits']]);
        self::assertSame(2, $totals['tls_handshakes'], 'one connection for each process');
        fwrite(STDERR, "fork: 11 sends by 2 processes, $totals[tls_handshakes] handshakes\n");
        self::assertSame(Outcome::Sent, $client->query($numbers[0])->outcome);
    }
}
