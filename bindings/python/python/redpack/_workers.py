"""Threads for calls that block: a bounded number of daemons, made when they are needed.

``ThreadPoolExecutor`` won't do: at exit it waits for every call under way, and after ``fork`` the child waits for
threads that it doesn't have.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, Callable, Optional, TypeVar

_T = TypeVar("_T")
_IDLE = 30.0
"""Seconds after which a thread without work ends."""


class _Crew:
    """The threads of one process."""

    def __init__(self, most: int) -> None:
        self.pid = os.getpid()
        self.most = most
        # Held for moments only, by a finalizer too, which may run in a thread that holds it.
        self.counting = threading.RLock()
        self.jobs: SimpleQueue[Optional[Callable[[], None]]] = SimpleQueue()
        self.threads = 0
        self.unfinished = 0

    def add(self, job: Callable[[], None]) -> None:
        with self.counting:
            if self.unfinished >= self.threads < self.most:
                try:
                    threading.Thread(target=self._work, name="redpack", daemon=True).start()
                    self.threads += 1
                except RuntimeError:
                    if self.threads == 0:
                        # Nobody would ever take it, and whoever gave it must know that it is not done.
                        raise
            # Else whoever is done first takes it.
            self.unfinished += 1
            self.jobs.put(job)

    def dismiss(self) -> None:
        """No more work: threads end when the queue is empty. In a child the crew has no threads, and its lock
        may be held for ever."""
        if self.pid == os.getpid():
            self.jobs.put(None)

    def _work(self) -> None:
        while True:
            try:
                job = self.jobs.get(timeout=_IDLE)
            except Empty:
                with self.counting:
                    if self.jobs.empty():
                        self.threads -= 1
                        return
                continue
            if job is None:
                self.jobs.put(None)  # For the next thread.
                return
            job()
            del job  # It holds a result, which is nobody's while this thread waits.
            with self.counting:
                self.unfinished -= 1


class Workers:
    """Runs functions on at most so many threads; the rest waits in a queue."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._crew = _Crew(most)

    def submit(self, function: Callable[[], _T]) -> Future[_T]:
        """Runs the function on a thread of its own, as soon as one is free. A future that is cancelled before
        that never runs it.

        :raises RuntimeError: the system gives no thread, and there is none yet; the function is never run
        """
        if self._crew.pid != os.getpid():
            self._crew = _Crew(self._most)
        future: Future[Any] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = function()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        self._crew.add(job)
        return future

    def dismiss(self) -> None:
        """Threads end once the queue is empty. A later call makes new ones."""
        self._crew.dismiss()
        self._crew = _Crew(self._most)
