<?php

declare(strict_types=1);

namespace Redpack\Native;

use Redpack\Caps;
use Redpack\Failover;

/** A native configuration: what a client is made of. */
final class Config
{
    public readonly Handle $handle;

    public function __construct(string $mchId, string $appid, #[\SensitiveParameter] string $apiKey)
    {
        $key = Call::in('apiKey', $apiKey);
        $names = [Call::in('mchId', $mchId), Call::in('appid', $appid)];
        $this->handle = Call::make('config', 'redpack_config_new', $names[0], $names[1], $key);
    }

    /** Whether a text is PEM itself, and not the path of a file. */
    private static function isPem(#[\SensitiveParameter] string $text): bool
    {
        return str_contains($text, '-----BEGIN ');
    }

    /**
     * Credentials for `redpack_config_set_…` and `redpack_client_replace_…`, whose names end alike: the end of the
     * name and the arguments. None if nothing is given.
     *
     * @return array{string, list<mixed>}|null
     */
    public static function credentials(
        ?string $certificate,
        #[\SensitiveParameter] ?string $privateKey,
        #[\SensitiveParameter] ?string $pkcs12,
        #[\SensitiveParameter] ?string $passphrase,
    ): ?array {
        if ($pkcs12 !== null) {
            $passphrase = Call::in('passphrase', $passphrase);
            // DER begins 0x30 and a byte above 0x7f, which no path does that is UTF-8.
            if (preg_match('/\A\x30[\x80-\xff]/', $pkcs12) === 1) {
                return ['pkcs12', [...Call::bytes($pkcs12), $passphrase]];
            }
            return ['pkcs12_file', [Call::in('pkcs12', $pkcs12), $passphrase]];
        }
        if ($certificate === null && $privateKey === null) {
            return null;
        }
        [$certificate, $privateKey] = [$certificate ?? '', $privateKey ?? ''];
        if (self::isPem($certificate) === self::isPem($privateKey) && !self::isPem($certificate)) {
            $paths = [Call::in('certificate', $certificate), Call::in('privateKey', $privateKey)];
            return ['pem_files', $paths];
        }
        $contents = array_map(self::contents(...), [$certificate, $privateKey]);
        return ['pem', [...Call::bytes($contents[0]), ...Call::bytes($contents[1])]];
    }

    /** One of the two is given as a file, the other as text. */
    private static function contents(#[\SensitiveParameter] string $given): string
    {
        return self::isPem($given) ? $given : (string) @file_get_contents($given);
    }

    /** @param array<string, string|int|bool|null> $settings by their names in C; null is left alone */
    public function set(#[\SensitiveParameter] array $settings): void
    {
        foreach ($settings as $name => $value) {
            if ($value !== null) {
                $value = is_string($value) ? Call::in($name, $value) : $value;
                Call::run("redpack_config_set_$name", $this->handle->pointer, $value);
            }
        }
    }

    /** @param array{string, list<mixed>}|null $credentials */
    public function setCredentials(#[\SensitiveParameter] ?array $credentials): void
    {
        if ($credentials !== null) {
            Call::run("redpack_config_set_$credentials[0]", $this->handle->pointer, ...$credentials[1]);
        }
    }

    public function setRoots(?string $roots): void
    {
        if ($roots === 'system') {
            Call::run('redpack_config_set_roots_system', $this->handle->pointer);
        } elseif ($roots !== null && self::isPem($roots)) {
            Call::run('redpack_config_set_roots_pem', $this->handle->pointer, ...Call::bytes($roots));
        } else {
            $this->set(['roots_file' => $roots]);
        }
    }

    public function setCaps(?Caps $caps): void
    {
        if ($caps !== null) {
            $limits = [$caps->orderFen, $caps->recipientDayFen, $caps->merchantDayFen];
            Call::run('redpack_config_set_caps', $this->handle->pointer, ...$limits);
        }
    }

    public function setFailover(?Failover $failover): void
    {
        $number = $failover === null ? null : Words::number(Words::FAILOVERS, $failover);
        $this->set(['failover' => $number]);
    }

    public function setAttemptHook(?callable $hook): void
    {
        if ($hook !== null) {
            $closure = ReadLists::attemptHook($hook);
            Call::run('redpack_config_set_attempt_callback', $this->handle->pointer, $closure, null);
        }
    }

    public function client(bool $shared): Handle
    {
        $function = $shared ? 'redpack_client_shared' : 'redpack_client_new';
        return Call::make('client', $function, $this->handle->pointer);
    }
}
