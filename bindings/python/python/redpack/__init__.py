"""WeChat Pay cash red packets (微信支付现金红包), so that nobody is paid twice and no outcome gets lost.

>>> import redpack
>>> redpack.fen_from_yuan("1.23")
123

``Client`` and ``AsyncClient`` send and ask; ``protocol`` has the pure functions; ``testing`` starts a gateway for
your own tests. **No outcome by itself permits a new order. Only ``Advice.NEW_ORDER_ALLOWED`` does.**
"""

import atexit as _atexit
from typing import TYPE_CHECKING as _TYPE_CHECKING

from . import protocol
from ._client import Client
from ._errors import (
    AlreadySent,
    InvalidRequest,
    JournalError,
    NotSent,
    OutcomeUnknown,
    Pending,
    RedpackError,
    Rejected,
    SetupError,
)
from ._fields import MiniProgramRedPack, RedPack, WorkwxRedPack
from ._journal import Journal
from ._orders import Attempt, Decision, Order, Pause, Reconciled, Recovered, Settlement
from ._raw import Element, Raw
from ._redpack import __version__, _interpreter_ends
from ._results import (
    AttemptEvent,
    Certificate,
    Check,
    OrderRecord,
    Problem,
    QueryResult,
    Receiver,
    SendResult,
    Verdict,
)
from ._settings import Caps, Settings
from ._words import Advice, Evidence, Failover, Outcome, Scope, SignType
from .protocol import fen_from_yuan, fen_to_yuan, new_mch_billno

if _TYPE_CHECKING:
    from ._async_client import AsyncClient
else:

    def __getattr__(name: str) -> object:
        """``AsyncClient``, when it is asked for: asyncio takes longer to load than everything else together."""
        if name == "AsyncClient":
            from ._async_client import AsyncClient

            globals()[name] = AsyncClient
            return AsyncClient
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "Advice",
    "AlreadySent",
    "AsyncClient",
    "Attempt",
    "AttemptEvent",
    "Caps",
    "Certificate",
    "Check",
    "Client",
    "Decision",
    "Element",
    "Evidence",
    "Failover",
    "InvalidRequest",
    "Journal",
    "JournalError",
    "MiniProgramRedPack",
    "NotSent",
    "Order",
    "OrderRecord",
    "Outcome",
    "OutcomeUnknown",
    "Pause",
    "Pending",
    "Problem",
    "QueryResult",
    "Raw",
    "Receiver",
    "Reconciled",
    "Recovered",
    "RedPack",
    "RedpackError",
    "Rejected",
    "Scope",
    "SendResult",
    "Settlement",
    "Settings",
    "SetupError",
    "SignType",
    "Verdict",
    "WorkwxRedPack",
    "__version__",
    "fen_from_yuan",
    "fen_to_yuan",
    "new_mch_billno",
    "protocol",
]

# Daemon threads with a call under way must not come back into an interpreter that is going down.
_atexit.register(_interpreter_ends)
