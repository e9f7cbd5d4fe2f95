<?php

declare(strict_types=1);

namespace Redpack;

/** A defect of the library, caught. Of a call that sends, the outcome is unknown. */
final class NativeFault extends OutcomeUnknown
{
}
