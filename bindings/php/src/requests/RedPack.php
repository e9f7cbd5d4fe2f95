<?php

declare(strict_types=1);

namespace Redpack;

/** An ordinary red packet (普通红包), direct or for a sub-merchant. Every name is the wire's. */
final class RedPack implements Request
{
    use Fields;

    public readonly int $total_amount;

    /**
     * @param int $total_amount fen, as an int: 100 is one yuan
     * @param string $mch_billno the order's number, for ever: store it before you send. With an intent and a
     *                           journal it may be left out
     * @param string|null $intent your own name of this payment (an invoice number): needs a journal, in which it leads
     *                            to its order for ever. After `Advice::NewOrderAllowed` use a new one that everybody
     *                            derives in the same way: "invoice-7/2"
     */
    public function __construct(
        public readonly string $re_openid,
        mixed $total_amount,
        public readonly string $mch_billno = '',
        public readonly string $send_name = '',
        public readonly string $act_name = '',
        public readonly string $wishing = '',
        public readonly string $remark = '',
        public readonly ?string $client_ip = null,
        public readonly ?string $scene_id = null,
        public readonly ?string $risk_info = null,
        public readonly ?string $wxappid = null,
        public readonly ?string $sub_mch_id = null,
        public readonly ?string $msgappid = null,
        public readonly ?string $consume_mch_id = null,
        public readonly ?string $nonce_str = null,
        public readonly ?string $intent = null,
    ) {
        $this->total_amount = self::fen($total_amount);
    }

    public function endpoint(): string
    {
        return 'sendredpack';
    }
}
