"""The client's methods, one by one, against a gateway."""

from __future__ import annotations

import copy
import pickle
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import redpack
from redpack import Advice, Caps, Evidence, Failover, Outcome, SignType, protocol
from redpack.testing import Sandbox


def test_send_and_query(sandbox: Sandbox) -> None:
    order = sandbox.order()
    with sandbox.client() as client:
        sent = client.send(**order)
        assert (sent.outcome, sent.advice) == (Outcome.SENT, Advice.NONE)
        assert (sent.mch_billno, sent.total_amount, sent.recorded) == (order["mch_billno"], 100, False)
        assert sent.send_listid and sent.raw["send_listid"] == sent.send_listid
        assert sent.raw.text("re_openid") == sandbox.openid
        told = client.query(sent.mch_billno)
        assert told.found and told.status == "SENT" and told.outcome == "sent" and told.advice == "none"
        record = told.order
        assert record is not None and record.detail_id == sent.send_listid and record.total_amount == 100
        assert record.send_time is not None and record.send_time.utcoffset() == timedelta(hours=8)
        assert record.total_num == 1 and record.refund_time is None and record.receivers == ()
        sandbox.control("POST", "/claim", {"mch_billno": sent.mch_billno})
        claimed = client.query(sent.mch_billno).order
        assert claimed is not None and claimed.status == "RECEIVED"
        assert [(of.openid, of.amount) for of in claimed.receivers] == [(sandbox.openid, 100)]
        assert sandbox.openid not in repr(claimed)
    assert sandbox.debits(sent.mch_billno) == 1


def test_not_found_is_an_answer(sandbox: Sandbox) -> None:
    told = sandbox.client().query(redpack.new_mch_billno(sandbox.mch_id))
    assert (told.found, told.status, told.order) == (False, None, None)
    assert (told.outcome, told.advice) == ("unknown", "query_first")
    assert told.not_before is not None and told.not_before > datetime.now(timezone.utc)


def test_mini_program_and_workwx(sandbox: Sandbox) -> None:
    client = sandbox.client()
    sent = client.send_mini_program(**sandbox.order())
    assert sent.package is not None
    signature = protocol.pay_sign(sandbox.appid, "1764000000", "nonce", sent.package, sandbox.api_key)
    assert len(signature) == 32
    order: dict[str, Any] = {**sandbox.order(), "sender_name": "张三"}
    del order["send_name"]
    sent = client.send_workwx(**order)
    told = client.query_workwx(sent.mch_billno)
    assert told.status == "SENT" and told.raw.text("sign")


def test_call_takes_mappings_and_pairs(sandbox: Sandbox) -> None:
    client = sandbox.client()
    order = sandbox.order()
    fields = {**order, "wxappid": sandbox.appid, "total_num": 1, "client_ip": "127.0.0.1"}
    answer = client.call("/mmpaymkttransfers/sendredpack", fields)
    assert answer["result_code"] == "SUCCESS" and "mch_billno" in answer
    again = client.call("/mmpaymkttransfers/sendredpack", list(fields.items()), sign_type=SignType.MD5)
    assert again.text("send_listid") == answer.text("send_listid")
    with pytest.raises(redpack.InvalidRequest) as refused:
        client.call("/mmpaymkttransfers/sendredpack", [("a", "1"), ("a", "2")])
    assert refused.value.problems[0].rule == "is given twice"


def test_results_can_not_be_changed_but_copied(sandbox: Sandbox, tmp_path: Path) -> None:
    client = sandbox.client(journal=f"sqlite:{tmp_path}/j.db")
    sent = client.send(**sandbox.order(intent="invoice 7"))
    settled = client.settle_number(sent.mch_billno)
    told = client.query(sent.mch_billno)
    for result in (sent, told, settled, settled.order, told.order, client.check()):
        name = next(iter(result.__dataclass_fields__))  # type: ignore[union-attr]
        with pytest.raises(AttributeError):
            setattr(result, name, None)
        assert pickle.loads(pickle.dumps(result)) == result
        assert copy.deepcopy(result) == result
    with pytest.raises(AttributeError):
        sent.raw.text = None  # type: ignore[method-assign,assignment]
    with pytest.raises(TypeError):
        sent.raw["err_code"] = "x"  # type: ignore[index]
    with pytest.raises(TypeError):
        settled.order.fields["wishing"] = "x"  # type: ignore[index]


def test_the_journal_pays_an_intent_once(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = redpack.Journal(f"sqlite:{tmp_path}/payments.db")
    client = sandbox.client(journal=journal)
    order = sandbox.order(intent="invoice 7")
    del order["mch_billno"]
    first, second = client.settle(**order), client.settle(**order)
    assert first.settled and first.outcome == "sent" and first.attempts == 1
    assert second.mch_billno == first.mch_billno and second.attempts == 0
    assert sandbox.debits(first.mch_billno) == 1
    kept = journal.order_of_intent(sandbox.mch_id, "invoice 7")
    assert kept is not None and kept == journal.order(sandbox.mch_id, first.mch_billno)
    assert kept.state == "sent" and kept.outcome == "sent" and kept.settled and kept.fields["remark"] == "快来抢"
    (attempt,) = journal.attempts(sandbox.mch_id, first.mch_billno)
    assert attempt.outcome == "sent" and attempt.phase == "answer" and attempt.finished_at is not None
    assert [of.mch_billno for of in journal.orders(state="sent")] == [first.mch_billno]
    assert journal.orders(after=kept.seq) == ()
    again = client.send(**{**order, "mch_billno": first.mch_billno})
    assert again.recorded and again.raw == {}
    with pytest.raises(redpack.InvalidRequest):
        journal.orders(state="nowhere")
    assert journal.suspected() is None and client.journal is not None


def test_a_lost_answer_is_settled(sandbox: Sandbox, tmp_path: Path) -> None:
    client = sandbox.client(journal=f"sqlite:{tmp_path}/j.db")
    order = sandbox.order(re_openid="f--drop-after")
    with pytest.raises(redpack.OutcomeUnknown) as lost:
        client.send(**order)
    assert lost.value.order is not None and lost.value.order.ambiguous
    with pytest.raises(redpack.OutcomeUnknown):
        client.close(order["mch_billno"])
    settled = client.settle_number(order["mch_billno"])
    assert settled.outcome == "sent" and sandbox.debits(order["mch_billno"]) == 1
    with pytest.raises(redpack.AlreadySent) as sent:
        client.close(order["mch_billno"])
    assert sent.value.outcome == "sent" and sent.value.kind == "not_permitted"


def test_a_refused_order_is_mended_under_its_number(sandbox: Sandbox, tmp_path: Path) -> None:
    client = sandbox.client(journal=f"sqlite:{tmp_path}/j.db")
    refused = sandbox.order(re_openid="f--PARAM_ERROR")
    with pytest.raises(redpack.Rejected) as rejected:
        client.send(**refused)
    assert rejected.value.advice is Advice.FIX_ORDER
    mended = {**refused, "wishing": "新年快乐"}
    amended = client.amend(**mended)
    assert amended.advice is Advice.RETRY_SAME_ORDER and amended.order.fields["wishing"] == "新年快乐"
    assert client.settle(**mended, limit=15).outcome == "sent" and sandbox.debits(refused["mch_billno"]) == 1
    with pytest.raises(redpack.RedpackError) as late:
        client.amend(**refused)
    assert late.value.kind == "not_permitted"
    with pytest.raises(redpack.InvalidRequest) as empty:
        client.send(**sandbox.order(intent=""))
    assert empty.value.problems[0].field == "intent"
    with pytest.raises(redpack.RedpackError):
        client.send(**sandbox.order(re_openid="f--PROCESSING"))
    recovered = client.recover(limit=1)
    assert (recovered.orders, recovered.waiting) == ((), 1) and recovered.next_due is not None


def test_close_recover_reconcile_resolve(sandbox: Sandbox, tmp_path: Path) -> None:
    client = sandbox.client(journal=f"sqlite:{tmp_path}/j.db")
    refused = sandbox.order(re_openid="f--SEND_FAILED--all")
    with pytest.raises(redpack.Rejected):
        client.send(**refused)
    closed = client.close(refused["mch_billno"])
    assert closed.advice is Advice.NEW_ORDER_ALLOWED and closed.order.state == "closed" and closed.settled
    lost = sandbox.order(re_openid="f--drop-after")
    with pytest.raises(redpack.OutcomeUnknown) as unknown:
        client.send(**lost)
    assert client.recover(limit=1).orders == (), "it is not due yet"
    assert unknown.value.not_before is not None
    time.sleep(max(0.0, unknown.value.not_before.timestamp() - time.time()) + 1)
    recovered = client.recover(limit=20)
    assert [of.mch_billno for of in recovered.orders] == [lost["mch_billno"]] and recovered.open == ()
    reconciled = client.reconcile(limit=5)
    assert (reconciled.asked, reconciled.failed, reconciled.refunded_fen) == (0, 0, 0)
    with pytest.raises(redpack.RedpackError) as nothing:
        client.resolve(refused["mch_billno"], Evidence.PAID, who="Li", why="console")
    assert nothing.value.kind == "not_permitted"
    assert client.journal is not None and client.journal.decisions(sandbox.mch_id, lost["mch_billno"]) == ()
    with pytest.raises(redpack.NotSent) as without:
        sandbox.client().settle(**sandbox.order())
    assert "journal" in str(without.value) and without.value.advice == "fix_setup"


def test_caps_and_the_queue(sandbox: Sandbox, tmp_path: Path) -> None:
    client = sandbox.client(journal=f"sqlite:{tmp_path}/j.db", caps=Caps(order=150, merchant_day=250))
    journal = client.journal
    assert journal is not None
    client.send(**sandbox.order())
    assert journal.spent_today(sandbox.mch_id) == 100
    assert journal.spent_today(sandbox.mch_id, "somebody else") == 0
    for amount in (200, 151):
        with pytest.raises(redpack.NotSent) as capped:
            client.send(**sandbox.order(total_amount=amount))
        assert capped.value.kind == "held_back"
    journal.pause(sandbox.mch_id, "lunch", 60)
    pause = journal.paused(sandbox.mch_id)
    assert pause is not None and pause.reason == "lunch" and pause.until is not None
    with pytest.raises(redpack.NotSent):
        client.send(**sandbox.order())
    journal.resume(sandbox.mch_id)
    assert journal.paused(sandbox.mch_id) is None
    client.send(**sandbox.order())
    assert sandbox.ledger()["totals"]["debits"] == 2


def test_credentials_in_every_form(sandbox: Sandbox) -> None:
    certificate, key = (sandbox.folder / f"apiclient_{name}.pem" for name in ("cert", "key"))
    forms: list[dict[str, Any]] = [
        {"certificate": certificate, "private_key": key},
        {"certificate": str(certificate), "private_key": str(key)},
        {"certificate": certificate.read_bytes(), "private_key": key.read_bytes()},
        {"certificate": certificate.read_text(), "private_key": key.read_text()},
        {"pkcs12": sandbox.folder / "apiclient_cert.p12"},
        {"pkcs12": (sandbox.folder / "apiclient_cert.p12").read_bytes(), "passphrase": sandbox.mch_id},
    ]
    none = {"certificate": None, "private_key": None}
    for form in forms:
        with sandbox.client(**{**none, **form}, roots=(sandbox.folder / "ca.pem").read_bytes()) as client:
            assert client.send(**sandbox.order()).outcome == "sent"
    client = sandbox.client()
    client.replace_credentials(pkcs12=sandbox.folder / "apiclient_cert.p12")
    client.replace_api_key(sandbox.api_key)
    assert client.send(**sandbox.order()).outcome == "sent"
    with pytest.raises(redpack.SetupError) as wrong:
        client.replace_credentials(pkcs12=sandbox.folder / "apiclient_cert.p12", passphrase="wrong")
    assert wrong.value.credential_fault == "wrong_passphrase"
    assert client.send(**sandbox.order()).outcome == "sent"


def test_check(sandbox: Sandbox) -> None:
    check = sandbox.client(failover=Failover.OFF, pace=5, ipv4_only=True, connect_limit=2).check()
    assert check.mch_id == sandbox.mch_id == check.certificate.common_name and check.days_left > 30
    assert check.findings == ("unusual_host",) and check.backup_url is None
    assert check.certificate.not_before < check.certificate.not_after


def test_the_hook_is_told(sandbox: Sandbox) -> None:
    events: list[redpack.AttemptEvent] = []
    client = sandbox.client(on_attempt=events.append)
    order = sandbox.order()
    client.send(**order)
    client.query(order["mch_billno"])
    first, second = events
    assert first.mch_billno == order["mch_billno"] and first.path.endswith("/sendredpack")
    assert first.outcome is Outcome.SENT and first.phase == "answer" and first.elapsed > 0
    assert not first.connection_reused and second.connection_reused and first.http_status is None or 200
    with pytest.raises(redpack.Pending):
        client.send(**sandbox.order(re_openid="f--NOTENOUGH"))
    assert events[2].err_code == "NOTENOUGH" and events[2].kind == "answer"


def test_a_hook_that_raises_changes_nothing(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", told.append)

    def hook(event: redpack.AttemptEvent) -> None:
        raise KeyError("metrics are down")

    client = sandbox.client(on_attempt=hook)
    assert client.send(**sandbox.order()).outcome == "sent"
    assert [of.exc_type for of in told] == [KeyError]


def test_shut_down(sandbox: Sandbox) -> None:
    with sandbox.client() as client:
        pass
    with pytest.raises(redpack.SetupError):
        client.send(**sandbox.order())
    assert "shut down" in repr(client) and sandbox.ledger()["totals"]["sends"] == 0


def test_yuan() -> None:
    from decimal import Decimal

    for yuan, fen in [("1.23", 123), ("5", 500), (Decimal("1.23"), 123), (Decimal("1E+2"), 10000)]:
        assert redpack.fen_from_yuan(yuan) == fen
    assert redpack.fen_from_yuan(Decimal("1.500")) == 150 and redpack.fen_to_yuan(123) == "1.23"
    for bad in ("1.234", "", "-1", "1,2", Decimal("0.001"), Decimal("NaN"), Decimal("-1")):
        with pytest.raises(redpack.InvalidRequest):
            redpack.fen_from_yuan(bad)
    for wrong in (1.23, 1, True, None):
        with pytest.raises(TypeError):
            redpack.fen_from_yuan(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        redpack.fen_to_yuan(True)


def test_numbers_and_helpers() -> None:
    numbers = {redpack.new_mch_billno("1900000109") for _ in range(1000)}
    assert len(numbers) == 1000 and all(len(number) == 28 for number in numbers)
    with pytest.raises(redpack.InvalidRequest):
        redpack.new_mch_billno("19000001091234567")
    assert protocol.mask_openid("oxTWIuGaIt6gTKsQRLau2M0yL16E") == "oxTW***6E"
    assert protocol.risk_info(mobile="86-13800000000", deviceid="IOS") == "mobile%3D86%2D13800000000%26deviceid%3DIOS"
    assert protocol.canonical({"b": 2, "a": "1", "sign": "x", "c": ""}) == "a=1&b=2"
    assert protocol.write([("a", "1")]) == "<xml><a>1</a></xml>"
    assert redpack.__version__.count(".") == 2
