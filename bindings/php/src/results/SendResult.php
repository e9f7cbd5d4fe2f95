<?php

declare(strict_types=1);

namespace Redpack;

/** The order was sent: the service took it and the money. */
final class SendResult
{
    /**
     * @param int $totalAmount fen; 0 where the answer told none
     * @param string|null $package of a mini program: what wx.sendBizRedPacket wants
     * @param bool $recorded whether the journal knew it already, so that nothing was sent now
     */
    public function __construct(
        public readonly string $mchBillno,
        public readonly ?string $sendListid,
        public readonly ?string $package,
        public readonly int $totalAmount,
        public readonly ?\DateTimeImmutable $sendTime,
        public readonly bool $recorded,
        public readonly ?Answer $answer,
    ) {
    }
}
