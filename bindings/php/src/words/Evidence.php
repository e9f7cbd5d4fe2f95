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
    /** It was never paid. */
    case NotPaid = 'not_paid';
}
