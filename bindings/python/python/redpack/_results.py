"""What calls return: frozen classes with the names of the wire. Times are aware; amounts are ints of fen.

``repr`` masks openids. All of them can be pickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, Optional, TypeVar

from . import _redpack
from ._raw import Raw
from ._words import Advice, Outcome, Scope

_T = TypeVar("_T")
_STATES = {state: (Outcome(outcome), settled) for state, outcome, settled in _redpack.states()}


def _time(text: Any) -> Optional[datetime]:
    return None if text is None else datetime.fromisoformat(text)


def _made(cls: type[_T], told: Mapping[str, Any], **converted: Any) -> _T:
    """An instance of what the core told: a field of that name, or what is given for it."""
    names = (of.name for of in fields(cls) if of.init)  # type: ignore[arg-type]
    return cls(**{name: converted[name] if name in converted else told[name] for name in names})


def _masked(openid: Optional[str]) -> Optional[str]:
    return None if openid is None else _redpack.mask_openid(openid)


@dataclass(frozen=True)
class Problem:
    """A broken rule: which field, which rule, and the length of the value; never the value."""

    field: str
    """The field's name on the wire, or the argument's."""
    rule: str
    """The rule, as the end of a sentence that starts with the field's name."""
    length: int
    """The value's length in bytes of UTF-8; 0 where there is none."""


@dataclass(frozen=True)
class SendResult:
    """WeChat accepted the order and took the money. Whether the user claims the packet, or it goes back after
    24 hours, only a query tells."""

    mch_billno: str
    """The order number."""
    send_listid: Optional[str]
    """WeChat's own number of the packet (微信单号)."""
    total_amount: Optional[int]
    """The amount in fen, as echoed."""
    send_time: Optional[datetime]
    """When it was sent; today's service leaves it out."""
    package: Optional[str]
    """Mini program packets: what goes to ``wx.sendBizRedPacket``; see ``protocol.pay_sign``."""
    recorded: bool
    """Whether this is the journal's record of an earlier send, and nothing was sent now."""
    raw: Raw
    """Every field as it came; none where the journal answers."""

    @property
    def outcome(self) -> Outcome:
        """Always ``sent``: everything else is raised."""
        return Outcome.SENT

    @property
    def advice(self) -> Advice:
        """Always ``none``."""
        return Advice.NONE

    @classmethod
    def _of(cls, told: dict[str, Any]) -> SendResult:
        return _made(cls, told, send_time=_time(told["send_time"]), raw=Raw._of(told["answer"]))


@dataclass(frozen=True)
class Receiver:
    """Somebody who claimed a packet."""

    openid: Optional[str] = field(repr=False)
    """The claimer's openid."""
    amount: Optional[int]
    """What they got, in fen."""
    rcv_time: Optional[datetime]
    """When they claimed it."""

    def __repr__(self) -> str:
        return f"Receiver(openid={_masked(self.openid)!r}, amount={self.amount!r}, rcv_time={self.rcv_time!r})"


@dataclass(frozen=True)
class OrderRecord:
    """An order as WeChat knows it. What is missing, or can't be read as its type, is None; ``raw`` has it."""

    mch_id: Optional[str]
    detail_id: Optional[str]
    """WeChat's own number of the packet."""
    status: Optional[str]
    """``SENDING``, ``SENT``, ``FAILED``, ``RECEIVED``, ``RFUND_ING``, ``REFUND``, or something new."""
    send_type: Optional[str]
    hb_type: Optional[str]
    total_num: Optional[int]
    total_amount: Optional[int]
    reason: Optional[str]
    """Why it failed, or is stuck."""
    send_time: Optional[datetime]
    refund_time: Optional[datetime]
    refund_amount: Optional[int]
    wishing: Optional[str]
    remark: Optional[str]
    act_name: Optional[str]
    sender_name: Optional[str]
    receivers: tuple[Receiver, ...]
    """Who claimed it."""

    @classmethod
    def _of(cls, told: dict[str, Any]) -> OrderRecord:
        receivers = tuple(
            _made(Receiver, receiver, rcv_time=_time(receiver["rcv_time"])) for receiver in told["receivers"]
        )
        times = {name: _time(told[name]) for name in ("send_time", "refund_time")}
        return _made(cls, told, receivers=receivers, **times)


@dataclass(frozen=True)
class QueryResult:
    """A query that WeChat answered."""

    mch_billno: str
    """The order that was asked about."""
    order: Optional[OrderRecord]
    """The order; None for NOT_FOUND, **which is not a failure**: it may still be on its way, or be older than
    30 days."""
    outcome: Outcome
    """What is known of the order's money."""
    advice: Advice
    """What to do next; ``new_order_allowed`` only where WeChat says FAILED."""
    not_before: Optional[datetime]
    """The earliest time to follow the advice, where one is given."""
    raw: Raw
    """Every field as it came."""

    @property
    def found(self) -> bool:
        """Whether WeChat knows the order."""
        return self.order is not None

    @property
    def status(self) -> Optional[str]:
        """The order's status; None where it isn't known."""
        return None if self.order is None else self.order.status

    @classmethod
    def _of(cls, told: dict[str, Any]) -> QueryResult:
        return _made(
            cls,
            told,
            order=None if told["order"] is None else OrderRecord._of(told["order"]),
            outcome=Outcome(told["outcome"]),
            advice=Advice(told["advice"]),
            not_before=_time(told["not_before"]),
            raw=Raw._of(told["answer"]),
        )


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

    @property
    def open(self) -> tuple[Settlement, ...]:
        """Those whose money question is still open."""
        return tuple(settlement for settlement in self.orders if not settlement.settled)

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Recovered:
        return cls(orders=tuple(Settlement._of(settlement) for settlement in told["orders"]))


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
class Certificate:
    """The merchant's certificate."""

    common_name: Optional[str]
    """The subject's common name: with WeChat's certificates the merchant number."""
    serial_number: str
    """In upper-case hex, as the merchant platform shows it."""
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class Check:
    """What an inspection of credentials and settings found."""

    mch_id: str
    certificate: Certificate
    days_left: int
    """Whole days until the certificate expires."""
    base_url: str
    """Where requests go."""
    backup_url: Optional[str]
    """Where they go when that host can't be reached."""
    findings: tuple[str, ...]
    """What deserves a look; empty if nothing does: ``expires_soon``, ``not_yet_valid``, ``unusual_name``,
    ``unusual_host``, ``unusual_appid``."""

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Check:
        of = told["certificate"]
        times = {name: _time(of[name]) for name in ("not_before", "not_after")}
        certificate = _made(Certificate, of, **times)
        return _made(cls, told, certificate=certificate, findings=tuple(told["findings"]))


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


@dataclass(frozen=True)
class AttemptEvent:
    """One call that reached for the network, as the hook ``on_attempt`` is told of it. No secrets, no
    openids."""

    path: str
    """The path below the host."""
    mch_billno: Optional[str]
    host: str
    """The host, and its port where that is not 443."""
    phase: str
    """How far the call came."""
    connection_reused: bool
    """Whether a kept-alive connection served it."""
    elapsed: float
    """How long it took, in seconds."""
    outcome: Outcome
    """What is known of the money; of an answered query, of the order."""
    kind: Optional[str]
    """What went wrong, if anything did."""
    err_code: Optional[str]
    http_status: Optional[int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "outcome", Outcome(self.outcome))


@dataclass(frozen=True)
class Verdict:
    """What is known, and what now: a row of the tables."""

    outcome: Outcome
    advice: Advice
    scope: Scope
    wait: str
    """How long to wait first: ``no``, ``one_second``, ``back_off``, ``minutes``, ``twenty_minutes``,
    ``tomorrow``."""

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Verdict:
        words = {"outcome": Outcome(told["outcome"]), "advice": Advice(told["advice"])}
        return _made(cls, told, scope=Scope(told["scope"]), **words)
