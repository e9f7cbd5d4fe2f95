<?php

declare(strict_types=1);

namespace Redpack;

use Redpack\Native\Table;

/** The outcome table as data: every kind of error and every code that the library knows. */
final class Catalogue
{
    /** @return list<string> */
    public static function kinds(): array
    {
        return Table::names('kind');
    }

    /** @return list<string> */
    public static function codes(): array
    {
        return Table::names('code');
    }

    public static function ofKind(string $kind): Verdict
    {
        return Table::verdict('kind', $kind);
    }

    /** @param string|null $errCode null: the row of a code that nobody knows */
    public static function ofCode(?string $errCode): Verdict
    {
        return Table::verdict('code', $errCode);
    }
}
