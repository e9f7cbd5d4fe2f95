<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\CodecCalls;
use Redpack\Native\Config;
use Redpack\Native\Make;

/** The protocol alone, for those who post by their own means: encode, post it yourself, have the answer judged. */
final class Codec
{
    private readonly CodecCalls $native;

    public function __construct(
        string $mchId,
        string $appid,
        #[\SensitiveParameter] string $apiKey,
        #[\SensitiveParameter] ?string $workwxSecret = null,
    ) {
        $config = new Config($mchId, $appid, $apiKey);
        $config->set(['workwx_secret' => $workwxSecret]);
        $this->native = new CodecCalls($config);
    }

    /** @throws InvalidRequest which names every problem at once */
    public function encode(Request $request): Wire
    {
        return $this->native->encode($request);
    }

    /** @param array<string, string|int> $fields */
    public function encodeCall(
        string $path,
        array $fields,
        SignType $signType = SignType::Md5,
        ?string $merchantField = null,
        bool $signedAnswer = false,
    ): Wire {
        return $this->native->encodeCall(Make::call($path, $fields, $signType, $merchantField, $signedAnswer));
    }

    /** @throws RedpackError for every outcome but sent */
    public function readSend(Wire $wire, int $httpStatus, string $body): SendResult
    {
        return $this->native->readSend($wire, $httpStatus, $body);
    }

    /** @param \DateTimeInterface|null $now when the answer came, since its meaning depends on the order's age; now */
    public function readQuery(
        Wire $wire,
        int $httpStatus,
        string $body,
        ?\DateTimeInterface $now = null,
    ): QueryResult {
        return $this->native->readQuery($wire, $httpStatus, $body, $now?->getTimestamp() ?? 0);
    }

    public function readCall(Wire $wire, int $httpStatus, string $body): Answer
    {
        return $this->native->readCall($wire, $httpStatus, $body);
    }
}
