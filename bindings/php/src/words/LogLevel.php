<?php

declare(strict_types=1);

namespace Redpack;

/** How much the library logs: each level has those before it too. */
enum LogLevel: string
{
    case Error = 'error';
    case Warn = 'warn';
    case Info = 'info';
    case Debug = 'debug';
}
