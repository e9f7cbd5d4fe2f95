<?php

declare(strict_types=1);

namespace Redpack;

/** Nobody knows yet: the money may have moved. Keep the number, and query. */
class OutcomeUnknown extends RedpackError
{
}
