"""The vocabulary of results. Each word is a ``str`` too: ``Outcome.SENT == "sent"``."""

from __future__ import annotations

from enum import Enum


class _Word(str, Enum):
    def __str__(self) -> str:
        return str(self.value)


class Outcome(_Word):
    """What is known of the money. **No outcome by itself permits a new order**; only the advice
    ``new_order_allowed`` does."""

    SENT = "sent"
    """WeChat accepted the order and took the money from the merchant."""
    NOT_SENT = "not_sent"
    """No byte of the request can have reached WeChat: no money has moved."""
    REJECTED = "rejected"
    """Refused, and by all evidence not held by WeChat."""
    PENDING = "pending"
    """WeChat holds, or may hold, the order unpaid: it can still be paid."""
    UNKNOWN = "unknown"
    """Nobody knows: the money may have moved."""


class Advice(_Word):
    """What to do next."""

    NONE = "none"
    """Nothing: the matter is settled."""
    FIX_SETUP = "fix_setup"
    """Every further call would fail alike: stop, and mend credentials, key, settings or product."""
    FIX_ORDER = "fix_order"
    """Mend the named fields; recipient and amount under one order number never change."""
    RETRY_SAME_ORDER = "retry_same_order"
    """Send again: the same ``mch_billno`` and the same fields, not before ``not_before``."""
    QUERY_FIRST = "query_first"
    """Ask what became of the order, not before ``not_before``, and keep its number."""
    NEW_ORDER_ALLOWED = "new_order_allowed"
    """This order failed for good: a new one, under a new number, can't pay twice."""
    ASK_OPERATOR = "ask_operator"
    """No machine can settle it any more: look into the merchant console."""


class Scope(_Word):
    """Whom else it concerns."""

    ORDER = "order"
    """This order only."""
    RECIPIENT = "recipient"
    """Every order to this recipient."""
    MERCHANT = "merchant"
    """Every order of this merchant: pause the queue."""


class Failover(_Word):
    """When the backup host takes over."""

    OFF = "off"
    """Never."""
    CONNECT_PHASE = "connect_phase"
    """When the primary host can't be reached, so that nothing can have been sent. The default."""
    AFTER_SENDING = "after_sending"
    """The same; besides, a repeated attempt in settling may go to the other host."""


class Evidence(_Word):
    """What an operator found out, outside of this program."""

    PAID = "paid"
    """The money was paid."""
    REFUNDED = "refunded"
    """It was paid, not claimed, and is back."""
    NOT_PAID = "not_paid"
    """It was not paid, and can't be any more. Closes the order."""


class SignType(_Word):
    """How something is signed."""

    MD5 = "MD5"
    """32 characters; the only one that works for red packets."""
    HMAC_SHA256 = "HMAC-SHA256"
    """64 characters, for other endpoints of APIv2."""
