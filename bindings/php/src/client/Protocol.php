<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\Functions;

/** The protocol's pure functions: no network, no credentials. */
final class Protocol
{
    /** @param array<string, string|int> $fields what is signed; empty values and `sign` are not */
    public static function sign(
        array $fields,
        #[\SensitiveParameter] string $key,
        SignType $signType = SignType::Md5,
    ): string {
        return Functions::sign($fields, $key, $signType);
    }

    /** @param array<string, string|int> $fields */
    public static function verify(array $fields, #[\SensitiveParameter] string $key, string $signature): bool
    {
        return Functions::verify($fields, $key, $signature);
    }

    /** @param array<string, string|int> $fields those that WeCom signs are chosen among them */
    public static function workwxSign(array $fields, #[\SensitiveParameter] string $secret): string
    {
        return Functions::workwxSign($fields, $secret);
    }

    /** `paySign` of wx.sendBizRedPacket; the package is taken as the service gave it. */
    public static function paySign(
        string $appId,
        string $timeStamp,
        string $nonceStr,
        string $package,
        #[\SensitiveParameter] string $key,
    ): string {
        return Functions::paySign(compact('appId', 'timeStamp', 'nonceStr', 'package', 'key'));
    }

    /** `package` of wx.sendBizRedPacket: that of the answer, URL-encoded. */
    public static function packageEncoded(string $package): string
    {
        return Functions::packageEncoded($package);
    }

    /**
     * What is signed, without the key.
     *
     * @param array<string, string|int> $fields
     */
    public static function canonical(array $fields): string
    {
        return Functions::canonical($fields);
    }

    /** @param array<string, string|int> $fields */
    public static function xmlWrite(array $fields): string
    {
        return Functions::xmlWrite($fields);
    }

    /** Under the limits of an answer: no DOCTYPE, at most 1 MiB, whole. */
    public static function xmlRead(string $xml): Answer
    {
        return Functions::xmlRead($xml);
    }

    /** A new order number, of the system's random source. Store it before you send. */
    public static function newMchBillno(string $mchId): string
    {
        return Functions::newMchBillno($mchId);
    }

    /** Whether a text is a legal order number: 1 to 28 letters and digits. */
    public static function isMchBillno(string $text): bool
    {
        return Functions::isMchBillno($text);
    }

    /** "1.23" is 123 fen; what is not exact is an error. */
    public static function fenFromYuan(string $yuan): int
    {
        return Functions::fenFromYuan($yuan);
    }

    public static function fenToYuan(int $fen): string
    {
        return Functions::fenToYuan($fen);
    }

    /** The field risk_info of what is known of the recipient. */
    public static function riskInfo(
        ?string $posttime = null,
        ?string $mobile = null,
        ?string $deviceid = null,
        ?string $clientversion = null,
    ): string {
        return Functions::riskInfo(compact('posttime', 'mobile', 'deviceid', 'clientversion'));
    }

    /** For logs: "oxTW***6E". */
    public static function maskOpenid(string $openid): string
    {
        return Functions::maskOpenid($openid);
    }

    /** The version of the native library. */
    public static function version(): string
    {
        return Functions::version();
    }
}
