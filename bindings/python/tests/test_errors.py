"""Every failure: its class, its outcome, its advice; and what must not get out with it."""

from __future__ import annotations

import decimal
import logging
import pickle
import socket
import traceback
from pathlib import Path
from typing import Any

import pytest

import redpack
from redpack import Advice, RedpackError, Scope, protocol
from redpack.testing import Sandbox

KEY = "canary0key0canary0key0canary0key"
PASSPHRASE = "canary-passphrase"


def test_a_class_for_each_outcome() -> None:
    of = {"NotSent": "not_sent", "Rejected": "rejected", "Pending": "pending", "OutcomeUnknown": "unknown"}
    for name, outcome in {**of, "AlreadySent": "sent"}.items():
        cls = getattr(redpack, name)
        assert issubclass(cls, RedpackError) and outcome in {word.value for word in redpack.Outcome}
    for name in ("InvalidRequest", "SetupError", "JournalError"):
        assert issubclass(getattr(redpack, name), redpack.NotSent)


def test_every_code_of_the_service(sandbox: Sandbox) -> None:
    classes = {
        "rejected": redpack.Rejected,
        "pending": redpack.Pending,
        "unknown": redpack.OutcomeUnknown,
    }
    client = sandbox.client()
    rows = protocol.codes()
    assert len(rows) >= 27
    for code, row in rows.items():
        sandbox.control("POST", "/faults", {"fault": code, "times": 1})
        order = sandbox.order()
        with pytest.raises(RedpackError) as raised:
            client.send(**order)
        error = raised.value
        assert type(error) is classes[row.outcome], code
        assert (error.outcome, error.advice, error.err_code) == (row.outcome, row.advice, code)
        assert error.mch_billno == order["mch_billno"] and error.kind == "answer" and error.attempts == 1
        assert (error.not_before is None) == (row.wait == "no") and error.http_status == 200
        assert error.raw is not None and error.raw.text("err_code") == code and error.body
        sandbox.control("DELETE", "/faults")


@pytest.mark.parametrize("amount", [True, 1.0, "100", decimal.Decimal(100), None, 0, -1, 2**64, 2**200])
def test_amounts_are_ints_of_fen(sandbox: Sandbox, amount: Any) -> None:
    with pytest.raises(redpack.InvalidRequest) as refused:
        sandbox.client().send(**sandbox.order(total_amount=amount))
    assert [of.field for of in refused.value.problems] == ["total_amount"]
    assert (refused.value.outcome, refused.value.advice) == ("not_sent", "fix_order")
    assert refused.value.mch_billno and sandbox.ledger()["totals"]["sends"] == 0


def test_all_problems_are_told_at_once(sandbox: Sandbox) -> None:
    order = sandbox.order(client_ip="nowhere", send_name="长" * 20)
    del order["wishing"]
    with pytest.raises(redpack.InvalidRequest) as refused:
        sandbox.client().send(**order)
    assert {of.field for of in refused.value.problems} == {"client_ip", "send_name", "wishing"}
    with pytest.raises(redpack.InvalidRequest) as unknown:
        sandbox.client().send(**order, sender="x", wishing=1.5)  # type: ignore[call-arg,arg-type]
    assert {of.field for of in unknown.value.problems} == {"sender", "wishing"}
    with pytest.raises(redpack.InvalidRequest):
        sandbox.client().send(**sandbox.order(wishing="\ud800"))
    assert sandbox.ledger()["totals"]["sends"] == 0


def test_nobody_listens(sandbox: Sandbox) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = sandbox.client(base_url=f"https://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(redpack.NotSent) as refused:
            client.send(**sandbox.order())
    assert refused.value.kind == "connect" and refused.value.advice is Advice.RETRY_SAME_ORDER
    assert refused.value.attempts == 0 and refused.value.http_status is None


def test_a_server_that_nobody_vouches_for(sandbox: Sandbox) -> None:
    with pytest.raises(redpack.NotSent) as refused:
        sandbox.client(roots=None).send(**sandbox.order())
    assert refused.value.advice is Advice.FIX_SETUP and refused.value.scope is Scope.MERCHANT


def test_bad_settings(sandbox: Sandbox, tmp_path: Path) -> None:
    bad: list[tuple[dict[str, Any], str]] = [
        ({"api_key": "short"}, "api_key"),
        ({"certificate": tmp_path / "none.pem"}, "unreadable_file"),
        ({"certificate": sandbox.folder / "ca.pem"}, "key_mismatch"),
        ({"certificate": None}, ""),
        ({"pkcs12": b"x"}, ""),
        ({"base_url": "http://127.0.0.1"}, ""),
        ({"failover": "sometimes"}, ""),
        ({"attempt_limit": 0}, ""),
        ({"attempt_limit": float("nan")}, ""),
        ({"connect_limit": -1}, ""),
        ({"source_address": "here"}, ""),
        ({"pace": 0}, ""),
    ]
    for settings, fault in bad:
        with pytest.raises(redpack.SetupError) as refused:
            sandbox.client(**settings)
        assert (refused.value.credential_fault or "") == fault, settings
        assert (refused.value.outcome, refused.value.advice) == ("not_sent", "fix_setup")
    for wrong in ({"mch_id": 1900000109}, {"attempt_limit": "5"}, {"pace": -1}, {"journal": 7}):
        with pytest.raises((TypeError, OverflowError)):
            sandbox.client(**wrong)
    for url in ("mysql:x", f"sqlite:{tmp_path}"):
        with pytest.raises(redpack.JournalError) as unopened:
            sandbox.client(journal=url)
        assert unopened.value.kind.startswith("journal_") and url not in str(unopened.value)


def test_a_failed_query_says_nothing_of_its_order(sandbox: Sandbox) -> None:
    client = sandbox.client()
    order = sandbox.order()
    client.send(**order)
    sandbox.control("POST", "/faults", {"fault": "http-502", "on": "query", "times": 1})
    with pytest.raises(redpack.OutcomeUnknown) as failed:
        client.query(order["mch_billno"])
    assert (failed.value.advice, failed.value.http_status) == (Advice.QUERY_FIRST, 502)
    with pytest.raises(redpack.InvalidRequest) as invalid:
        client.query("not a number!")
    assert invalid.value.problems[0].field == "mch_billno" and invalid.value.outcome == "unknown"


def test_errors_can_be_pickled(sandbox: Sandbox, tmp_path: Path) -> None:
    client = sandbox.client(journal=f"sqlite:{tmp_path}/j.db")
    for openid in ("f--drop-after", "f--NOTENOUGH", "f--http-502"):
        with pytest.raises(RedpackError) as raised:
            client.send(**sandbox.order(re_openid=openid))
        error, again = raised.value, pickle.loads(pickle.dumps(raised.value))
        assert type(again) is type(error) and str(again) == str(error)
        names = [name for name in RedpackError.__annotations__ if name != "raw"]
        assert {name: getattr(again, name) for name in names} == {name: getattr(error, name) for name in names}


def test_keys_and_openids_get_out_nowhere(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "redpack")
    secrets = [KEY, (sandbox.folder / "apiclient_key.pem").read_text().splitlines()[1], PASSPHRASE]
    private = (sandbox.folder / "apiclient_key.pem").read_bytes()
    certificate = (sandbox.folder / "apiclient_cert.pem").read_bytes()
    shown: list[str] = []
    client = sandbox.client(
        api_key=KEY, certificate=certificate, private_key=private, journal=f"sqlite:{tmp_path}/j.db"
    )
    merchant = protocol.Merchant(sandbox.mch_id, sandbox.appid, KEY, PASSPHRASE)
    wire = protocol.encode("sendredpack", sandbox.order(), merchant)
    asynchronous = sandbox.async_client(api_key=KEY)
    shown += [repr(of) for of in (client, merchant, wire, asynchronous, client.journal, client.check())]
    order = sandbox.order()
    for call in (
        lambda: client.send(**order),
        lambda: client.query(order["mch_billno"]),
        lambda: sandbox.client(pkcs12=b"x", certificate=None, private_key=None, passphrase=PASSPHRASE),
        lambda: sandbox.client(api_key=KEY + "!"),
        lambda: sandbox.client(api_key=[KEY]),
    ):
        try:
            shown.append(repr(call()))
        except Exception as error:
            shown += [repr(error), *traceback.format_exception(type(error), error, error.__traceback__)]
    settled = client.settle_number(order["mch_billno"], limit=1)
    shown += [repr(settled), caplog.text]
    text = "\n".join(shown)
    for secret in [*secrets, sandbox.openid]:
        assert secret not in text
    assert caplog.records, "nothing was logged"
    for holder in (client, merchant, wire, asynchronous, client.journal):
        with pytest.raises(TypeError):
            pickle.dumps(holder)


def test_logging_obeys_the_logger(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    client = sandbox.client()
    caplog.set_level(logging.ERROR, "redpack")
    client.send(**sandbox.order())
    assert not caplog.records
    caplog.set_level(logging.DEBUG, "redpack")
    client.send(**sandbox.order())
    assert {record.name for record in caplog.records} == {"redpack"}
