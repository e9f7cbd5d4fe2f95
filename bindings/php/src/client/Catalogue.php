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

    /** @return list<string> the kinds of a JournalError */
    public static function journalKinds(): array
    {
        return Table::names('journal_kind');
    }

    /** @return list<string> */
    public static function codes(): array
    {
        return Table::names('code');
    }

    /** @return list<string> what a query may tell of an order */
    public static function queryStatuses(): array
    {
        return Table::names('query_status');
    }

    /** @return list<string> the states of an order in a journal */
    public static function states(): array
    {
        return Table::names('state');
    }

    /** @return array<string, array<string, array{maxBytes: int, required: bool}>> the fields of each endpoint */
    public static function endpoints(): array
    {
        return Table::endpoints();
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

    /** Of return_code FAIL, where the service speaks of the communication. */
    public static function ofCommunication(?string $errCode): Verdict
    {
        return Table::verdict('communication', $errCode);
    }

    /** The reason and the age of SENDING left aside; null: NOT_FOUND. */
    public static function ofQueryStatus(?string $status): Verdict
    {
        return Table::verdict('query_status', $status);
    }
}
