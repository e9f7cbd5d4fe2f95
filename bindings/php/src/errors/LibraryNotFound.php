<?php

declare(strict_types=1);

namespace Redpack;

/** The native library can't be used; the message names what is missing, and how to correct it. Nothing was sent. */
final class LibraryNotFound extends SetupError
{
}
