"""What the journal has of orders, and what settling and its kin come to: frozen classes, as all results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, Optional

from . import _redpack
from ._results import _made, _masked, _time
from ._words import Advice, Outcome, Scope

_STATES = {state: (Outcome(outcome), settled) for state, outcome, settled in _redpack.states()}


@dataclass(frozen=True)
class Order:
    """An order as the journal has it."""

    mch_id: str
    mch_billno: str
    intent: Optional[str]
    """Your own name of the payment."""
    kind: str
    """The endpoint: ``sendredpack``, ``sendminiprogramhb`` or ``sendworkwxredpack``."""
    sub_mch_id: str
    wxappid: str
    re_openid: str
    total_amount: int
    """In fen."""
    total_num: int
    consume_mch_id: str
    fields: Mapping[str, str]
    """The fields that may be amended, by their names on the wire. Read-only."""
    state: str
    """``prepared``, ``sending``, ``sent``, ``rejected``, ``pending``, ``unknown``, ``received``,
    ``refunding``, ``refunded``, ``closed`` or ``manual``."""
    ambiguous: bool
    """Whether an attempt's outcome was ``pending`` or ``unknown`` and no query has cleared that."""
    failed: bool
    """Whether a query answered FAILED."""
    may_attempt: bool
    suspect: bool
    """Whether the row may be older than reality (a restored copy)."""
    attempts: int
    """Attempts begun."""
    reached: int
    """Attempts that may have reached WeChat."""
    created_at: datetime
    updated_at: datetime
    first_attempt_at: Optional[datetime]
    advice: Optional[str]
    """The advice of the last answer; a settlement's own ``advice`` is the one to follow."""
    scope: Optional[str]
    err_code: Optional[str]
    not_before: Optional[datetime]
    send_listid: Optional[str]
    query_status: Optional[str]
    queried_at: Optional[datetime]
    queries: int
    ambiguous_host: Optional[str]
    fence: int
    seq: int
    """Its place in the order of preparation: the cursor of ``Journal.orders``."""

    @property
    def outcome(self) -> Outcome:
        """What is known of its money."""
        return _STATES[self.state][0]

    @property
    def settled(self) -> bool:
        """Whether the money question has its answer: sent, or closed."""
        return _STATES[self.state][1]

    def __repr__(self) -> str:
        return (
            f"Order(mch_id={self.mch_id!r}, mch_billno={self.mch_billno!r}, state={self.state!r}, "
            f"re_openid={_masked(self.re_openid)!r}, total_amount={self.total_amount!r}, "
            f"attempts={self.attempts!r}, err_code={self.err_code!r})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        given = {of.name: getattr(self, of.name) for of in fields(self)}
        given["fields"] = dict(self.fields)
        return (_order, (given,))

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Order:
        names = ("created_at", "updated_at", "first_attempt_at", "not_before", "queried_at")
        times = {name: _time(told[name]) for name in names}
        return _made(cls, told, fields=MappingProxyType(told["fields"]), **times)


def _order(given: dict[str, Any]) -> Order:
    return Order(**{**given, "fields": MappingProxyType(given["fields"])})


@dataclass(frozen=True)
class Settlement:
    """What a settlement came to."""

    order: Order
    """The order as the journal has it now."""
    outcome: Outcome
    """What is known of its money."""
    advice: Advice
    """What to do next."""
    scope: Scope
    """Whom else that concerns."""
    look_again: Optional[datetime]
    """When to look again; None where nothing is left to look at."""
    attempts: int
    """How many attempts this settlement made."""
    queries: int
    """How many queries it made."""
    hosts: tuple[str, ...]
    """The hosts that its attempts went to."""
    trouble: Optional[str]
    """The last trouble on the way, for people."""

    @property
    def mch_billno(self) -> str:
        """The order number."""
        return self.order.mch_billno

    @property
    def settled(self) -> bool:
        """Whether the money question has its answer: sent, or closed."""
        return self.order.settled

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Settlement:
        return _made(
            cls,
            told,
            order=Order._of(told["order"]),
            outcome=Outcome(told["outcome"]),
            advice=Advice(told["advice"]),
            scope=Scope(told["scope"]),
            look_again=_time(told["look_again"]),
            hosts=tuple(told["hosts"]),
        )


@dataclass(frozen=True)
class Recovered:
    """What a recovery found and did."""

    orders: tuple[Settlement, ...]
    """Every order that was open and due, as it is now."""
    waiting: int
    """How many more are open, and not due yet or in other hands."""
    next_due: Optional[datetime]
    """When the first of all those that are open is due; None where none is. Call again then."""

    @property
    def open(self) -> tuple[Settlement, ...]:
        """Those whose money question is still open."""
        return tuple(settlement for settlement in self.orders if not settlement.settled)

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Recovered:
        return cls(
            orders=tuple(Settlement._of(settlement) for settlement in told["orders"]),
            waiting=told["waiting"],
            next_due=_time(told["next_due"]),
        )


@dataclass(frozen=True)
class Reconciled:
    """What a reconciliation found."""

    asked: int
    """How many orders were asked about."""
    received: tuple[Order, ...]
    """Orders that were claimed."""
    unclaimed: tuple[Order, ...]
    """Orders that nobody has claimed yet."""
    refunded: tuple[Order, ...]
    """Orders whose money came back, or is on its way."""
    contradicting: tuple[Order, ...]
    """Orders of which WeChat says otherwise than the journal: an operator must look."""
    failed: int
    """How many queries failed; their orders stay due."""

    @property
    def refunded_fen(self) -> int:
        """The money that came back, or is on its way."""
        return sum(order.total_amount for order in self.refunded)

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Reconciled:
        lists = ("received", "unclaimed", "refunded", "contradicting")
        return _made(cls, told, **{name: tuple(map(Order._of, told[name])) for name in lists})


@dataclass(frozen=True)
class Attempt:
    """One attempt of an order, as the journal has it."""

    fence: int
    number: int
    """Its number within the order, from 1."""
    host: str
    owner: str
    """Whose it was: one open journal of one process."""
    began_at: datetime
    finished_at: Optional[datetime]
    """When its outcome was written; None: it never was, so the outcome is unknown."""
    outcome: Optional[str]
    advice: Optional[str]
    err_code: Optional[str]
    http_status: Optional[int]
    phase: Optional[str]
    """How far it came: ``start``, ``resolve``, ``connect``, ``handshake``, ``ready``, ``send``, ``answer``."""
    elapsed_ms: Optional[int]
    late: bool
    """Whether the outcome came after the lease had been taken over."""

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Attempt:
        return _made(cls, told, **{name: _time(told[name]) for name in ("began_at", "finished_at")})


@dataclass(frozen=True)
class Decision:
    """An operator's decision, as the journal has it."""

    at: datetime
    who: str
    why: str
    evidence: str
    state_before: str

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Decision:
        return _made(cls, told, at=_time(told["at"]))


@dataclass(frozen=True)
class Pause:
    """A merchant's stopped queue."""

    reason: str
    until: Optional[datetime]
    """None: until somebody resumes it."""
