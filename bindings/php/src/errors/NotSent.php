<?php

declare(strict_types=1);

namespace Redpack;

/** No byte of the request can have reached the service: no money has moved. */
class NotSent extends RedpackError
{
}
