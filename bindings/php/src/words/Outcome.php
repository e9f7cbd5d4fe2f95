<?php

declare(strict_types=1);

namespace Redpack;

/** What is known of the money. No outcome by itself permits a new order. */
enum Outcome: string
{
    /**
     * The service took the order and the money. It stays so where the packet was not claimed and the money came back
     * (state "refunded"): whether you pay again is then your decision, under a new intent.
     */
    case Sent = 'sent';
    /** No byte of the request can have reached the service. */
    case NotSent = 'not_sent';
    /** Refused, and nothing says that the service holds it. Open until it is sent after all, or closed. */
    case Rejected = 'rejected';
    /** The service holds, or may hold, the order unpaid, and may still pay it by itself. Never pay it another way. */
    case Pending = 'pending';
    /** Everything else: the money may have moved. */
    case Unknown = 'unknown';
}
