<?php

declare(strict_types=1);

namespace Redpack;

/** A function of the journal failed; nothing was sent. */
final class JournalError extends RedpackError
{
}
