<?php

declare(strict_types=1);

namespace Redpack;

/** The service refused the order, and nothing says that it holds it. This is no permission for a new order. */
final class Rejected extends RedpackError
{
}
