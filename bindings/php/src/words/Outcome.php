<?php

declare(strict_types=1);

namespace Redpack;

/** What is known of the money. No outcome by itself permits a new order. */
enum Outcome: string
{
    /** The service took the order and the money. */
    case Sent = 'sent';
    /** No byte of the request can have reached the service. */
    case NotSent = 'not_sent';
    /** Refused, and by all evidence not held by the service. */
    case Rejected = 'rejected';
    /** The service holds, or may hold, the order unpaid. */
    case Pending = 'pending';
    /** Everything else: the money may have moved. */
    case Unknown = 'unknown';
}
