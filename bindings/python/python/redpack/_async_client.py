"""The same client for asyncio: calls run on threads of its own."""

from __future__ import annotations

import asyncio
import functools
import logging
import weakref
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Callable, Optional, TypeVar, Union

from . import _redpack, protocol
from ._client import Client, _gone
from ._errors import NotSent, RedpackError
from ._journal import Journal
from ._orders import Reconciled, Recovered, Settlement
from ._raw import Raw
from ._results import Check, QueryResult, SendResult
from ._settings import Fields, Material
from ._words import Evidence, SignType
from ._workers import Workers

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from ._fields import MiniProgramRedPack, RedPack, WorkwxRedPack
    from ._settings import Settings

_T = TypeVar("_T")
Late = Union[SendResult, QueryResult, Settlement, Recovered, Reconciled, Raw, RedpackError]
"""What a call came to, or the error that it ended with."""
OnLate = Callable[[Optional[str], Late], object]
_log = logging.getLogger("redpack")


class AsyncClient:
    """``Client`` for asyncio: the same arguments and the same methods, to be awaited.

    Calls run on at most ``workers`` threads of the client's own (64 unless given); more wait in a queue. It may
    be used from several event loops.

    **A task that is cancelled gets its CancelledError at once, and the order's outcome stays to be had.** A call
    whose first byte has not left by then sends nothing. One that has been sent goes on: its end is told to
    ``on_late(mch_billno, result_or_error)``, on whatever thread, and logged; with a journal it is in the
    journal, for ``settle`` and ``recover``; without one, query the order.

    ``async with`` (or ``aclose``) waits for the calls under way. An interpreter that exits doesn't: what is under
    way then is unknown, and with a journal ``recover`` settles it at the next start.
    """

    def __init__(
        self, *, workers: int = 64, on_late: Optional[OnLate] = None, **settings: Unpack[Settings]
    ) -> None:
        """As ``Client``; besides:

        :param workers: how many calls run at the same time, at most
        :param on_late: told of what a call came to whose task was cancelled. What it raises is logged
        """
        if workers < 1:
            raise ValueError("workers must be at least 1")
        self._client = Client(**settings)
        self._workers = Workers(workers)
        self._on_late = on_late
        self._closing = False
        self._running: weakref.WeakSet[Future[Any]] = weakref.WeakSet()
        # Not at exit: daemons end with the process.
        weakref.finalize(self, self._workers.dismiss).atexit = False

    async def _run(self, mch_billno: Optional[str], call: Callable[[], _T]) -> _T:
        if self._closing:
            raise _gone()
        wanted = _redpack.Wanted()
        try:
            future = self._workers.submit(functools.partial(wanted.run, call))
        except RuntimeError as error:
            raise _not_started(mch_billno, str(error)) from error
        self._running.add(future)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            wanted.give_up()
            if not future.cancelled():
                future.add_done_callback(functools.partial(_late, self._on_late, mch_billno))
            raise

    async def send(self, **order: Unpack[RedPack]) -> SendResult:
        """As ``Client.send``."""
        return await self._run(order.get("mch_billno"), lambda: self._client.send(**order))

    async def send_mini_program(self, **order: Unpack[MiniProgramRedPack]) -> SendResult:
        """As ``Client.send_mini_program``."""
        return await self._run(order.get("mch_billno"), lambda: self._client.send_mini_program(**order))

    async def send_workwx(self, **order: Unpack[WorkwxRedPack]) -> SendResult:
        """As ``Client.send_workwx``."""
        return await self._run(order.get("mch_billno"), lambda: self._client.send_workwx(**order))

    async def query(self, mch_billno: str, *, appid: Optional[str] = None) -> QueryResult:
        """As ``Client.query``."""
        return await self._run(mch_billno, lambda: self._client.query(mch_billno, appid=appid))

    async def query_workwx(self, mch_billno: str, *, appid: Optional[str] = None) -> QueryResult:
        """As ``Client.query_workwx``."""
        return await self._run(mch_billno, lambda: self._client.query_workwx(mch_billno, appid=appid))

    async def call(
        self,
        path: str,
        fields: Fields,
        *,
        sign_type: Union[SignType, str] = SignType.MD5,
        merchant_field: str = "mch_id",
        signed_answer: bool = False,
    ) -> Raw:
        """As ``Client.call``."""
        call = functools.partial(
            self._client.call,
            path,
            fields,
            sign_type=sign_type,
            merchant_field=merchant_field,
            signed_answer=signed_answer,
        )
        return await self._run(None, call)

    async def settle(self, *, limit: float = 60.0, **order: Unpack[RedPack]) -> Settlement:
        """As ``Client.settle``. If its task is cancelled, it makes no further request."""
        return await self._run(
            order.get("mch_billno"), lambda: self._client.settle(limit=limit, **order)
        )

    async def settle_mini_program(
        self, *, limit: float = 60.0, **order: Unpack[MiniProgramRedPack]
    ) -> Settlement:
        """As ``Client.settle_mini_program``."""
        return await self._run(
            order.get("mch_billno"), lambda: self._client.settle_mini_program(limit=limit, **order)
        )

    async def settle_workwx(
        self, *, limit: float = 60.0, **order: Unpack[WorkwxRedPack]
    ) -> Settlement:
        """As ``Client.settle_workwx``."""
        return await self._run(
            order.get("mch_billno"), lambda: self._client.settle_workwx(limit=limit, **order)
        )

    async def amend(self, **order: Unpack[RedPack]) -> Settlement:
        """As ``Client.amend``."""
        return await self._run(order.get("mch_billno"), lambda: self._client.amend(**order))

    async def amend_mini_program(self, **order: Unpack[MiniProgramRedPack]) -> Settlement:
        """As ``Client.amend_mini_program``."""
        return await self._run(order.get("mch_billno"), lambda: self._client.amend_mini_program(**order))

    async def amend_workwx(self, **order: Unpack[WorkwxRedPack]) -> Settlement:
        """As ``Client.amend_workwx``."""
        return await self._run(order.get("mch_billno"), lambda: self._client.amend_workwx(**order))

    async def settle_number(self, mch_billno: str, *, limit: float = 60.0) -> Settlement:
        """As ``Client.settle_number``."""
        return await self._run(mch_billno, lambda: self._client.settle_number(mch_billno, limit=limit))

    async def close(self, mch_billno: str) -> Settlement:
        """As ``Client.close``: closes an order. To let the client go, see ``aclose``."""
        return await self._run(mch_billno, lambda: self._client.close(mch_billno))

    async def resolve(
        self,
        mch_billno: str,
        evidence: Union[Evidence, str],
        *,
        who: str,
        why: str,
        send_listid: Optional[str] = None,
    ) -> Settlement:
        """As ``Client.resolve``."""
        call = functools.partial(
            self._client.resolve, mch_billno, evidence, who=who, why=why, send_listid=send_listid
        )
        return await self._run(mch_billno, call)

    async def recover(self, *, limit: float = 60.0) -> Recovered:
        """As ``Client.recover``."""
        return await self._run(None, lambda: self._client.recover(limit=limit))

    async def reconcile(self, *, limit: float = 60.0) -> Reconciled:
        """As ``Client.reconcile``."""
        return await self._run(None, lambda: self._client.reconcile(limit=limit))

    async def check(self) -> Check:
        """As ``Client.check``; it takes no time."""
        return self._client.check()

    async def replace_credentials(
        self,
        *,
        certificate: Optional[Material] = None,
        private_key: Optional[Material] = None,
        pkcs12: Optional[Material] = None,
        passphrase: Optional[str] = None,
    ) -> None:
        """As ``Client.replace_credentials``."""
        call = functools.partial(
            self._client.replace_credentials,
            certificate=certificate,
            private_key=private_key,
            pkcs12=pkcs12,
            passphrase=passphrase,
        )
        await self._run(None, call)

    async def replace_api_key(self, api_key: str) -> None:
        """As ``Client.replace_api_key``."""
        await self._run(None, lambda: self._client.replace_api_key(api_key))

    @property
    def journal(self) -> Optional[Journal]:
        """As ``Client.journal``. Its functions block: call them with ``asyncio.to_thread``."""
        return self._client.journal

    @property
    def mch_id(self) -> str:
        """The merchant number."""
        return self._client.mch_id

    async def aclose(self) -> None:
        """Takes no more calls, waits for those under way, those of cancelled tasks too, and lets the client
        go."""
        running = [asyncio.wrap_future(future) for future in self._running if not future.done()]
        self._closing = True
        try:
            await asyncio.gather(*running, return_exceptions=True)
        finally:
            self._workers.dismiss()
            self._client.shutdown()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return repr(self._client).replace("Client", "AsyncClient", 1)

    def __reduce__(self) -> Any:
        raise TypeError("an AsyncClient holds keys and can't be pickled: make one in each process")


def _not_started(mch_billno: Optional[str], why: str) -> NotSent:
    verdict = protocol.kinds()["not_started"]
    return NotSent(
        {
            "kind": "not_started",
            "message": f"the call never started: {why}",
            "outcome": verdict.outcome,
            "advice": verdict.advice,
            "scope": verdict.scope,
            "mch_billno": mch_billno,
        }
    )


def _late(on_late: Optional[OnLate], mch_billno: Optional[str], future: Future[Any]) -> None:
    """What a call came to whose task had been cancelled."""
    if future.cancelled():
        return
    error = future.exception()
    if error is not None and not isinstance(error, RedpackError):
        _log.error("order=%s: a call whose task was cancelled failed: %r", mch_billno, error)
        return
    told: Late = future.result() if error is None else error
    outcome = getattr(told, "outcome", "sent" if isinstance(told, Raw) else "-")
    _log.warning("order=%s outcome=%s after its task was cancelled", mch_billno, outcome)
    if on_late is not None:
        try:
            on_late(mch_billno, told)
        except Exception:
            _log.exception("order=%s: on_late failed", mch_billno)
