<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\Advice;
use Redpack\AttemptEvent;
use Redpack\Caps;
use Redpack\Evidence;
use Redpack\InvalidRequest;
use Redpack\JournalError;
use Redpack\MiniProgramRedPack;
use Redpack\NotSent;
use Redpack\Outcome;
use Redpack\OutcomeUnknown;
use Redpack\Pending;
use Redpack\Protocol;
use Redpack\RedpackError;
use Redpack\Rejected;
use Redpack\Scope;
use Redpack\SetupError;
use Redpack\WorkwxRedPack;

/** Every method of the client, against a sandbox over real TLS. */
final class ClientTest extends TestCase
{
    private static Sandbox $sandbox;

    public static function setUpBeforeClass(): void
    {
        self::$sandbox = new Sandbox();
    }

    protected function setUp(): void
    {
        self::$sandbox->control('POST', '/reset', []);
    }

    private static function number(): string
    {
        return Protocol::newMchBillno('1900000109');
    }

    public function testSendsAndQueriesAllKinds(): void
    {
        $client = self::$sandbox->client();
        $texts = ['act_name' => '猜灯谜', 'wishing' => '元宵节快乐', 'remark' => '快来抢'];
        $sent = $client->send(Sandbox::order($number = self::number()));
        self::assertSame([$number, 100, false], [$sent->mchBillno, $sent->totalAmount, $sent->recorded]);
        self::assertNotNull($sent->sendListid);
        self::assertSame('SUCCESS', $sent->answer?->text('result_code'));
        self::$sandbox->control('POST', '/claim', ['mch_billno' => $number]);
        $told = $client->query($number);
        self::assertSame(['RECEIVED', Outcome::Sent, Advice::None], [$told->status, $told->outcome, $told->advice]);
        self::assertSame(100, $told->receivers[0]->amount);
        self::assertSame('+08:00', $told->receivers[0]->time?->format('P'));

        $first = $number;
        $mini = new MiniProgramRedPack('o1', 100, $number = self::number(), '天虹百货', ...$texts);
        self::assertStringContainsString('sendid', (string) $client->send($mini)->package);
        self::assertSame('SENT', $client->query($number)->status);

        $workwx = new WorkwxRedPack('o1', 100, $number = self::number(), ...$texts, sender_name: '天虹');
        self::assertSame($number, $client->send($workwx)->mchBillno);
        self::assertSame('SENT', $client->queryWorkwx($number)->status);

        $fields = ['mch_billno' => $first, 'appid' => 'wx8888888888888888', 'bill_type' => 'MCHT'];
        $answer = $client->call('/mmpaymkttransfers/gethbinfo', $fields);
        self::assertSame('SUCCESS', $answer->text('return_code'));
    }

    /** @return iterable<string, array{string, class-string, Outcome, Advice, int}> */
    public static function faults(): iterable
    {
        $unknown = [OutcomeUnknown::class, Outcome::Unknown, Advice::QueryFirst];
        yield 'a lost answer' => ['f--drop-after', ...$unknown, 1];
        yield 'an answer that is no XML' => ['f--not-xml', ...$unknown, 1];
        yield 'an answer about another order' => ['f--wrong-echo', ...$unknown, 1];
        yield 'SYSTEMERROR, paid' => ['f--SYSTEMERROR-after', ...$unknown, 1];
        yield 'SYSTEMERROR, not paid' => ['f--SYSTEMERROR-before', ...$unknown, 0];
        yield 'a code that nobody knows' => ['f--NEVER_SEEN', ...$unknown, 0];
        yield 'no money' => ['f--NOTENOUGH', Pending::class, Outcome::Pending, Advice::RetrySameOrder, 0];
        yield 'refused' => ['f--OPENID_ERROR', Rejected::class, Outcome::Rejected, Advice::QueryFirst, 0];
    }

    /** @dataProvider faults */
    public function testFaultsBecomeTypedExceptions(
        string $openid,
        string $class,
        Outcome $outcome,
        Advice $advice,
        int $debits,
    ): void {
        $number = self::number();
        try {
            self::$sandbox->client()->send(Sandbox::order($number, $openid));
            self::fail('it was sent');
        } catch (RedpackError $error) {
            self::assertSame([$class, $outcome, $advice], [$error::class, $error->outcome, $error->advice]);
            self::assertSame($number, $error->mchBillno);
            self::assertSame(1, $error->attempts);
            self::assertStringNotContainsString($openid, $error->getMessage());
        }
        self::assertSame($debits, self::$sandbox->totals()['debits']);
        self::assertSame(1, self::$sandbox->totals()['sends']);
    }

    public function testAnswersOfErrorsAreAttached(): void
    {
        try {
            self::$sandbox->client()->send(Sandbox::order(self::number(), 'f--NOTENOUGH'));
            self::fail('it was sent');
        } catch (Pending $error) {
            self::assertSame(['NOTENOUGH', Scope::Merchant, 200], [$error->errCode, $error->scope, $error->httpStatus]);
            self::assertSame('NOTENOUGH', $error->answer?->text('err_code'));
            self::assertStringContainsString('NOTENOUGH', (string) $error->body);
            self::assertGreaterThan(new \DateTimeImmutable('-5 seconds'), $error->notBefore);
        }
    }

    public function testNothingLeavesWhereNobodyIsOrIsTrusted(): void
    {
        $number = self::number();
        $closed = self::$sandbox->client(baseUrl: 'https://127.0.0.1:1');
        $strange = self::$sandbox->client(roots: null);
        $cases = [[$closed, 'connect', Advice::RetrySameOrder], [$strange, 'server_certificate', Advice::FixSetup]];
        foreach ($cases as [$client, $kind, $advice]) {
            try {
                $client->send(Sandbox::order($number));
                self::fail('it was sent');
            } catch (NotSent $error) {
                self::assertSame([$kind, $advice, 0], [$error->kind, $error->advice, $error->attempts]);
            }
        }
        self::assertSame(0, self::$sandbox->totals()['sends']);
    }

    public function testSharedClientsKeepTheirConnections(): void
    {
        $before = self::$sandbox->totals()['tls_handshakes'];
        for ($round = 0; $round < 5; $round++) {
            // The object dies with each round, as with each request of php-fpm.
            self::$sandbox->client(attemptLimitMs: 19_001)->send(Sandbox::order(self::number()));
        }
        self::assertSame($before + 1, self::$sandbox->totals()['tls_handshakes']);
    }

    public function testCredentialsComeAsPathsTextsAndPkcs12(): void
    {
        $dir = self::$sandbox->dir;
        [$cert, $key] = ["$dir/apiclient_cert.pem", "$dir/apiclient_key.pem"];
        $read = static fn (string $file): string => (string) file_get_contents($file);
        $ways = [
            ['certificate' => $read($cert), 'privateKey' => $read($key), 'roots' => $read("$dir/ca.pem")],
            ['certificate' => $cert, 'privateKey' => $read($key)],
            ['certificate' => null, 'privateKey' => null, 'pkcs12' => "$dir/apiclient_cert.p12"],
            ['certificate' => null, 'privateKey' => null, 'pkcs12' => $read("$dir/apiclient_cert.p12"),
                'passphrase' => '1900000109'],
        ];
        foreach ($ways as $way) {
            $client = self::$sandbox->client(...$way);
            self::assertNotNull($client->send(Sandbox::order(self::number()))->sendListid);
        }
        $client = self::$sandbox->client(shared: false);
        $client->replaceCredentials(pkcs12: "$dir/apiclient_cert.p12");
        $client->replaceCredentials($cert, $key);
        try {
            $client->replaceCredentials(pkcs12: "$dir/apiclient_cert.p12", passphrase: 'wrong');
            self::fail('a wrong passphrase was taken');
        } catch (SetupError $error) {
            self::assertNotNull($error->credentialFault);
        }
        $client->send(Sandbox::order(self::number()));
        $client->replaceApiKey(str_repeat('x', 32));
        $this->expectException(Rejected::class);
        $client->send(Sandbox::order(self::number()));
    }

    public function testCheck(): void
    {
        $check = self::$sandbox->client()->check();
        self::assertSame(['1900000109', '1900000109'], [$check->mchId, $check->commonName]);
        self::assertGreaterThan(0, $check->daysLeft);
        self::assertGreaterThan($check->notBefore, $check->notAfter);
        self::assertArrayHasKey('unusual_host', $check->findings);
    }

    public function testTheHookIsToldAndCantBreakACall(): void
    {
        $events = [];
        $hook = function (AttemptEvent $event) use (&$events): void {
            $events[] = $event;
            throw new \RuntimeException('a defect of the hook (this line belongs to the test)');
        };
        $client = self::$sandbox->client(onAttempt: $hook, shared: false);
        $log = ini_set('error_log', '/dev/null');
        $client->send(Sandbox::order($number = self::number()));
        $client->query($number);
        ini_set('error_log', (string) $log);
        self::assertSame([$number, $number], array_column($events, 'mchBillno'));
        self::assertSame([false, true], array_column($events, 'connectionReused'));
        self::assertSame(Outcome::Sent, $events[0]->outcome);
        self::assertGreaterThan(0, $events[0]->elapsedUs);
    }

    public function testEachSharerHasAHookOfItsOwn(): void
    {
        $told = ['a' => [], 'b' => []];
        $hook = function (string $who) use (&$told): callable {
            return function (AttemptEvent $event) use (&$told, $who): void {
                $told[$who][] = $event->mchBillno;
            };
        };
        // A limit that no other test has: a client, and a connection, that only these three share.
        $make = fn (?callable $hook) => self::$sandbox->client(attemptLimitMs: 19_876, onAttempt: $hook);
        $handshakes = self::$sandbox->totals()['tls_handshakes'];
        [$a, $b, $silent] = [$make($hook('a')), $make($hook('b')), $make(null)];
        [$one, $two, $three] = [self::number(), self::number(), self::number()];
        $a->send(Sandbox::order($one));
        $b->send(Sandbox::order($two));
        $silent->send(Sandbox::order($three));
        unset($a);
        $b->query($one);
        self::assertSame(['a' => [$one], 'b' => [$two, $one]], $told);
        self::assertSame($handshakes + 1, self::$sandbox->totals()['tls_handshakes']);
    }

    public function testTheHookMayUseTheLibrary(): void
    {
        $inside = [];
        $hook = function () use (&$inside): void {
            try {
                Protocol::fenFromYuan('wrong');
            } catch (RedpackError $error) {
                $inside[] = $error->kind;
            }
        };
        $client = self::$sandbox->client(onAttempt: $hook);
        for ($round = 0; $round < 3; $round++) {
            try {
                $client->send(Sandbox::order($number = self::number(), 'f--NOTENOUGH'));
                self::fail('it was sent');
            } catch (Pending $error) {
                self::assertSame(['NOTENOUGH', $number], [$error->errCode, $error->mchBillno]);
            }
        }
        self::assertCount(3, $inside);
        self::assertNotContains('answer', $inside);
    }

    public function testAJournalPaysOnce(): void
    {
        $folder = Files::folder();
        $client = self::$sandbox->client(journal: "sqlite:$folder/payments.db", caps: new Caps(orderFen: 20_000));
        self::assertSame([], $client->recover(1000)->settlements);
        $order = static fn () => Sandbox::order('', 'f--drop-after', intent: 'invoice 7');
        $settled = $client->settle($order(), 15_000);
        self::assertSame([true, Outcome::Sent], [$settled->settled, $settled->outcome]);
        $number = (string) $settled->order?->mchBillno;
        self::assertSame($number, $client->settle($order(), 15_000)->order?->mchBillno);
        self::assertSame(1, self::$sandbox->debits($number));
        self::assertTrue($client->settleNumber($number, 1000)->settled);

        $journal = $client->journal();
        self::assertNotNull($journal);
        self::assertSame($number, $journal->orderOfIntent('1900000109', 'invoice 7')?->mchBillno);
        self::assertNull($journal->order('1900000109', 'nosuchorder'));
        $listed = $journal->list('1900000109');
        self::assertSame([$number, 'f--drop-after'], [$listed[0]->mchBillno, $listed[0]->fields['re_openid']]);
        $attempt = $journal->attempts('1900000109', $number)[0];
        self::assertSame(['unknown', Advice::QueryFirst, false], [$attempt->outcome, $attempt->advice, $attempt->late]);
        self::assertNotNull($attempt->finishedAt);
        self::assertSame(100, $journal->spentToday('1900000109'));
        self::assertFalse($journal->suspected());
        $journal->pause('1900000109', 'a test');
        self::assertSame([true, 'a test'], [$journal->paused('1900000109'), $journal->pauseReason('1900000109')]);
        self::assertSame([[], null], [$journal->decisions('1900000109', $number), $journal->suspicion()]);
        try {
            $client->send(Sandbox::order(self::number()));
            self::fail('a paused merchant paid');
        } catch (NotSent $error) {
            self::assertSame('held_back', $error->kind);
        }
        $journal->resume('1900000109');

        self::$sandbox->control('POST', '/claim', ['mch_billno' => $number]);
        self::$sandbox->control('POST', '/clock', ['advance_seconds' => 90_000]);
        $reconciled = $client->reconcile(10_000);
        self::assertSame(0, $reconciled->failed);
        Files::remove($folder);
    }

    public function testARefusedOrderIsMendedAndPaid(): void
    {
        $folder = Files::folder();
        $client = self::$sandbox->client(journal: "sqlite:$folder/payments.db");
        $order = static fn (mixed ...$more) => Sandbox::order('', 'f--PARAM_ERROR--1', ...$more, intent: 'invoice 9');
        $refused = $client->settle($order(), 15_000);
        self::assertSame([Outcome::Rejected, Advice::FixOrder], [$refused->outcome, $refused->advice]);
        $left = $client->recover(1000);
        self::assertSame([[], 0, 0, null], [$left->settlements, $left->open, $left->waiting, $left->nextDue]);
        $amended = $client->amend($order(wishing: '新年快乐'));
        self::assertSame(
            [Advice::RetrySameOrder, '新年快乐'],
            [$amended->advice, $amended->order?->fields['wishing']],
        );
        $paid = $client->settle($order(), 15_000);
        self::assertSame([Outcome::Sent, '新年快乐'], [$paid->outcome, $paid->order?->fields['wishing']]);
        try {
            $client->amend($order(wishing: 'too late'));
            self::fail('a paid order was amended');
        } catch (OutcomeUnknown $error) {
            self::assertSame(['not_permitted', Outcome::Sent], [$error->kind, $error->outcome]);
        }
        try {
            $client->send(Sandbox::order($number = self::number(), 'f--PROCESSING'));
            self::fail('it was sent');
        } catch (Pending) {
        }
        $left = $client->recover(1000);
        self::assertSame([[], 1], [$left->settlements, $left->waiting]);
        self::assertGreaterThan(time(), $left->nextDue?->getTimestamp());
        self::assertSame(Scope::Order, $client->query($number)->scope);
        try {
            $client->send(Sandbox::order('', intent: ''));
            self::fail('an empty intent was taken');
        } catch (InvalidRequest $error) {
            self::assertSame('intent', $error->problems[0]->field);
        }
        Files::remove($folder);
    }

    public function testClosingAndConflicts(): void
    {
        $folder = Files::folder();
        $client = self::$sandbox->client(journal: "sqlite:$folder/payments.db");
        try {
            $client->send(Sandbox::order($number = self::number(), 'f--PARAM_ERROR'));
            self::fail('it was sent');
        } catch (Rejected $error) {
            self::assertSame('rejected', $error->order?->state);
        }
        try {
            $client->send(Sandbox::order($number, 'f--PARAM_ERROR', total_amount: 101));
            self::fail('another amount was sent');
        } catch (NotSent $error) {
            self::assertSame(['order_conflict', Advice::FixOrder], [$error->kind, $error->advice]);
        }
        $closed = $client->close($number);
        self::assertSame([true, Advice::NewOrderAllowed], [$closed->settled, $closed->advice]);
        self::assertSame(Advice::NewOrderAllowed, $closed->order?->advice);
        try {
            $client->resolve($number, Evidence::NotPaid, 'me', 'a test');
            self::fail('a settled order was resolved');
        } catch (RedpackError $error) {
            self::assertNotSame('', $error->getMessage());
        }
        $this->expectException(RedpackError::class);
        $client->close('nosuchorder');
    }
}
