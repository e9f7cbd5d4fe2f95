<?php

declare(strict_types=1);

namespace Redpack;

/** The service holds, or may hold, the order unpaid: keep its number. */
final class Pending extends RedpackError
{
}
