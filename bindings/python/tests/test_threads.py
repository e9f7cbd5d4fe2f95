"""Threads and processes: the interpreter is free while a call blocks, and nobody shares a TLS connection."""

from __future__ import annotations

import concurrent.futures
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest
from conftest import Run

import redpack
from redpack.testing import Sandbox


def test_other_threads_run_while_a_send_hangs(sandbox: Sandbox) -> None:
    client = sandbox.client(attempt_limit=2)
    order = sandbox.order(re_openid="f--hang--all")
    ended: list[Any] = []

    def send() -> None:
        try:
            ended.append(client.send(**order))
        except redpack.RedpackError as error:
            ended.append(error)

    thread = threading.Thread(target=send)
    started = time.monotonic()
    thread.start()
    turns = 0
    while not ended:
        turns += 1
        time.sleep(0.001)
    thread.join()
    assert isinstance(ended[0], redpack.OutcomeUnknown) and ended[0].kind == "timeout"
    # Had the send kept the interpreter, this thread would have had a turn or two.
    assert turns > 100 and time.monotonic() - started >= 2


def test_a_pool_of_threads_shares_a_client(sandbox: Sandbox) -> None:
    client = sandbox.client()
    orders = [sandbox.order() for _ in range(200)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda order: client.send(**order), orders))
    assert [of.mch_billno for of in sent] == [order["mch_billno"] for order in orders]
    totals = sandbox.ledger()["totals"]
    assert totals["debits"] == totals["sends"] == 200 and totals["tls_handshakes"] <= 8


def test_ctrl_c_ends_a_settlement(run: Run) -> None:
    done = run(
        """
        import signal
        # A program that was started in the background inherits that it is ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        threading.Timer(1, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        client = redpack.Client(**settings, journal="sqlite:j.db")
        started = time.monotonic()
        try:
            client.settle(**order(re_openid="f--drop-before--all"), limit=300)
        except KeyboardInterrupt:
            print("interrupted", time.monotonic() - started < 25)
        """
    )
    assert done.stdout == "interrupted True\n", done.stderr


def paid_by(settings: dict[str, Any], order: dict[str, Any]) -> tuple[int, redpack.SendResult]:
    """For a pool of processes that were spawned."""
    with redpack.Client(**settings) as client:
        return os.getpid(), client.send(**order)


def refused_by(settings: dict[str, Any], order: dict[str, Any]) -> None:
    with redpack.Client(**settings) as client:
        client.send(**order)


def test_processes_that_are_spawned(sandbox: Sandbox) -> None:
    orders = [sandbox.order() for _ in range(8)]
    settings = sandbox.settings()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        done = pool.starmap(paid_by, [(settings, order) for order in orders])
        with pytest.raises(redpack.Pending) as pending:
            pool.apply(refused_by, (settings, sandbox.order(re_openid="f--NOTENOUGH")))
    assert [of.mch_billno for _, of in done] == [order["mch_billno"] for order in orders]
    assert os.getpid() not in {pid for pid, _ in done}
    assert pending.value.err_code == "NOTENOUGH"


def test_children_of_a_fork_use_what_they_inherited(sandbox: Sandbox, run: Run) -> None:
    """Client, client of asyncio with threads of its own, and journal; the parent's connection stays its own."""
    done = run(
        """
        import asyncio, multiprocessing
        client = redpack.Client(**settings, journal="sqlite:j.db")
        asynchronous = redpack.AsyncClient(**settings)
        loop = asyncio.new_event_loop()
        send = lambda: loop.run_until_complete(asynchronous.send(**order())).mch_billno
        numbers = [client.send(**order()).mch_billno, send()]

        def child(queue):
            global loop
            loop = asyncio.new_event_loop()
            numbers = [client.send(**order()).mch_billno for _ in range(3)] + [send()]
            queue.put(numbers)

        fork = multiprocessing.get_context("fork")
        queue = fork.Queue()
        children = [fork.Process(target=child, args=(queue,)) for _ in range(4)]
        for process in children:
            process.start()
        for _ in children:
            numbers += queue.get(timeout=30)
        for process in children:
            process.join(30)
        assert [process.exitcode for process in children] == [0] * 4
        reused = []
        client2 = redpack.Client(**settings, on_attempt=lambda event: reused.append(event.connection_reused))
        numbers.append(client.send(**order()).mch_billno)
        numbers.append(send())
        loop.close()
        print(len(numbers), len(set(numbers)))
        """
    )
    assert done.stdout == "20 20\n" and done.returncode == 0, done.stderr
    totals = sandbox.ledger()["totals"]
    assert totals["debits"] == totals["sends"] == 20
    # Two of the parent, kept over the forks, and two of each child.
    assert totals["tls_handshakes"] == 2 + 4 * 2


APPLICATION = """
import os, sys, json
import redpack
settings = json.loads(os.environ["SETTINGS"])
client = redpack.Client(**settings)  # Before the workers are forked: --preload.
if os.environ.get("WARM"):
    client.query(redpack.new_mch_billno("1900000109"))

def application(environ, start_response):
    number = redpack.new_mch_billno("1900000109")
    sent = client.send(mch_billno=number, re_openid="oxTWIuGaIt6gTKsQRLau2M0yL16E", total_amount=100,
                       send_name="a", act_name="b", wishing="c", remark="d")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {sent.mch_billno}".encode()]
"""


def test_gunicorn_with_preload(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(APPLICATION)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = json.dumps({name: str(value) for name, value in sandbox.settings().items()})
    arguments = ["--preload", "--workers", "3", "--threads", "2", "--bind", f"127.0.0.1:{port}"]
    arguments += ["--no-control-socket"] if has_control_socket() else []
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *arguments, "shop:application"],
        cwd=tmp_path,
        env={**os.environ, "SETTINGS": settings, "WARM": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    get = build_opener(ProxyHandler({})).open
    try:
        for _ in range(150):
            try:
                get(f"http://127.0.0.1:{port}/", timeout=20).close()
                break
            except OSError:
                time.sleep(0.2)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            def ask(_: int) -> list[str]:
                with get(f"http://127.0.0.1:{port}/", timeout=20) as answer:
                    return str(answer.read().decode()).split()

            answers = list(pool.map(ask, range(60)))
            # On a busy machine the first worker may be done before the second has begun.
            for _ in range(20):
                if len({pid for pid, _ in answers}) >= 2:
                    break
                time.sleep(0.5)
                answers += pool.map(ask, range(60))
    finally:
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=40)
    assert server.returncode == 0, errors
    assert len({number for _, number in answers}) == len(answers)
    workers = {pid for pid, _ in answers}
    assert str(server.pid) not in workers and len(workers) >= 2, workers
    totals = sandbox.ledger()["totals"]
    assert totals["debits"] == totals["sends"] == 1 + len(answers)
    # One of the master's, which no worker uses, and at most one for each thread of each worker.
    assert len(workers) + 1 <= totals["tls_handshakes"] <= 1 + 3 * 2


def has_control_socket() -> bool:
    """gunicorn since 25 opens a socket in the home folder unless told otherwise."""
    done = subprocess.run([sys.executable, "-m", "gunicorn", "--help"], capture_output=True, text=True, check=True)
    return "--no-control-socket" in done.stdout


EXITS = {
    "daemon thread": """
        client = redpack.Client(**settings, attempt_limit=3)
        def work():
            try:
                client.send(**order(re_openid="f--hang--all"))
            except redpack.RedpackError:
                pass
        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(1)
    """,
    "asyncio": """
        import asyncio
        async def main():
            client = redpack.AsyncClient(**settings, attempt_limit=3)
            tasks = [asyncio.create_task(client.send(**order(re_openid="f--hang--all"))) for _ in range(4)]
            await asyncio.sleep(1)
        asyncio.run(main())
    """,
}


@pytest.mark.parametrize("how", EXITS)
@pytest.mark.parametrize("stay", [0.0, 2.5])
def test_exit_with_a_call_in_flight(run: Run, how: str, stay: float) -> None:
    """It doesn't wait for the calls; and calls that end while the interpreter goes down break nothing."""
    stays = f"""
import atexit, gc
atexit.register(time.sleep, {stay})
class Late:
    def __del__(self, sleep=time.sleep):
        sleep({stay})
sys.late = Late()  # Its finalizer runs when the interpreter is half gone.
"""
    done = run(textwrap.dedent(EXITS[how]) + stays + 'print("main is over", flush=True)\n', timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "main is over\n", "")


def test_exit_waits_for_no_limit(run: Run) -> None:
    started = time.monotonic()
    done = run(textwrap.dedent(EXITS["asyncio"]).replace("attempt_limit=3", "attempt_limit=120"), timeout=60)
    assert done.returncode == 0 and time.monotonic() - started < 60, done.stderr
