<?php

declare(strict_types=1);

namespace Redpack;

/** Whom else an answer concerns. */
enum Scope: string
{
    /** This order only. */
    case Order = 'order';
    /** Every order to this recipient. */
    case Recipient = 'recipient';
    /** Every order of this merchant: pause the queue. */
    case Merchant = 'merchant';
}
