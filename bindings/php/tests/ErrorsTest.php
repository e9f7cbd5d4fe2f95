<?php

declare(strict_types=1);

namespace Redpack\Tests;

use PHPUnit\Framework\TestCase;
use Redpack\Catalogue;
use Redpack\Client;
use Redpack\InvalidRequest;
use Redpack\JournalError;
use Redpack\Native\Call;
use Redpack\Native\Failure;
use Redpack\Native\Words;
use Redpack\RedpackError;
use Redpack\RedpackException;
use Redpack\SetupError;

final class ErrorsTest extends TestCase
{
    private static function header(): string
    {
        return (string) file_get_contents(Files::package() . '/src/Native/redpack.h');
    }

    /** @return array<int, string> the words of an enumeration of the header */
    private static function enumeration(string $name): array
    {
        preg_match_all('/\bREDPACK_' . $name . '_([A-Z0-9_]+) = (\d+)/', self::header(), $found, PREG_SET_ORDER);
        $words = [];
        foreach ($found as [, $word, $number]) {
            $words[(int) $number] = $word;
        }
        return $words;
    }

    public function testEveryStatusHasItsException(): void
    {
        $statuses = array_keys(self::enumeration('STATUS'));
        self::assertSame([0, ...array_keys(Failure::CLASSES)], $statuses);
    }

    public function testTheWordsAreTheHeaders(): void
    {
        $lists = [
            'OUTCOME' => [0 => null] + Words::OUTCOMES,
            'ADVICE' => Words::ADVICE,
            'SCOPE' => Words::SCOPES,
            'SIGN_TYPE' => Words::SIGN_TYPES,
            'FAILOVER' => Words::FAILOVERS,
            'LOG_LEVEL' => [null, ...Words::LOG_LEVELS],
            'EVIDENCE' => Words::EVIDENCE,
            'GROUP' => Words::GROUPS,
        ];
        foreach ($lists as $name => $list) {
            $none = $name === 'LOG_LEVEL' ? 'OFF' : 'NONE';
            $words = array_map(
                static fn (?\BackedEnum $word): string => strtoupper(strtr($word->value ?? $none, '-', '_')),
                $list,
            );
            self::assertSame(self::enumeration($name), $words, $name);
        }
    }

    public function testEveryFunctionThatIsCalledIsDeclared(): void
    {
        preg_match_all('/\b(redpack_\w+)\(/', self::header(), $found);
        $declared = array_flip($found[1]);
        foreach (glob(Files::package() . '/src/*/*.php') ?: [] as $file) {
            preg_match_all('/\bredpack_\w*[a-z]\b/', (string) file_get_contents($file), $found);
            foreach ($found[0] as $name) {
                $type = preg_match("/^typedef struct $name |^} $name;/m", self::header()) === 1;
                self::assertTrue(isset($declared[$name]) || $type, "$name in $file");
            }
        }
    }

    public function testOneBaseClassForAll(): void
    {
        foreach (glob(Files::package() . '/src/errors/*.php') ?: [] as $file) {
            $class = 'Redpack\\' . basename($file, '.php');
            if (is_a($class, \Throwable::class, true)) {
                self::assertTrue(is_a($class, RedpackException::class, true), $class);
            }
        }
        self::assertTrue(is_a(RedpackError::class, RedpackException::class, true));
        foreach (Failure::CLASSES as $class) {
            self::assertTrue(is_a($class, RedpackError::class, true), $class);
        }
    }

    public function testEveryKindAndCodeHasAVerdict(): void
    {
        self::assertGreaterThan(20, count(Catalogue::kinds()));
        foreach (Catalogue::kinds() as $kind) {
            self::assertNotSame('new_order_allowed', Catalogue::ofKind($kind)->advice->value, $kind);
        }
        self::assertGreaterThan(20, count(Catalogue::codes()));
        foreach ([...Catalogue::codes(), null, 'NEVER_SEEN'] as $code) {
            self::assertNotSame('new_order_allowed', Catalogue::ofCode($code)->advice->value, (string) $code);
        }
        foreach ([...Catalogue::codes(), null] as $code) {
            self::assertSame('unknown', Catalogue::ofCommunication($code)->outcome->value, (string) $code);
        }
        $allowed = array_filter(
            [...Catalogue::queryStatuses(), null, 'NEVER_SEEN'],
            static fn (?string $status): bool =>
                Catalogue::ofQueryStatus($status)->advice === \Redpack\Advice::NewOrderAllowed,
        );
        self::assertSame(['FAILED'], array_values($allowed));
        self::assertContains('manual', Catalogue::states());
        self::assertContains('journal_unavailable', Catalogue::journalKinds());
        $fields = Catalogue::endpoints();
        self::assertCount(5, $fields);
        self::assertSame(['maxBytes' => 128, 'required' => true], $fields['sendredpack']['wishing']);
        self::assertFalse($fields['sendredpack']['nonce_str']['required']);
        $this->expectException(InvalidRequest::class);
        Catalogue::ofKind('no such kind');
    }

    public function testCredentialFaultsAreNamedApart(): void
    {
        $given = ['mchId' => '1900000109', 'appid' => 'wx8888888888888888', 'apiKey' => str_repeat('k', 32)];
        $faults = [];
        $cases = [
            [],
            ['certificate' => '/nowhere.pem', 'privateKey' => '/nowhere.pem'],
            ['pkcs12' => "\x30\x82\x01\x00"],
            ['pkcs12' => __FILE__],
            ['certificate' => "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", 'privateKey' => 'x'],
        ];
        foreach ($cases as $case) {
            try {
                new Client(...$given, ...$case);
                self::fail('a client was made');
            } catch (SetupError $error) {
                self::assertSame('fix_setup', $error->advice->value);
                $faults[] = $error->credentialFault;
            }
        }
        self::assertGreaterThan(2, count(array_unique($faults)), print_r($faults, true));
    }

    public function testSettingsOfNoSenseAreRefused(): void
    {
        $given = ['mchId' => '1900000109', 'appid' => 'wx8888888888888888', 'apiKey' => str_repeat('k', 32)];
        $cases = [
            ['connectLimitMs' => -1],
            ['sourceAddress' => 'nowhere'],
            ['proxy' => "a\0b"],
        ];
        foreach ($cases as $case) {
            try {
                new Client(...$given, ...$case);
                self::fail('a client was made of ' . print_r($case, true));
            } catch (InvalidRequest $error) {
                self::assertSame('not_sent', $error->outcome->value);
            }
        }
        $this->expectException(JournalError::class);
        \Redpack\Journal::open('mysql://x');
    }

    public function testSecretsAreNotInErrorsOrTraces(): void
    {
        $canary = 'canary00canary00canary00canary00';
        try {
            new Client('1900000109', 'wx8888888888888888', $canary, pkcs12: "\x30\x82$canary", passphrase: $canary);
            self::fail('a client was made');
        } catch (SetupError $error) {
            self::assertStringNotContainsString($canary, $error->getMessage());
            if (PHP_VERSION_ID >= 80200) {
                self::assertStringNotContainsString($canary, print_r($error->getTrace(), true));
            }
        }
    }

    public function testFailuresLeaveNoMemoryBehind(): void
    {
        $fail = static function (): void {
            try {
                Call::run('redpack_kind_verdict', 'x', null, null, null);
            } catch (InvalidRequest) {
            }
        };
        for ($warm = 0; $warm < 200; $warm++) {
            $fail();
        }
        $before = memory_get_usage();
        for ($round = 0; $round < 2000; $round++) {
            $fail();
        }
        self::assertLessThan($before + 50_000, memory_get_usage());
    }
}
