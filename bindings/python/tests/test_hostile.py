"""The hostile server: every case of ``tests/hostile/cases.json``. See ``tests/hostile/README.md``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import redpack
from redpack.testing import Sandbox

SLACK = 10
"""How many seconds later than its limit a call may come back on a busy machine."""
MOST_KIB = 64 * 1024
"""How much more memory the process may hold at any time than before the first case, with four at a time."""


def peak_kib() -> int:
    """The most memory that this process ever held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


def outcome_of(told: dict[str, Any], name: str, limit: float) -> dict[str, Any]:
    """One send, in the words of the list."""
    folder = Path(told["dir"])
    client = redpack.Client(
        mch_id=told["mch_id"],
        appid=Sandbox.appid,
        api_key=Sandbox.api_key,
        certificate=folder / "apiclient_cert.pem",
        private_key=folder / "apiclient_key.pem",
        roots=folder / "ca.pem",
        base_url=told["urls"][name],
        attempt_limit=limit,
    )
    number = redpack.new_mch_billno(told["mch_id"])
    try:
        sent = client.send(
            mch_billno=number,
            re_openid=Sandbox.openid,
            total_amount=100,
            send_name="天虹百货",
            act_name="猜灯谜",
            wishing="元宵节快乐",
            remark="快来抢",
        )
    except redpack.RedpackError as error:
        assert error.mch_billno == number, name
        words = {word: str(getattr(error, word)) for word in ("outcome", "advice", "scope", "kind")}
        return {**words, "attempts": error.attempts}
    assert sent.mch_billno == number, name
    return {"outcome": "sent", "advice": "none", "scope": "order", "kind": None, "attempts": 1}


def run(told: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    limit = case["attempt_limit_ms"] / 1000
    found: dict[str, Any] = {}
    # On a busy machine the handshake alone may take longer than a short limit: that isn't the case.
    for _ in range(10):
        started = time.monotonic()
        found = outcome_of(told, case["name"], limit)
        took = time.monotonic() - started
        assert took < limit + SLACK, f"{case['name']}: {took} seconds"
        if (found["kind"], case["expect"]["kind"]) != ("handshake", "timeout"):
            break
    return found


def test_every_case_ends_as_it_must(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = json.loads((ROOT / "tests/hostile/cases.json").read_text(encoding="utf-8"))["cases"]
    command = [os.environ["REDPACK_HOSTILE"], str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None and server.stdout is not None
        told = json.loads(server.stdout.readline())
        before = peak_kib()
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda case: run(told, case), cases))
        grown = peak_kib() - before
        # The end of its input ends it; its last word is what reached it.
        server.stdin.close()
        requests = json.loads(server.stdout.readline())
    bad = [
        f"{case['name']}: {came_to} instead of {case['expect']}"
        for case, one in zip(cases, found)
        if (came_to := {**one, "requests": requests[case["name"]]}) != case["expect"]
    ]
    assert bad == []
    assert grown < MOST_KIB, f"{grown} KiB more than before"
    with capsys.disabled():
        print(f"\nhostile: {len(found)} cases, {grown} KiB", end="", flush=True)
    assert len(found) == len(told["urls"])
