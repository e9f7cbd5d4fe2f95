<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\Handle;

/** A request as it goes over the wire. `Codec` makes it, and reads what was answered to it. */
final class Wire
{
    /** @internal */
    public function __construct(
        public readonly string $path,
        public readonly string $body,
        public readonly ?string $nonceStr,
        public readonly ?string $mchBillno,
        /** @internal */
        public readonly Handle $handle,
    ) {
    }
}
