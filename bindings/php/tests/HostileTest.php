<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\Client;
use Redpack\Protocol;
use Redpack\RedpackError;

/** The hostile server: every case of tests/hostile/cases.json. See tests/hostile/README.md. */
final class HostileTest extends TestCase
{
    /** How many seconds later than its limit a call may come back on a busy machine. */
    private const SLACK = 10;
    /** How much more memory the process may hold at any time than before the first case. */
    private const MOST_KIB = 64 * 1024;

    public function testEveryCaseEndsAsItMust(): void
    {
        $list = dirname(Files::package(), 2) . '/tests/hostile/cases.json';
        $cases = json_decode((string) file_get_contents($list), true, 512, JSON_THROW_ON_ERROR)['cases'];
        $server = new Served('REDPACK_HOSTILE');
        $before = self::peakKib();
        $found = [];
        foreach ($cases as $case) {
            $found[$case['name']] = $this->played($server->told, $case);
        }
        $grown = self::peakKib() - $before;
        $requests = $server->end();
        $bad = [];
        foreach ($cases as $case) {
            $cameTo = [...$found[$case['name']], 'requests' => $requests[$case['name']]];
            if ($cameTo !== $case['expect']) {
                $bad[] = "$case[name]: " . json_encode($cameTo) . ' instead of ' . json_encode($case['expect']);
            }
        }
        self::assertSame([], $bad);
        self::assertLessThan(self::MOST_KIB, $grown);
        self::assertCount(count($server->told['urls']), $found);
        fwrite(STDERR, 'hostile: ' . count($found) . " cases, $grown KiB\n");
    }

    /** @return array<string, mixed> */
    private function played(array $told, array $case): array
    {
        // On a busy machine the handshake alone may take longer than a short limit: that isn't the case.
        for ($times = 0; $times < 10; $times++) {
            $started = microtime(true);
            $found = $this->outcomeOf($told, $case['name'], $case['attempt_limit_ms']);
            $took = microtime(true) - $started;
            self::assertLessThan($case['attempt_limit_ms'] / 1000 + self::SLACK, $took, $case['name']);
            if ($found['kind'] !== 'handshake' || $case['expect']['kind'] !== 'timeout') {
                break;
            }
        }
        return $found;
    }

    /** @return array<string, mixed> one send, in the words of the list */
    private function outcomeOf(array $told, string $name, int $limitMs): array
    {
        $client = new Client(
            $told['mch_id'],
            'wx8888888888888888',
            'sandbox0key0sandbox0key0sandbox0',
            certificate: "$told[dir]/apiclient_cert.pem",
            privateKey: "$told[dir]/apiclient_key.pem",
            roots: "$told[dir]/ca.pem",
            baseUrl: $told['urls'][$name],
            attemptLimitMs: $limitMs,
            shared: false,
        );
        $number = Protocol::newMchBillno($told['mch_id']);
        try {
            $sent = $client->send(Sandbox::order($number));
            self::assertSame($number, $sent->mchBillno, $name);
            $words = ['outcome' => 'sent', 'advice' => 'none', 'scope' => 'order', 'kind' => null, 'attempts' => 1];
        } catch (RedpackError $error) {
            self::assertSame($number, $error->mchBillno, $name);
            $words = [
                'outcome' => $error->outcome->value,
                'advice' => $error->advice->value,
                'scope' => $error->scope->value,
                'kind' => $error->kind,
                'attempts' => $error->attempts,
            ];
        }
        return $words;
    }

    /** The most memory that this process ever held. */
    private static function peakKib(): int
    {
        preg_match('/VmHWM:\s+(\d+)/', (string) file_get_contents('/proc/self/status'), $found);
        return (int) $found[1];
    }
}
