<?php

declare(strict_types=1);

namespace Redpack;

/** A field or an argument breaks a rule; `problems` names every one. Nothing was sent. */
final class InvalidRequest extends NotSent
{
}
