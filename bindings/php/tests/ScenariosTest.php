<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\Advice;
use Redpack\Client;
use Redpack\MiniProgramRedPack;
use Redpack\Outcome;
use Redpack\Protocol;
use Redpack\RedPack;
use Redpack\RedpackError;
use Redpack\Settlement;
use Redpack\WorkwxRedPack;

/** The stories of scenarios.json, against a sandbox over real TLS. */
final class ScenariosTest extends TestCase
{
    private static Sandbox $sandbox;

    public function testScenarios(): void
    {
        self::$sandbox = new Sandbox();
        $scenarios = Vectors::read('scenarios.json')['scenarios'];
        $bad = [];
        foreach ($scenarios as $scenario) {
            try {
                $this->play($this->filled($scenario));
            } catch (\PHPUnit\Framework\AssertionFailedError $failure) {
                // All of them are told: one story's failure seldom says what is wrong.
                $bad[] = $failure->toString();
            }
        }
        self::assertSame([], $bad);
        Vectors::ran('scenarios.json', count($scenarios));
    }

    /** Order numbers of this scenario's own, and the appid, in the place of their names. */
    private function filled(array $scenario): array
    {
        $text = json_encode($scenario, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
        preg_match_all('/\{billno:\d+\}/', $text, $names);
        $values = ['{appid}' => 'wx8888888888888888'];
        foreach (array_unique($names[0]) as $name) {
            $values[$name] = Protocol::newMchBillno('1900000109');
        }
        return json_decode(strtr($text, $values), true, 512, JSON_THROW_ON_ERROR);
    }

    private function play(array $scenario): void
    {
        $folder = Files::folder();
        $client = self::$sandbox->client(
            attemptLimitMs: $scenario['attempt_limit_ms'] ?? 3000,
            journal: ($scenario['journal'] ?? false) ? "sqlite:$folder/journal.db" : null,
            shared: false,
        );
        foreach ($scenario['steps'] as $number => $step) {
            $told = $this->step($client, $step);
            foreach ($step['expect'] ?? [] as $key => $expected) {
                $where = "$scenario[name], step " . ($number + 1) . " ($step[do]), $key: " . print_r($told, true);
                if ($key === 'answer') {
                    foreach ($expected as $name => $text) {
                        self::assertSame($text, $told['answer']?->text($name), "$where, $name");
                    }
                    continue;
                }
                self::assertArrayHasKey($key, $told, $where);
                self::assertSame($expected, $told[$key], $where);
            }
        }
        $ledger = self::$sandbox->control('GET', '/ledger');
        foreach ($scenario['ledger'] ?? [] as $number => $expected) {
            $order = $ledger['orders'][$number] ?? null;
            $sends = $order['attempts'] ?? $ledger['not_landed'][$number] ?? 0;
            $found = ['debits' => $order['debits'] ?? 0, 'sends' => $sends];
            self::assertEquals($expected, $found, "$scenario[name]: ledger of $number");
        }
        Files::remove($folder);
    }

    /** @return array<string, mixed> */
    private function step(Client $client, array $step): array
    {
        try {
            return match ($step['do']) {
                'send' => $this->success($client->send($this->order($step))),
                'query' => $this->query($client, $step),
                'settle' => $this->settlement($client->settle($this->order($step), $step['limit_ms'])),
                'close' => $this->settlement($client->close($step['mch_billno'])),
                'call' => $this->success($client->call($step['path'], array_column($step['fields'], 1, 0))),
                'control' => self::$sandbox->control('POST', $step['path'], $step['body']),
                'wait' => [usleep($step['ms'] * 1000)],
            };
        } catch (RedpackError $error) {
            return [
                'outcome' => $error->outcome->value,
                'advice' => $error->advice->value,
                'scope' => $error->scope->value,
                'kind' => $error->kind,
                'err_code' => $error->errCode,
                'http_status' => $error->httpStatus,
                'wire_sends' => $error->attempts,
                'answer' => $error->answer,
                'found' => null,
                'status' => null,
                'settled' => null,
                'state' => $error->order?->state,
                'recorded' => null,
            ];
        }
    }

    /** @return array<string, mixed> */
    private function success(object $result): array
    {
        return [
            'outcome' => Outcome::Sent->value,
            'advice' => Advice::None->value,
            'kind' => null,
            'err_code' => null,
            'recorded' => $result->recorded ?? null,
            'answer' => $result instanceof \Redpack\Answer ? $result : $result->answer,
        ];
    }

    /** @return array<string, mixed> */
    private function query(Client $client, array $step): array
    {
        $ask = $step['endpoint'] === 'gethbinfo' ? $client->query(...) : $client->queryWorkwx(...);
        $told = $ask($step['fields']['mch_billno'], $step['fields']['appid'] ?? null);
        return [
            'outcome' => $told->outcome->value,
            'advice' => $told->advice->value,
            'kind' => null,
            'err_code' => null,
            'found' => $told->found,
            'status' => $told->status,
        ];
    }

    /** @return array<string, mixed> */
    private function settlement(Settlement $told): array
    {
        return [
            'outcome' => $told->outcome->value,
            'advice' => $told->advice->value,
            'scope' => $told->scope->value,
            'settled' => $told->settled,
            'state' => $told->order?->state,
            'attempts' => $told->attempts,
            'queries' => $told->queries,
        ];
    }

    private function order(array $step): RedPack|MiniProgramRedPack|WorkwxRedPack
    {
        $fields = $step['fields'];
        foreach (['total_amount', 'agentid'] as $number) {
            if (isset($fields[$number])) {
                $fields[$number] = (int) $fields[$number];
            }
        }
        return match ($step['endpoint']) {
            'sendredpack' => new RedPack(...$fields),
            'sendminiprogramhb' => new MiniProgramRedPack(...$fields),
            'sendworkwxredpack' => new WorkwxRedPack(...$fields),
        };
    }
}
