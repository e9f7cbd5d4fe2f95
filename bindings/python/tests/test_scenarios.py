"""The stories of `scenarios.json`, over real TLS: by the client, and once more by the one for asyncio."""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ran, read

import redpack
from redpack import RedpackError
from redpack.testing import Sandbox, control

SCENARIOS = read("scenarios.json")["scenarios"]
SENDS = {"sendredpack": "send", "sendminiprogramhb": "send_mini_program", "sendworkwxredpack": "send_workwx"}
Call = Callable[..., Any]


class Gateway:
    """A sandbox of the run's own, or the one that the environment describes."""

    def __init__(self, own: Sandbox | None) -> None:
        self.own = own
        told = os.environ
        if own is None:
            self.settings: dict[str, Any] = {
                "base_url": told["REDPACK_SANDBOX_URL"],
                "roots": told["REDPACK_SANDBOX_CA"],
                "certificate": told["REDPACK_SANDBOX_CERT"],
                "private_key": told["REDPACK_SANDBOX_KEY"],
                "mch_id": told["REDPACK_SANDBOX_MCH_ID"],
                "appid": told["REDPACK_SANDBOX_APPID"],
                "api_key": told["REDPACK_SANDBOX_API_KEY"],
                "workwx_secret": told["REDPACK_SANDBOX_WORKWX_SECRET"],
            }
        else:
            self.settings = own.settings()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        if self.own is not None:
            return self.own.control(method, path, body)
        return control(os.environ["REDPACK_SANDBOX_CONTROL"], method, path, body)


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    if "REDPACK_SANDBOX_URL" in os.environ:
        yield Gateway(None)
    else:
        with Sandbox() as own:
            yield Gateway(own)


def filled(scenario: dict[str, Any], gateway: Gateway) -> dict[str, Any]:
    """Order numbers of this scenario's own, and the appid, in the place of their names."""
    text = json.dumps(scenario)
    for name in set(re.findall(r"\{billno:\d+\}", text)):
        text = text.replace(name, redpack.new_mch_billno(gateway.settings["mch_id"]))
    return json.loads(text.replace("{appid}", gateway.settings["appid"]))  # type: ignore[no-any-return]


def order(step: dict[str, Any]) -> dict[str, Any]:
    numbers = ("total_amount", "total_num", "agentid")
    return {name: int(value) if name in numbers else value for name, value in step["fields"].items()}


def take(step: dict[str, Any], client: Call, gateway: Gateway) -> dict[str, Any]:
    """One step; what it came to, by the names of the vectors."""
    try:
        if step["do"] == "send":
            sent = client(SENDS[step["endpoint"]], **order(step))
            return {**success(sent.raw), "recorded": sent.recorded}
        if step["do"] == "call":
            return success(client("call", step["path"], [tuple(pair) for pair in step["fields"]]))
        if step["do"] == "query":
            name = "query" if step["endpoint"] == "gethbinfo" else "query_workwx"
            fields = step["fields"]
            told = client(name, fields["mch_billno"], appid=fields.get("appid"))
            return {
                "outcome": told.outcome,
                "advice": told.advice,
                "kind": None,
                "err_code": None,
                "found": told.found,
                "status": told.status,
            }
        if step["do"] in ("settle", "close"):
            if step["do"] == "close":
                settled = client("close", step["mch_billno"])
            else:
                name = SENDS[step["endpoint"]].replace("send", "settle")
                settled = client(name, limit=step["limit_ms"] / 1000, **order(step))
            return {
                "outcome": settled.outcome,
                "advice": settled.advice,
                "scope": settled.scope,
                "settled": settled.settled,
                "state": settled.order.state,
                "attempts": settled.attempts,
                "queries": settled.queries,
                "kind": None,
                "err_code": None,
            }
        if step["do"] == "control":
            return {"answered": gateway.control("POST", step["path"], step["body"])}
        assert step["do"] == "wait", step
        time.sleep(step["ms"] / 1000)
        return {}
    except RedpackError as error:
        return {
            "outcome": error.outcome,
            "advice": error.advice,
            "scope": error.scope,
            "kind": error.kind,
            "err_code": error.err_code,
            "http_status": error.http_status,
            "wire_sends": error.attempts,
            "answer": error.raw,
            "found": None,
            "status": None,
            "settled": None,
            "recorded": None,
            "state": None if error.order is None else error.order.state,
        }


def success(raw: redpack.Raw) -> dict[str, Any]:
    return {"outcome": "sent", "advice": "none", "kind": None, "err_code": None, "answer": raw}


def play(scenario: dict[str, Any], client: Call, gateway: Gateway) -> None:
    for number, step in enumerate(scenario["steps"], 1):
        told = take(step, client, gateway)
        for key, expected in step.get("expect", {}).items():
            where = f"step {number} ({step['do']}), {key}: {told}"
            if key == "answer":
                raw = told["answer"]
                assert {name: raw and raw.text(name) for name in expected} == expected, where
            else:
                assert told[key] == expected, where
    ledger = gateway.control("GET", "/ledger")
    for number, expected in scenario.get("ledger", {}).items():
        landed = ledger["orders"].get(number)
        sends = landed["attempts"] if landed else ledger["not_landed"].get(number, 0)
        found = {"debits": landed["debits"] if landed else 0, "sends": sends}
        assert found == expected, f"the ledger of {number}"


def settings(scenario: dict[str, Any], gateway: Gateway, folder: Path) -> dict[str, Any]:
    return {
        **gateway.settings,
        "attempt_limit": scenario.get("attempt_limit_ms", 3000) / 1000,
        "journal": f"sqlite:{folder}/journal.db" if scenario.get("journal") else None,
    }


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[of["name"] for of in SCENARIOS])
def test_scenario(scenario: dict[str, Any], gateway: Gateway, tmp_path: Path) -> None:
    with redpack.Client(**settings(scenario, gateway, tmp_path)) as client:
        play(filled(scenario, gateway), lambda name, *a, **k: getattr(client, name)(*a, **k), gateway)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[of["name"] for of in SCENARIOS])
def test_scenario_of_asyncio(scenario: dict[str, Any], gateway: Gateway, tmp_path: Path) -> None:
    client = redpack.AsyncClient(**settings(scenario, gateway, tmp_path))
    loop = asyncio.new_event_loop()
    try:
        wait = loop.run_until_complete
        play(filled(scenario, gateway), lambda name, *a, **k: wait(getattr(client, name)(*a, **k)), gateway)
        wait(client.aclose())
    finally:
        loop.close()


def test_no_scenario_was_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    ran("scenarios.json", len(SCENARIOS), capsys)
