<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\AttemptEvent;
use Redpack\Client;
use Redpack\Codec;
use Redpack\Log;
use Redpack\LogLevel;
use Redpack\Protocol;
use Redpack\RedPack;
use Redpack\RedpackError;

/** The canaries: every scenario of tests/canary/scenarios.json. See tests/canary/README.md. */
final class CanaryTest extends TestCase
{
    private string $dir;
    /** @var array<string, string> */
    private array $values;
    /** What anybody may see: neither secrets nor openids. */
    private string $shown = '';
    /** Results, what is serialized, and the journal's files: no secrets. */
    private string $results = '';

    protected function tearDown(): void
    {
        Log::stop();
    }

    public function testNothingThatComesOutHoldsACanary(): void
    {
        $list = dirname(Files::package(), 2) . '/tests/canary/scenarios.json';
        $scenarios = json_decode((string) file_get_contents($list), true, 512, JSON_THROW_ON_ERROR)['cases'];
        $gateway = new Served('REDPACK_CANARY');
        $this->dir = $gateway->told['dir'];
        $canaries = json_decode((string) file_get_contents("$this->dir/canaries.json"), true);
        $this->values = $canaries['values'];
        $needles = array_map(
            static fn (array $one): array => [$one['what'], (string) hex2bin($one['hex']), $one['openid']],
            $canaries['needles'],
        );
        $bad = [];
        foreach ($needles as [$what, $bytes]) {
            if (!in_array($what, self::found($needles, "x{$bytes}y", true), true)) {
                $bad[] = "$what is not found where it is";
            }
        }
        $errors = "$this->dir/error.log";
        $before = [ini_set('error_log', $errors), ini_set('log_errors', '1')];
        Log::to(function (LogLevel $level, string $target, string $line): void {
            // What ureq dumps of answers is said to be left off: SECURITY.md.
            $dump = str_starts_with($target, 'ureq') && $level === LogLevel::Debug;
            $this->{$dump ? 'results' : 'shown'} .= "$level->value $target $line\n";
        }, LogLevel::Debug);
        foreach ($scenarios as $index => $scenario) {
            [$this->shown, $this->results] = ['', ''];
            $kind = $this->play($scenario, $gateway->told['urls'][$scenario['name']], "$this->dir/journal-$index");
            if ($kind !== $scenario['expect']) {
                $bad[] = "$scenario[name]: $kind instead of $scenario[expect]: $this->shown";
            }
            $this->shown .= is_file($errors) ? file_get_contents($errors) : '';
            foreach (self::found($needles, $this->shown, true) as $what) {
                $bad[] = "$scenario[name]: $what in $this->shown";
            }
            foreach (self::found($needles, $this->results, false) as $what) {
                $bad[] = "$scenario[name]: $what in a result";
            }
        }
        [ini_set('error_log', (string) $before[0]), ini_set('log_errors', (string) $before[1])];
        self::assertSame([], $bad, implode("\n", $bad));
        self::assertStringContainsString("the hook's own defect", (string) file_get_contents($errors));
        self::assertCount(count($gateway->told['urls']), $scenarios);
        fwrite(STDERR, 'canaries: ' . count($scenarios) . " scenarios\n");
    }

    /** @return list<string> */
    private static function found(array $needles, string $text, bool $openids): array
    {
        $found = array_filter(
            $needles,
            static fn (array $one): bool => ($openids || !$one[2]) && str_contains($text, $one[1]),
        );
        return array_column($found, 0);
    }

    private function filled(string $text): string
    {
        foreach (['journal_password', 'openid', 'api_key', 'another_openid'] as $name) {
            $text = str_replace("{{$name}}", $this->values[$name], $text);
        }
        return $text;
    }

    /** @return array<string, string> */
    private function credentials(string $kind): array
    {
        $file = fn (string $name): string => "$this->dir/$name";
        $text = fn (string $name): string => (string) file_get_contents("$this->dir/$name");
        $pem = ['certificate' => $file('apiclient_cert.pem'), 'privateKey' => $file('apiclient_key.pem')];
        $p12 = ['pkcs12' => $file('apiclient_cert.p12'), 'passphrase' => $this->values['passphrase']];
        return match ($kind) {
            'pem_files' => $pem,
            'pem_bytes' => array_map('strval', array_map('file_get_contents', $pem)),
            'pkcs12_file' => $p12,
            'pkcs12_bytes' => ['pkcs12' => $text('apiclient_cert.p12')] + $p12,
            'wrong_passphrase' => ['passphrase' => $this->values['passphrase'] . '?'] + $p12,
            'damaged_pkcs12' => ['pkcs12' => $text('damaged.p12')] + $p12,
            'key_as_certificate' => array_fill_keys(['certificate', 'privateKey'], $text('apiclient_key.pem')),
            'unreadable' => ['privateKey' => $file('none/apiclient_key.pem')] + $pem,
            default => ['privateKey' => $text("$kind.pem")] + $pem,
        };
    }

    /** Everything that PHP shows of an object to who isn't looking for what is in it. */
    private static function seen(object $one): string
    {
        ob_start();
        var_dump($one);
        print_r($one);
        return (string) ob_get_clean() . print_r($one, true) . json_encode($one, JSON_PARTIAL_OUTPUT_ON_ERROR);
    }

    private function play(array $scenario, string $url, string $journal): ?string
    {
        $given = $scenario['client'];
        $key = $this->values['api_key'];
        $names = ['base_url' => 'baseUrl', 'proxy' => 'proxy', 'journal' => 'journal'];
        $settings = [];
        foreach ($given['settings'] ?? [] as $name => $text) {
            $settings[$names[$name]] = $this->filled($text);
        }
        $kind = null;
        try {
            $client = new Client(...[
                'mchId' => '1900000109',
                'appid' => 'wx8888888888888888',
                'apiKey' => match ($given['api_key'] ?? '') {
                    'long' => "$key!",
                    'blank' => strtr($key, '~', ' '),
                    default => $key,
                },
                'workwxSecret' => $this->values['workwx_secret'],
                'roots' => "$this->dir/" . ($given['roots'] ?? 'ca.pem'),
                'baseUrl' => $url,
                'journal' => ($given['journal'] ?? false) ? "sqlite:$journal" : null,
                'onAttempt' => function (AttemptEvent $event) use ($given): void {
                    $this->shown .= $event->path . $event->host;
                    if (($given['hook'] ?? '') === 'fails') {
                        throw new \RuntimeException("the hook's own defect");
                    }
                },
                'shared' => false,
                ...$this->credentials($given['credentials']),
                ...$settings,
            ]);
            $codec = new Codec('1900000109', 'wx8888888888888888', $key, $this->values['workwx_secret']);
            $this->shown .= self::seen($client) . self::seen($codec) . self::seen($client->check());
            $this->shown .= var_export($client->check(), true);
            $this->replace($client, $given['replace'] ?? null);
            $result = $this->call($client, $given);
            $this->results .= serialize($result) . var_export($result, true) . json_encode($result);
        } catch (RedpackError $error) {
            $kind = $error->kind;
            $this->shown .= "$error " . $error->getMessage() . $error->getTraceAsString() . self::seen($error);
            $this->shown .= print_r($error->getTrace(), true) . print_r($error->problems, true);
        }
        foreach (['', '-wal', '-shm'] as $end) {
            $this->results .= is_file($journal . $end) ? file_get_contents($journal . $end) : '';
        }
        return $kind;
    }

    private function replace(Client $client, ?string $what): void
    {
        if ($what === 'api_key') {
            $client->replaceApiKey($this->values['another_api_key']);
            $client->replaceApiKey($this->values['api_key']);
        } elseif ($what === 'long_api_key') {
            $client->replaceApiKey($this->values['api_key'] . '!');
        } elseif ($what !== null) {
            $client->replaceCredentials(...$this->credentials($what === 'credentials' ? 'pem_bytes' : $what));
        }
    }

    private function call(Client $client, array $given): object
    {
        $fields = [
            'mch_billno' => Protocol::newMchBillno('1900000109'),
            're_openid' => $this->values['openid'],
            'total_amount' => 100,
            'send_name' => '天虹百货',
            'act_name' => $this->values['act_name'],
            'wishing' => '元宵节快乐',
            'remark' => '快来抢',
            ...array_map($this->filled(...), $given['fields'] ?? []),
        ];
        return match ($given['do']) {
            'query' => $client->query($fields['mch_billno']),
            'call' => $client->call('/some/path', $fields),
            default => $client->send(new RedPack(...$fields)),
        };
    }
}
