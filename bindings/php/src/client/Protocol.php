<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\Call;
use Redpack\Native\Library;
use Redpack\Native\Make;
use Redpack\Native\Read;
use Redpack\Native\Words;

/** The protocol's pure functions: no network, no credentials. */
final class Protocol
{
    /** Sizes of buffers, by redpack.h. */
    private const SIGNATURE = 65;
    private const MCH_BILLNO = 29;
    private const YUAN = 24;

    /** @param array<string, string|int> $fields what is signed; empty values and `sign` are not */
    public static function sign(
        array $fields,
        #[\SensitiveParameter] string $key,
        SignType $signType = SignType::Md5,
    ): string {
        $list = Make::fields($fields);
        $type = Words::number(Words::SIGN_TYPES, $signType);
        $key = Call::in('key', $key);
        return Call::buffer(self::SIGNATURE, 'redpack_sign', $list->pointer, $key, $type);
    }

    /** @param array<string, string|int> $fields */
    public static function verify(array $fields, #[\SensitiveParameter] string $key, string $signature): bool
    {
        $list = Make::fields($fields);
        $texts = [Call::in('key', $key), Call::in('signature', $signature)];
        return (bool) Call::number('bool', 'redpack_verify', $list->pointer, ...$texts);
    }

    /** @param array<string, string|int> $fields those that WeCom signs are chosen among them */
    public static function workwxSign(array $fields, #[\SensitiveParameter] string $secret): string
    {
        $list = Make::fields($fields);
        $secret = Call::in('secret', $secret);
        return Call::buffer(self::SIGNATURE, 'redpack_workwx_sign', $list->pointer, $secret);
    }

    /** `paySign` of wx.sendBizRedPacket; the package is taken as the service gave it. */
    public static function paySign(
        string $appId,
        string $timeStamp,
        string $nonceStr,
        string $package,
        #[\SensitiveParameter] string $key,
    ): string {
        return Call::buffer(
            self::SIGNATURE,
            'redpack_pay_sign',
            Call::in('appId', $appId),
            Call::in('timeStamp', $timeStamp),
            Call::in('nonceStr', $nonceStr),
            Call::in('package', $package),
            Call::in('key', $key),
        );
    }

    /**
     * What is signed, without the key.
     *
     * @param array<string, string|int> $fields
     */
    public static function canonical(array $fields): string
    {
        $list = Make::fields($fields);
        return Call::text('redpack_canonical', $list->pointer);
    }

    /** @param array<string, string|int> $fields */
    public static function xmlWrite(array $fields): string
    {
        $list = Make::fields($fields);
        return Call::text('redpack_xml_write', $list->pointer);
    }

    /** Under the limits of an answer: no DOCTYPE, at most 1 MiB, whole. */
    public static function xmlRead(string $xml): Answer
    {
        $answer = Call::make('answer', 'redpack_xml_read', ...Call::bytes($xml));
        return Read::answer($answer->pointer) ?? new Answer([]);
    }

    /** A new order number, of the system's random source. Store it before you send. */
    public static function newMchBillno(string $mchId): string
    {
        return Call::buffer(self::MCH_BILLNO, 'redpack_new_mch_billno', Call::in('mchId', $mchId));
    }

    /** "1.23" is 123 fen; what is not exact is an error. */
    public static function fenFromYuan(string $yuan): int
    {
        return (int) Call::number('int64_t', 'redpack_fen_from_yuan', Call::in('yuan', $yuan));
    }

    public static function fenToYuan(int $fen): string
    {
        return Call::buffer(self::YUAN, 'redpack_fen_to_yuan', $fen);
    }

    /** The field risk_info of what is known of the recipient. */
    public static function riskInfo(
        ?string $posttime = null,
        ?string $mobile = null,
        ?string $deviceid = null,
        ?string $clientversion = null,
    ): string {
        return Call::text(
            'redpack_risk_info',
            Call::in('posttime', $posttime),
            Call::in('mobile', $mobile),
            Call::in('deviceid', $deviceid),
            Call::in('clientversion', $clientversion),
        );
    }

    /** For logs: "oxTW***6E". */
    public static function maskOpenid(string $openid): string
    {
        return Call::text('redpack_mask_openid', Call::in('openid', $openid));
    }

    /** The version of the native library. */
    public static function version(): string
    {
        return (string) Library::get()->redpack_version();
    }
}
