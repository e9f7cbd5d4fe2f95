"""The vectors that all languages share; `scenarios.json` has a file of its own."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from conftest import VECTORS, ran, read

import redpack
from redpack import InvalidRequest, RedpackError, SignType, protocol

Capture = pytest.CaptureFixture[str]
BEIJING = timezone(timedelta(hours=8))


def test_every_file_of_the_manifest_is_run() -> None:
    mine = {"sign", "sign_other", "encode", "validate", "parse", "answers", "scenarios"}
    assert {f"{name}.json" for name in mine} == set(read("MANIFEST.json"))
    assert {path.stem for path in VECTORS.glob("*.json")} - {"MANIFEST"} == mine


def test_sign(capsys: Capture) -> None:
    vectors = read("sign.json")["vectors"]
    for case in vectors:
        fields, key = case["fields"], case["key"]
        assert protocol.sign(fields, key) == case["md5"]
        assert protocol.sign(fields, key, SignType.HMAC_SHA256) == case["hmac_sha256"]
        assert protocol.verify(fields, key, case["md5"])
        assert protocol.verify(fields, key, case["hmac_sha256"])
        assert not protocol.verify({**fields, "x": "y"}, key, case["md5"])
    ran("sign.json", len(vectors), capsys)


def test_sign_other(capsys: Capture) -> None:
    data = read("sign_other.json")
    for case in data["workwx_sign"]:
        assert protocol.workwx_sign(case["fields"], case["secret"]) == case["workwx_sign"], case["name"]
    for case in data["pay_sign"]:
        given = [case[name] for name in ("appId", "timeStamp", "nonceStr", "package", "key")]
        assert protocol.pay_sign(*given) == case["paySign"], case["name"]
    ran("sign_other.json", len(data["workwx_sign"]) + len(data["pay_sign"]), capsys)


def encoded(case: dict[str, Any]) -> protocol.WireRequest:
    merchant = protocol.Merchant(**case["merchant"])
    if "endpoint" in case:
        return protocol.encode(case["endpoint"], case["fields"], merchant)
    return protocol.encode_call(
        case["path"],
        [(name, value) for name, value in case["fields"]],
        merchant,
        sign_type=case["sign_type"],
        merchant_field=case["merchant_field"],
    )


def test_encode(capsys: Capture) -> None:
    data = read("encode.json")
    for case in [*data["cases"], *data["calls"]]:
        wire = encoded(case)
        assert (wire.path, wire.nonce_str, wire.body) == (case["path"], case["nonce_str"], case["body"]), case
    ran("encode.json", len(data["cases"]) + len(data["calls"]), capsys)


def test_validate(capsys: Capture) -> None:
    data = read("validate.json")
    for case in [*data["cases"], *data["calls"]]:
        problems: list[dict[str, Any]] = []
        try:
            encoded(case)
        except InvalidRequest as error:
            problems = [{"field": of.field, "length": of.length} for of in error.problems]
            assert error.advice == "fix_order"
        assert problems == case["problems"], case["name"]
    ran("validate.json", len(data["cases"]) + len(data["calls"]), capsys)


def tree(node: dict[str, Any]) -> Any:
    children = node.get("children")
    return (node["name"], [tree(child) for child in children] if children is not None else node["text"])


def plain(element: redpack.Element) -> Any:
    children = [plain(child) for child in element.children]
    return (element.name, children or element.text)


def test_parse(capsys: Capture) -> None:
    cases = read("parse.json")["cases"]
    for case in cases:
        repeat = case.get("body_repeat")
        if "body_hex" in case:
            body = bytes.fromhex(case["body_hex"])
        elif repeat:
            body = (repeat["before"] + repeat["middle"] * repeat["times"] + repeat["after"]).encode()
        else:
            body = case["body"].encode()
        if case.get("error"):
            with pytest.raises(InvalidRequest):
                protocol.parse(body)
        else:
            assert plain(protocol.parse(body)) == tree(case["root"]), case["name"]
    ran("parse.json", len(cases), capsys)


def moved(body: str, by: timedelta) -> str:
    """The vector's times, moved to the machine's clock."""
    def later(found: re.Match[str]) -> str:
        return str(datetime.fromisoformat(found[0]) + by)

    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", later, body)


def test_answers(capsys: Capture) -> None:
    data = read("answers.json")
    request = data["request"]
    merchant = protocol.Merchant(request["mch_id"], request["appid"], request["api_key"])
    number = request["mch_billno"]
    fields = {
        "mch_billno": number,
        "re_openid": request["re_openid"],
        "total_amount": 100,
        "send_name": "a",
        "act_name": "b",
        "wishing": "c",
        "remark": "d",
    }
    send = protocol.encode("sendredpack", fields, merchant)
    for case in data["send"]:
        words: list[str]
        try:
            sent = protocol.classify(send, case["http_status"], case["body"].encode())
            assert isinstance(sent, redpack.SendResult)
            words = [sent.outcome, sent.advice, "order"]
        except RedpackError as error:
            words = [error.outcome, error.advice, error.scope]
            assert error.mch_billno == number and error.attempts == 1
            assert (error.not_before is None) == (case["wait"] == "no"), case["name"]
            assert error.http_status == case["http_status"]
        assert words == [case["outcome"], case["advice"], case["scope"]], case["name"]
    query = protocol.encode("gethbinfo", {"mch_billno": number}, merchant)
    then = datetime.fromisoformat(request["now"]).replace(tzinfo=BEIJING)
    for case in data["query"]:
        while True:
            now = int(time.time())
            body = moved(case["body"], timedelta(seconds=now - int(then.timestamp())))
            try:
                told: Any = protocol.classify(query, case["http_status"], body.encode())
            except RedpackError as error:
                told = error
            if int(time.time()) == now:
                break
        assert (told.outcome, told.advice) == (case["outcome"], case["advice"]), case["name"]
    kinds = protocol.kinds()
    assert set(kinds) == set(data["failures"])
    for kind, case in data["failures"].items():
        row = kinds[kind]
        assert (row.outcome, row.advice, row.scope) == (case["outcome"], case["advice"], case["scope"]), kind
    ran("answers.json", len(data["send"]) + len(data["query"]) + len(data["failures"]), capsys)
