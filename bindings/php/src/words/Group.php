<?php

declare(strict_types=1);

namespace Redpack;

/** What became of packets that were sent. */
enum Group: string
{
    /** Opened by the recipient. */
    case Received = 'received';
    /** Not opened yet. */
    case Unclaimed = 'unclaimed';
    /** Not opened in time: the money came back, or is on its way. */
    case Refunded = 'refunded';
    /** The service says something that the journal does not expect: look into it. */
    case Contradicting = 'contradicting';
}
