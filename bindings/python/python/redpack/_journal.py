"""The journal: what it has of orders, and the merchant's queue."""

from __future__ import annotations

from typing import Any, Optional

from . import _redpack
from ._orders import Attempt, Decision, Order, Pause
from ._results import _time


class Journal:
    """A journal of orders, which survives crashes: with one, no order is paid twice and no outcome is lost.

    Any number of threads and, after ``fork``, the child may use it. Several clients may share one. Don't open
    the same SQLite file with ``sqlite3`` in the same process.
    """

    __slots__ = ("_native",)
    _native: _redpack.Journal

    def __init__(self, url: str) -> None:
        """Opens a journal, and makes or migrates it where needed: ``sqlite:PATH``, one file for the processes
        of one host; or ``postgresql://USER:PASSWORD@HOST/DATABASE``, one database for several hosts. No error
        shows the URL."""
        self._native = _redpack.Journal(url)

    @classmethod
    def _of(cls, native: _redpack.Journal) -> Journal:
        journal = cls.__new__(cls)
        journal._native = native
        return journal

    def order(self, mch_id: str, mch_billno: str) -> Optional[Order]:
        """An order by its number."""
        told = self._native.order(mch_id, mch_billno)
        return None if told is None else Order._of(told)

    def order_of_intent(self, mch_id: str, intent: str) -> Optional[Order]:
        """An order by your own name of the payment."""
        told = self._native.order_of_intent(mch_id, intent)
        return None if told is None else Order._of(told)

    def orders(
        self,
        mch_id: Optional[str] = None,
        *,
        state: Optional[str] = None,
        after: int = 0,
        limit: int = 100,
    ) -> tuple[Order, ...]:
        """A page of orders in the order of their preparation, after the one with that ``seq``."""
        return tuple(map(Order._of, self._native.orders(mch_id, state, after, limit)))

    def attempts(self, mch_id: str, mch_billno: str) -> tuple[Attempt, ...]:
        """The attempts of an order, first to last; none where there is no such order."""
        return tuple(map(Attempt._of, self._native.attempts(mch_id, mch_billno)))

    def decisions(self, mch_id: str, mch_billno: str) -> tuple[Decision, ...]:
        """The operators' decisions about an order, first to last."""
        return tuple(map(Decision._of, self._native.decisions(mch_id, mch_billno)))

    def pause(self, mch_id: str, reason: str, length: Optional[float] = None) -> None:
        """Stops a merchant's queue for so many seconds, or until it is resumed: no attempt begins meanwhile."""
        self._native.pause(mch_id, reason, length)

    def resume(self, mch_id: str) -> None:
        """Lets a merchant's queue go on."""
        self._native.resume(mch_id)

    def paused(self, mch_id: str) -> Optional[Pause]:
        """The merchant's pause, if its queue is stopped now."""
        told = self._native.paused(mch_id)
        return None if told is None else Pause(reason=told[0], until=_time(told[1]))

    def spent_today(self, mch_id: str, re_openid: Optional[str] = None) -> int:
        """The fen that are counted today for a merchant, or for one recipient of it. Only attempts of clients
        with caps count."""
        return self._native.spent_today(mch_id, re_openid)

    def suspected(self) -> Optional[str]:
        """What gives the journal away as an old copy (a restored backup), or None. Meanwhile orders that were
        in it are queried before anything else, and new payments by intent wait for ``accept_restore``."""
        return self._native.suspected()

    def accept_restore(self, who: str, why: str) -> None:
        """An operator's word that what the old copy lost has been dealt with."""
        self._native.accept_restore(who, why)

    def __repr__(self) -> str:
        return "Journal()"

    def __reduce__(self) -> Any:
        raise TypeError("a Journal can't be pickled: open it in each process")
