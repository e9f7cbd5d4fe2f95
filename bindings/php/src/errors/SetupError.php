<?php

declare(strict_types=1);

namespace Redpack;

/** Credentials or settings can't be used. Nothing was sent, and nothing can be until this is corrected. */
class SetupError extends RedpackError
{
}
