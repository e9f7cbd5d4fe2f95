<?php

declare(strict_types=1);

namespace Redpack;

/** What an operator saw in the merchant console. */
enum Evidence: string
{
    /** The packet was paid. */
    case Paid = 'paid';
    /** It was paid, and the money came back. */
    case Refunded = 'refunded';
    /** It was never paid, and can't be any more. Refused for 3 days after the first attempt, unless "manual". */
    case NotPaid = 'not_paid';
}
