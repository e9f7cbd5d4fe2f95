<?php

declare(strict_types=1);

namespace Redpack;

/** A WeCom red packet (企业红包). The client needs its `workwxSecret`. */
final class WorkwxRedPack implements Request
{
    use Fields;

    public readonly int $total_amount;

    /** @param int $total_amount fen, as an int: 100 is one yuan */
    public function __construct(
        public readonly string $re_openid,
        mixed $total_amount,
        public readonly string $mch_billno = '',
        public readonly string $act_name = '',
        public readonly string $wishing = '',
        public readonly string $remark = '',
        public readonly ?string $sender_name = null,
        public readonly ?string $sender_header_media_id = null,
        public readonly ?int $agentid = null,
        public readonly ?string $scene_id = null,
        public readonly ?string $wxappid = null,
        public readonly ?string $nonce_str = null,
        public readonly ?string $intent = null,
    ) {
        $this->total_amount = self::fen($total_amount);
    }

    public function endpoint(): string
    {
        return 'sendworkwxredpack';
    }
}
