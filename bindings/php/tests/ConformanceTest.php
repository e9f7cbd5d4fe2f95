<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\Answer;
use Redpack\Catalogue;
use Redpack\Codec;
use Redpack\InvalidRequest;
use Redpack\Protocol;
use Redpack\Query;
use Redpack\RedpackError;
use Redpack\SignType;
use Redpack\Wire;

final class ConformanceTest extends TestCase
{
    public function testEveryFileOfTheManifestIsRun(): void
    {
        $run = ['sign.json', 'sign_other.json', 'encode.json', 'validate.json', 'parse.json', 'answers.json',
            'scenarios.json'];
        self::assertSame([], array_diff(array_keys(Vectors::read('MANIFEST.json')), $run));
    }

    public function testSign(): void
    {
        $vectors = Vectors::read('sign.json')['vectors'];
        foreach ($vectors as ['fields' => $fields, 'key' => $key, 'md5' => $md5, 'hmac_sha256' => $hmac]) {
            self::assertSame($md5, Protocol::sign($fields, $key));
            self::assertSame($hmac, Protocol::sign($fields, $key, SignType::HmacSha256));
            self::assertTrue(Protocol::verify($fields, $key, $md5));
        }
        Vectors::ran('sign.json', count($vectors));
    }

    public function testSignOther(): void
    {
        $data = $this->vectors('sign_other.json');
        foreach ($data['workwx_sign'] as $case) {
            $signature = Protocol::workwxSign($case['fields'], $case['secret']);
            self::assertSame($case['workwx_sign'], $signature, $case['name']);
        }
        foreach ($data['pay_sign'] as $case) {
            $given = [$case['appId'], $case['timeStamp'], $case['nonceStr'], $case['package'], $case['key']];
            self::assertSame($case['paySign'], Protocol::paySign(...$given), $case['name']);
            self::assertSame($case['package_encoded'], Protocol::packageEncoded($case['package']), $case['name']);
        }
        Vectors::ran('sign_other.json', count($data['workwx_sign']) + count($data['pay_sign']));
    }

    public function testEncode(): void
    {
        $data = $this->vectors('encode.json');
        foreach ([...$data['cases'], ...$data['calls']] as $case) {
            $wire = $this->encode($case);
            self::assertSame($case['path'], $wire->path, $case['name']);
            self::assertSame($case['nonce_str'], $wire->nonceStr, $case['name']);
            self::assertSame($case['body'], $wire->body, $case['name']);
        }
        Vectors::ran('encode.json', count($data['cases']) + count($data['calls']));
    }

    public function testValidate(): void
    {
        $data = $this->vectors('validate.json');
        foreach ([...$data['cases'], ...$data['calls']] as $case) {
            $problems = [];
            try {
                $this->encode($case);
            } catch (InvalidRequest $error) {
                foreach ($error->problems as $problem) {
                    $problems[] = ['field' => $problem->field, 'length' => $problem->length];
                }
            }
            self::assertSame($case['problems'], $problems, $case['name']);
        }
        Vectors::ran('validate.json', count($data['cases']) + count($data['calls']));
    }

    public function testParse(): void
    {
        $cases = $this->vectors('parse.json')['cases'];
        foreach ($cases as $case) {
            $repeat = $case['body_repeat'] ?? null;
            $body = $case['body'] ?? (isset($case['body_hex']) ? hex2bin($case['body_hex']) : null)
                ?? $repeat['before'] . str_repeat($repeat['middle'], $repeat['times']) . $repeat['after'];
            try {
                $read = Protocol::xmlRead($body);
                self::assertArrayHasKey('root', $case, "$case[name] was read");
                self::assertSame(self::tree($case['root']), self::plain($read), $case['name']);
            } catch (RedpackError $error) {
                self::assertTrue($case['error'] ?? false, "$case[name]: {$error->getMessage()}");
            }
        }
        Vectors::ran('parse.json', count($cases));
    }

    /** A node as an Answer tells it: its name, its exact text if it has no children, and those. */
    private static function tree(array $node): array
    {
        $children = array_map(self::tree(...), $node['children'] ?? []);
        return [$node['name'], isset($node['children']) ? null : $node['text'], $children];
    }

    private static function plain(Answer $answer): array
    {
        $children = [];
        foreach ($answer->fields as $index => [$name, $value]) {
            $raw = $answer->rawTexts[$index];
            if (is_string($value)) {
                self::assertSame(trim($raw, " \t\r\n"), $value);
            }
            $children[] = is_string($value) ? [$name, $raw, []] : self::plain($value);
        }
        return [$answer->name, $children === [] ? $answer->rawText : null, $children];
    }

    public function testAnswers(): void
    {
        $data = Vectors::read('answers.json');
        $codec = new Codec($data['request']['mch_id'], $data['request']['appid'], $data['request']['api_key']);
        $order = Sandbox::order($data['request']['mch_billno'], $data['request']['re_openid']);
        $send = $codec->encode($order);
        foreach ($data['send'] as $case) {
            try {
                $codec->readSend($send, $case['http_status'], $case['body']);
                $told = ['sent', 'none', 'order'];
            } catch (RedpackError $error) {
                $told = [$error->outcome->value, $error->advice->value, $error->scope->value];
                self::assertSame($order->mch_billno, $error->mchBillno);
                self::assertSame($case['wait'] === 'no', $error->notBefore === null, $case['name']);
            }
            self::assertSame([$case['outcome'], $case['advice'], $case['scope']], $told, $case['name']);
        }
        $now = new \DateTimeImmutable($data['request']['now'] . ' +08:00');
        $query = $codec->encode(new Query($order->mch_billno));
        foreach ($data['query'] as $case) {
            try {
                $told = $codec->readQuery($query, $case['http_status'], $case['body'], $now);
            } catch (RedpackError $told) {
            }
            $words = [$told->outcome->value, $told->advice->value];
            self::assertSame([$case['outcome'], $case['advice']], $words, $case['name']);
        }
        foreach ($data['failures'] as $kind => $case) {
            $told = Catalogue::ofKind($kind);
            $words = [$told->outcome->value, $told->advice->value, $told->scope->value];
            self::assertSame([$case['outcome'], $case['advice'], $case['scope']], $words, $kind);
        }
        $count = count($data['send']) + count($data['query']) + count($data['failures']);
        Vectors::ran('answers.json', $count);
    }

    private function encode(array $case): Wire
    {
        $of = $case['merchant'];
        $codec = new Codec($of['mch_id'], $of['appid'], $of['api_key'], $of['workwx_secret']);
        if (isset($case['endpoint'])) {
            return $codec->encode(Vectors::request($case['endpoint'], $case['fields']));
        }
        return $codec->encodeCall(
            $case['path'],
            $case['fields'],
            SignType::from($case['sign_type']),
            $case['merchant_field'],
        );
    }

    /** @return array<string, mixed> */
    private function vectors(string $file): array
    {
        return Vectors::read($file);
    }
}
