<?php

declare(strict_types=1);

namespace Redpack\Native;

use Redpack\Answer;
use Redpack\SignType;

/** The protocol's pure functions. */
final class Functions
{
    /** Sizes of buffers: REDPACK_SIGNATURE_SIZE and its siblings in redpack.h of C. */
    private const SIGNATURE = 65;
    private const MCH_BILLNO = 29;
    private const YUAN = 24;

    public static function sign(array $fields, #[\SensitiveParameter] string $key, SignType $signType): string
    {
        $list = Make::fields($fields);
        $type = Words::number(Words::SIGN_TYPES, $signType);
        $key = Call::in('key', $key);
        return Call::buffer(self::SIGNATURE, 'redpack_sign', $list->pointer, $key, $type);
    }

    public static function verify(array $fields, #[\SensitiveParameter] string $key, string $signature): bool
    {
        $list = Make::fields($fields);
        $texts = [Call::in('key', $key), Call::in('signature', $signature)];
        return (bool) Call::number('bool', 'redpack_verify', $list->pointer, ...$texts);
    }

    public static function workwxSign(array $fields, #[\SensitiveParameter] string $secret): string
    {
        $list = Make::fields($fields);
        $secret = Call::in('secret', $secret);
        return Call::buffer(self::SIGNATURE, 'redpack_workwx_sign', $list->pointer, $secret);
    }

    /** @param array<string, string> $texts in the order of C's parameters */
    public static function paySign(#[\SensitiveParameter] array $texts): string
    {
        $texts = array_map(Call::in(...), array_keys($texts), $texts);
        return Call::buffer(self::SIGNATURE, 'redpack_pay_sign', ...$texts);
    }

    public static function packageEncoded(string $package): string
    {
        return Call::text('redpack_package_encoded', Call::in('package', $package));
    }

    public static function isMchBillno(string $text): bool
    {
        return !str_contains($text, "\0") && Library::get()->redpack_is_mch_billno($text);
    }

    public static function canonical(array $fields): string
    {
        $list = Make::fields($fields);
        return Call::text('redpack_canonical', $list->pointer);
    }

    public static function xmlWrite(array $fields): string
    {
        $list = Make::fields($fields);
        return Call::text('redpack_xml_write', $list->pointer);
    }

    public static function xmlRead(string $xml): Answer
    {
        $answer = Call::make('answer', 'redpack_xml_read', ...Call::bytes($xml));
        return Read::answer($answer->pointer) ?? new Answer([]);
    }

    public static function newMchBillno(string $mchId): string
    {
        return Call::buffer(self::MCH_BILLNO, 'redpack_new_mch_billno', Call::in('mchId', $mchId));
    }

    public static function fenFromYuan(string $yuan): int
    {
        return (int) Call::number('int64_t', 'redpack_fen_from_yuan', Call::in('yuan', $yuan));
    }

    public static function fenToYuan(int $fen): string
    {
        return Call::buffer(self::YUAN, 'redpack_fen_to_yuan', $fen);
    }

    /** @param array<string, string|null> $texts in the order of C's parameters */
    public static function riskInfo(array $texts): string
    {
        return Call::text('redpack_risk_info', ...array_map(Call::in(...), array_keys($texts), $texts));
    }

    public static function maskOpenid(string $openid): string
    {
        return Call::text('redpack_mask_openid', Call::in('openid', $openid));
    }

    public static function version(): string
    {
        return (string) Library::get()->redpack_version();
    }
}
