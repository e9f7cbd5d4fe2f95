"""One base class, and a class for each outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Optional

from ._orders import Order
from ._raw import Raw
from ._results import Problem, _time
from ._words import Advice, Outcome, Scope


class RedpackError(Exception):
    """A call that did not end in "sent" or in an answered query.

    **Read ``outcome`` and ``advice`` to decide what to do**; only ``Advice.NEW_ORDER_ALLOWED`` permits a new
    order, and no error of a send carries it. ``str()`` is one line without secrets, openids masked; the
    service's own texts are in it for people. Errors can be pickled, as results can.
    """

    outcome: Outcome
    """What is known of the money: with a journal of the order, else of this call."""
    advice: Advice
    """What to do next."""
    scope: Scope
    """Whom else it concerns: with ``merchant``, stop the queue."""
    not_before: Optional[datetime]
    """The earliest time to follow the advice, where one is given."""
    err_code: Optional[str]
    """WeChat's code, where it answered with one."""
    err_code_des: Optional[str]
    """WeChat's words, for people. Never branch on them."""
    mch_billno: Optional[str]
    """The order that the call was about; None only where the caller gave none."""
    http_status: Optional[int]
    """The HTTP status, where there was one."""
    kind: str
    """What happened, as a word: ``timeout``, ``answer``, ``invalid_request`` … For logs and metrics."""
    attempt_outcome: Outcome
    """What is known of this very call; ``outcome`` may know more, from a journal."""
    attempts: int
    """How many requests may have left in this call: 0 or 1."""
    problems: tuple[Problem, ...]
    """Every broken rule of a request that was refused here."""
    credential_fault: Optional[str]
    """What is wrong with the credentials: ``wrong_passphrase``, ``key_mismatch``, ``expired`` …"""
    raw: Optional[Raw]
    """The answer with every field, where it could be read."""
    body: Optional[bytes]
    """The answer's body as it came, where anything came. It may hold an openid."""
    order: Optional[Order]
    """The order as the journal has it after the call; None without a journal."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told["message"])
        self._told = dict(told)
        self.outcome = Outcome(told["outcome"])
        self.advice = Advice(told["advice"])
        self.scope = Scope(told["scope"])
        self.not_before = _time(told.get("not_before"))
        self.err_code = told.get("err_code")
        self.err_code_des = told.get("err_code_des")
        self.mch_billno = told.get("mch_billno")
        self.http_status = told.get("http_status")
        self.kind = told["kind"]
        self.attempt_outcome = Outcome(told.get("attempt_outcome", told["outcome"]))
        self.attempts = told.get("attempts", 0)
        self.problems = tuple(Problem(**problem) for problem in told.get("problems", ()))
        self.credential_fault = told.get("credential_fault")
        self.raw = Raw._of(told["raw"]) if "raw" in told else None
        self.body = told.get("body")
        self.order = Order._of(told["order"]) if "order" in told else None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self._told,))


class NotSent(RedpackError):
    """No byte of the request can have reached WeChat: no money has moved. Follow the advice."""


class InvalidRequest(NotSent):
    """A field or an argument breaks a rule: ``problems`` names all of them. Nothing was sent. Of a query, the
    ``outcome`` is ``unknown``: that of its order, which was not asked about."""


class SetupError(NotSent):
    """Credentials, key or settings can't be used. Stop: every further call would fail alike."""


class JournalError(NotSent):
    """The journal could not be opened, or a function of it failed. Nothing was sent."""


class Rejected(RedpackError):
    """Refused, and by all evidence not held by WeChat. Follow the advice; query before you give it up."""


class Pending(RedpackError):
    """WeChat holds, or may hold, the order unpaid: it can still be paid. Keep the number; retry or query."""


class OutcomeUnknown(RedpackError):
    """Nobody knows: the money may have moved. Keep the number; query. Failed queries are of this class too:
    they say nothing of their order."""


class AlreadySent(RedpackError):
    """What was asked can't be, for the order was sent: closing it, say. The money has moved."""


_CLASSES: dict[str, type[RedpackError]] = {
    "setup": SetupError,
    "invalid": InvalidRequest,
    "journal": JournalError,
    "sent": AlreadySent,
    "not_sent": NotSent,
    "rejected": Rejected,
    "pending": Pending,
    "unknown": OutcomeUnknown,
}


def _make(told: dict[str, Any]) -> RedpackError:
    """Called by the native half."""
    return _CLASSES[told["group"]](told)
