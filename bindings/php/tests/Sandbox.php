<?php

declare(strict_types=1);

namespace Redpack\Tests;

use Redpack\Client;
use Redpack\RedPack;

/** A sandbox of this test's own: a gateway over real TLS on loopback, ended with the object. */
final class Sandbox
{
    /** @var resource */
    private $process;
    private readonly int $owner;
    /** @var array<string, mixed> */
    public readonly array $told;
    public readonly string $dir;

    public function __construct()
    {
        $this->owner = (int) getmypid();
        $this->dir = Files::folder();
        $command = [self::binary(), 'sandbox', '--json', '--dir', $this->dir];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], STDERR], $pipes);
        if (!is_resource($process)) {
            throw new \RuntimeException('the sandbox did not start');
        }
        $this->process = $process;
        $text = '';
        do {
            $line = fgets($pipes[1]);
            $text .= $line;
            $told = json_decode($text, true);
        } while ($told === null && $line !== false);
        if (!is_array($told)) {
            throw new \RuntimeException("the sandbox told no address: $text");
        }
        $this->told = $told;
    }

    public function __destruct()
    {
        // After a fork the child has this object too, but the sandbox is its parent's.
        if (getmypid() === $this->owner) {
            proc_terminate($this->process, 9);
            proc_close($this->process);
            Files::remove($this->dir);
        }
    }

    public static function binary(): string
    {
        $binary = getenv('REDPACK_BIN');
        if (!is_string($binary) || !is_executable($binary)) {
            throw new \RuntimeException('REDPACK_BIN must name the built `redpack`: run bindings/php/test.sh');
        }
        return $binary;
    }

    /** @return array<string, mixed> the arguments of a client of this gateway's merchant */
    public function settings(): array
    {
        return [
            'mchId' => '1900000109',
            'appid' => 'wx8888888888888888',
            'apiKey' => 'sandbox0key0sandbox0key0sandbox0',
            'certificate' => "$this->dir/apiclient_cert.pem",
            'privateKey' => "$this->dir/apiclient_key.pem",
            'workwxSecret' => 'sandbox0workwx0secret0sandbox000',
            'baseUrl' => $this->told['base_url'],
            'roots' => "$this->dir/ca.pem",
        ];
    }

    public function client(mixed ...$more): Client
    {
        return new Client(...[...$this->settings(), ...$more]);
    }

    public static function order(
        string $mchBillno,
        string $openid = 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
        mixed ...$more,
    ): RedPack {
        return new RedPack(...[
            're_openid' => $openid,
            'total_amount' => 100,
            'mch_billno' => $mchBillno,
            'send_name' => '天虹百货',
            'act_name' => '猜灯谜',
            'wishing' => '元宵节快乐',
            'remark' => '快来抢',
            ...$more,
        ]);
    }

    /** @return array<string, mixed> */
    public function control(string $method, string $path, ?array $body = null): array
    {
        $context = stream_context_create(['http' => [
            'method' => $method,
            'header' => 'Content-Type: application/json',
            'content' => $body === null ? '' : json_encode((object) $body, JSON_THROW_ON_ERROR),
            'ignore_errors' => true,
        ]]);
        $answer = (string) file_get_contents($this->told['control_url'] . $path, false, $context);
        $told = json_decode($answer, true, 512, JSON_THROW_ON_ERROR);
        if (isset($told['error'])) {
            throw new \RuntimeException("$method $path: $told[error]");
        }
        return $told;
    }

    /** @return array<string, mixed> */
    public function totals(): array
    {
        return $this->control('GET', '/ledger')['totals'];
    }

    public function debits(string $mchBillno): int
    {
        return $this->control('GET', "/ledger?mch_billno=$mchBillno")['debits'];
    }
}
