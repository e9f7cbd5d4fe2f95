<?php

declare(strict_types=1);

namespace Redpack;

/** When the backup host takes over. */
enum Failover: string
{
    /** Never. */
    case Off = 'off';
    /** When the primary host can't be reached, so that nothing can have left. The default. */
    case ConnectPhase = 'connect_phase';
    /** Also for a later attempt of an order that may have reached the primary host; in `settle` only. */
    case AfterSending = 'after_sending';
}
