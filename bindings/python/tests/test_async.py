"""The client for asyncio."""

from __future__ import annotations

import asyncio
import gc
import inspect
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import redpack
from redpack import AsyncClient, Client
from redpack.testing import Sandbox


def test_the_same_methods_as_the_client() -> None:
    for name, method in inspect.getmembers(Client, callable):
        if name.startswith("_") or name == "shutdown":
            continue
        theirs = getattr(AsyncClient, name)
        assert inspect.iscoroutinefunction(theirs), name
        assert inspect.signature(theirs).parameters == inspect.signature(method).parameters, name


def test_the_settings_are_the_clients() -> None:
    assert list(redpack.Settings.__annotations__) == list(inspect.signature(Client).parameters)


def test_64_sends_take_the_time_of_one(sandbox: Sandbox) -> None:
    slow = 3

    async def main() -> tuple[float, list[redpack.SendResult]]:
        async with sandbox.async_client() as client:
            await client.query(redpack.new_mch_billno(sandbox.mch_id))
            sandbox.control("POST", "/faults", {"fault": "delay", "delay_ms": slow * 1000})
            started = time.monotonic()
            sent = await asyncio.gather(*(client.send(**sandbox.order()) for _ in range(64)))
            return time.monotonic() - started, sent

    took, sent = asyncio.run(main())
    assert len({of.mch_billno for of in sent}) == 64
    # One after another they would take 192 seconds.
    assert slow <= took < 5 * slow
    assert sandbox.ledger()["totals"]["debits"] == 64


def test_at_most_so_many_at_once(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with sandbox.async_client(workers=2) as client:
            await asyncio.gather(*(client.send(**sandbox.order()) for _ in range(20)))
            names = [of.name for of in threading.enumerate() if of.name == "redpack"]
            assert 1 <= len(names) <= 2

    asyncio.run(main())
    assert sandbox.ledger()["totals"]["debits"] == 20
    assert sandbox.ledger()["totals"]["tls_handshakes"] <= 2
    with pytest.raises(ValueError):
        sandbox.async_client(workers=0)


def test_a_cancelled_task_and_its_late_outcome(sandbox: Sandbox, tmp_path: Path) -> None:
    late: list[tuple[Any, Any]] = []
    told = threading.Event()

    def on_late(mch_billno: str | None, result: Any) -> None:
        late.append((mch_billno, result))
        told.set()

    order = sandbox.order()
    sandbox.control("POST", "/faults", {"fault": "delay", "delay_ms": 2000, "times": 1})

    async def main() -> None:
        client = sandbox.async_client(journal=f"sqlite:{tmp_path}/j.db", on_late=on_late)
        task = asyncio.create_task(client.send(**order))
        while sandbox.ledger()["totals"]["sends"] == 0:
            await asyncio.sleep(0.05)
        cancelled = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - cancelled < 1.5 and not late
        settled = await client.settle_number(order["mch_billno"])
        assert settled.outcome == "sent" and settled.settled
        await client.aclose()

    asyncio.run(main())
    assert told.wait(10)
    ((number, result),) = late
    assert number == order["mch_billno"] and isinstance(result, redpack.SendResult)
    assert sandbox.debits(order["mch_billno"]) == 1 and sandbox.ledger()["totals"]["sends"] == 1


def test_a_late_failure_is_told_as_well(sandbox: Sandbox) -> None:
    late: list[Any] = []

    async def main() -> None:
        async with sandbox.async_client(on_late=lambda _, told: late.append(told)) as client:
            task = asyncio.create_task(client.send(**sandbox.order(re_openid="f--drop-after")))
            sandbox.control("POST", "/faults", {"fault": "hang", "delay_ms": 1500, "times": 1})
            while sandbox.ledger()["totals"]["connections"] == 0:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.3)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        # aclose waited for it.
        assert len(late) == 1 and isinstance(late[0], redpack.RedpackError)

    asyncio.run(main())


def test_what_was_queued_when_it_was_cancelled_is_never_sent(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", {"fault": "delay", "delay_ms": 1000, "times": 1})

    async def main() -> None:
        async with sandbox.async_client(workers=1) as client:
            first = asyncio.create_task(client.send(**sandbox.order()))
            await asyncio.sleep(0.2)
            others = [asyncio.create_task(client.send(**sandbox.order())) for _ in range(5)]
            await asyncio.sleep(0.1)
            for task in others:
                task.cancel()
            assert (await first).outcome == "sent"
            ended = await asyncio.gather(*others, return_exceptions=True)
            assert [type(of) for of in ended] == [asyncio.CancelledError] * 5

    asyncio.run(main())
    assert sandbox.ledger()["totals"]["sends"] == 1


def test_a_settlement_that_is_cancelled_makes_no_more_requests(sandbox: Sandbox, tmp_path: Path) -> None:
    late: list[Any] = []
    order = sandbox.order(re_openid="f--drop-before--all")

    async def main() -> None:
        client = sandbox.async_client(
            journal=f"sqlite:{tmp_path}/j.db", on_late=lambda *told: late.append(told)
        )
        task = asyncio.create_task(client.settle(**order, limit=300))
        while sandbox.ledger()["totals"]["sends"] == 0:
            await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(client.aclose(), 20)

    asyncio.run(main())
    ((number, settlement),) = late
    assert number == order["mch_billno"] and isinstance(settlement, redpack.Settlement)
    assert settlement.outcome == "unknown" and settlement.attempts == 1 and sandbox.ledger()["totals"]["sends"] == 1


def test_a_time_limit_of_asyncio(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with sandbox.async_client(attempt_limit=3) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.send(**sandbox.order(re_openid="f--hang")), 0.5)

    asyncio.run(main())


def test_a_system_without_threads(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def main() -> None:
        client = sandbox.async_client()
        order = sandbox.order()
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", start)
            with pytest.raises(redpack.NotSent) as refused:
                await client.send(**order)
        assert refused.value.kind == "not_started" and refused.value.advice == "retry_same_order"
        assert refused.value.mch_billno == order["mch_billno"]
        assert (await client.send(**sandbox.order())).outcome == "sent"
        await client.aclose()

    asyncio.run(main())
    assert sandbox.ledger()["totals"]["sends"] == 1


def test_after_aclose(sandbox: Sandbox) -> None:
    async def main() -> None:
        client = sandbox.async_client()
        await client.aclose()
        await client.aclose()
        with pytest.raises(redpack.SetupError):
            await client.send(**sandbox.order())

    asyncio.run(main())
    assert sandbox.ledger()["totals"]["sends"] == 0


def test_threads_end_with_their_client(sandbox: Sandbox) -> None:
    async def main() -> None:
        client = sandbox.async_client()
        await client.send(**sandbox.order())

    asyncio.run(main())
    gc.collect()
    for _ in range(100):
        if not [of for of in threading.enumerate() if of.name == "redpack"]:
            return
        time.sleep(0.1)
    raise AssertionError("a thread outlived its client by 10 seconds")
