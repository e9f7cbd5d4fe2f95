<?php

declare(strict_types=1);

namespace Redpack;

/** Everything that this package throws, so that one `catch` is enough where the details don't matter. */
interface RedpackException extends \Throwable
{
}
