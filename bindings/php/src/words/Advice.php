<?php

declare(strict_types=1);

namespace Redpack;

/** What to do next. Only `NewOrderAllowed` permits a new order. */
enum Advice: string
{
    /** Nothing: the matter is settled. */
    case None = 'none';
    /** Every further call would fail alike: stop, and mend credentials, key, settings or product. */
    case FixSetup = 'fix_setup';
    /** Mend a field; amount and recipient under one number never change. */
    case FixOrder = 'fix_order';
    /** Send again: the same number, the same fields, not before `notBefore`. */
    case RetrySameOrder = 'retry_same_order';
    /** Ask what became of the order, and keep its number. */
    case QueryFirst = 'query_first';
    /** This order failed for good: a new one can't pay twice. */
    case NewOrderAllowed = 'new_order_allowed';
    /** No machine can settle it any more: look into the merchant console, then `resolve`. */
    case AskOperator = 'ask_operator';
}
