<?php

declare(strict_types=1);

namespace Redpack;

/** What to do next. Only `NewOrderAllowed` permits a new order. */
enum Advice: string
{
    /** Nothing: the order was sent. */
    case None = 'none';
    /**
     * Every further call would fail in the same way: stop, and correct credentials, key, settings or product. An
     * unknown or pending order must still be settled after that.
     */
    case FixSetup = 'fix_setup';
    /**
     * Correct a field: with a journal by `amend`, because an order goes out as it was first prepared. Amount and
     * recipient never change under one number: if they are wrong, `close` the order and pay under a new intent.
     */
    case FixOrder = 'fix_order';
    /** Send again: the same number, the same fields, not before `notBefore`. */
    case RetrySameOrder = 'retry_same_order';
    /** Ask what became of the order, and keep its number. */
    case QueryFirst = 'query_first';
    /** This order failed for good: a new one, with a new intent, can't pay twice. */
    case NewOrderAllowed = 'new_order_allowed';
    /** No machine can settle it any more: look into the merchant console, then `resolve`. */
    case AskOperator = 'ask_operator';
}
