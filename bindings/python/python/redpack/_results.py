"""What calls return: frozen classes with the names of the wire. Times are aware; amounts are ints of fen.

``repr`` masks openids. All of them can be pickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Optional, TypeVar

from . import _redpack
from ._raw import Raw
from ._words import Advice, Outcome, Scope

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_T = TypeVar("_T", bound="DataclassInstance")


def _time(text: Any) -> Optional[datetime]:
    return None if text is None else datetime.fromisoformat(text)


def _made(cls: type[_T], told: Mapping[str, Any], **converted: Any) -> _T:
    """An instance of what the core told: a field of that name, or what is given for it.

    Put into it at once: the ``__init__`` of a frozen class takes several times as long.
    """
    made = cls.__new__(cls)
    values = {name: converted[name] if name in converted else told[name] for name in cls.__dataclass_fields__}
    made.__dict__.update(values)
    return made


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
    scope: Scope
    """Whom else it concerns."""
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
            scope=Scope(told["scope"]),
            not_before=_time(told["not_before"]),
            raw=Raw._of(told["answer"]),
        )


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
