<?php

declare(strict_types=1);

namespace Redpack;

/** The service refused the order and, by all evidence, does not hold it. This is no permission for a new order. */
final class Rejected extends RedpackError
{
}
