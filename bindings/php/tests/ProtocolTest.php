<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\Codec;
use Redpack\InvalidRequest;
use Redpack\MiniProgramRedPack;
use Redpack\Native\Library;
use Redpack\NotSent;
use Redpack\Outcome;
use Redpack\Protocol;
use Redpack\RedPack;
use Redpack\RedpackException;
use Redpack\SignType;
use Redpack\WorkwxRedPack;

final class ProtocolTest extends TestCase
{
    private const KEY = '192006250b4c09247ec02edce69f6a2d';

    public function testSignsAndVerifies(): void
    {
        $fields = ['b' => '2', 'a' => 1, '6' => 'six', 'empty' => ''];
        foreach ([[SignType::Md5, 32], [SignType::HmacSha256, 64]] as [$type, $length]) {
            $signature = Protocol::sign($fields, self::KEY, $type);
            self::assertSame($length, strlen($signature));
            self::assertTrue(Protocol::verify($fields, self::KEY, $signature));
            self::assertFalse(Protocol::verify(['a' => 2] + $fields, self::KEY, $signature));
        }
        self::assertSame('6=six&a=1&b=2', Protocol::canonical($fields));
    }

    public function testMakesNumbers(): void
    {
        $number = Protocol::newMchBillno('1900000109');
        self::assertMatchesRegularExpression('/\A1900000109\d{6}[0-9a-z]{12}\z/', $number);
        self::assertNotSame($number, Protocol::newMchBillno('1900000109'));
    }

    public function testReadsAndWritesYuan(): void
    {
        self::assertSame(123, Protocol::fenFromYuan('1.23'));
        self::assertSame('1.23', Protocol::fenToYuan(123));
        foreach (['1.234', '', '1e2', "1.23\0"] as $wrong) {
            try {
                Protocol::fenFromYuan($wrong);
                self::fail("$wrong was taken");
            } catch (InvalidRequest $error) {
                self::assertSame(Outcome::NotSent, $error->outcome);
            }
        }
    }

    public function testXmlGoesBothWays(): void
    {
        $xml = Protocol::xmlWrite(['act_name' => '猜灯谜 🧧', 'total_num' => 1]);
        self::assertSame(['act_name' => '猜灯谜 🧧', 'total_num' => '1'], Protocol::xmlRead($xml)->toArray());
        $nested = Protocol::xmlRead('<xml><hblist><hbinfo><amount>1</amount></hbinfo><hbinfo/></hblist></xml>');
        self::assertNull($nested->text('hblist'));
        self::assertNull($nested->text('absent'));
        $this->expectException(RedpackException::class);
        Protocol::xmlRead('<!DOCTYPE x><xml/>');
    }

    public function testSmallHelpers(): void
    {
        self::assertSame('oxTW***6E', Protocol::maskOpenid('oxTWIuGaIt6gTKsQRLau2M0yL16E'));
        self::assertTrue(Protocol::isMchBillno('1900000109261124abc') && !Protocol::isMchBillno("a\0b"));
        self::assertSame('a%2Fb%3D1', Protocol::packageEncoded('a/b=1'));
        self::assertStringContainsString('mobile', urldecode(Protocol::riskInfo(mobile: '13800000000')));
        self::assertMatchesRegularExpression('/\A\d+\.\d+\.\d+/', Protocol::version());
        self::assertNotSame('', Library::path());
    }

    /** @return iterable<string, array{mixed}> */
    public static function notFen(): iterable
    {
        yield 'a float' => [1.0];
        yield 'a bool' => [true];
        yield 'a text' => ['100'];
        yield 'nothing' => [null];
    }

    /** @dataProvider notFen */
    public function testAmountsAreIntsOnly(mixed $amount): void
    {
        foreach ([RedPack::class, MiniProgramRedPack::class, WorkwxRedPack::class] as $class) {
            try {
                new $class('o1', $amount);
                self::fail("$class took it");
            } catch (NotSent $error) {
                self::assertInstanceOf(InvalidRequest::class, $error);
                self::assertSame('total_amount', $error->problems[0]->field);
            }
        }
    }

    public function testEveryProblemIsNamedAtOnce(): void
    {
        $codec = new Codec('1900000109', 'wx8888888888888888', self::KEY);
        try {
            $codec->encode(new RedPack('o1', 0, send_name: str_repeat('长', 11), client_ip: 'x'));
            self::fail('it was taken');
        } catch (InvalidRequest $error) {
            $fields = array_column($error->problems, 'field');
            foreach (['mch_billno', 'total_amount', 'send_name', 'client_ip', 'wishing'] as $field) {
                self::assertContains($field, $fields);
            }
        }
    }

    public function testTextsThatCCantCarryAreRefused(): void
    {
        $codec = new Codec('1900000109', 'wx8888888888888888', self::KEY);
        foreach (["a\0b", "\xff"] as $text) {
            try {
                $codec->encode(new RedPack('o1', 100, mch_billno: 'a', act_name: $text));
                self::fail('it was taken');
            } catch (InvalidRequest $error) {
                self::assertNotSame([], $error->problems);
            }
        }
    }

    public function testNativeObjectsAreNeitherClonedNorSerialized(): void
    {
        $codec = new Codec('1900000109', 'wx8888888888888888', self::KEY);
        $wire = $codec->encode(Sandbox::order('190000010926112400000001'));
        foreach ([static fn () => clone $wire->handle, static fn () => serialize($wire)] as $attempt) {
            try {
                $attempt();
                self::fail('it was done');
            } catch (\Error | \LogicException $error) {
                self::assertNotInstanceOf(\PHPUnit\Framework\Exception::class, $error);
            }
        }
        self::assertStringNotContainsString(self::KEY, print_r($codec, true) . print_r($wire, true));
    }
}
