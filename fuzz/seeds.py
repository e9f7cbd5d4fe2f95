#!/usr/bin/env python3
"""Writes seeds for the corpora, made from tests/vectors and the fixtures: python3 fuzz/seeds.py [FOLDER].

Each input is named by its own hash, as libFuzzer names them, so that nothing is written twice.
"""
import hashlib
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "fuzz/corpus"
FIXTURES = ROOT / "core/tests/fixtures"


def vectors(name):
    return json.loads((ROOT / "tests/vectors" / name).read_text())


def seed(target, data):
    folder = FOLDER / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def piece(data):
    return bytes([len(data[:255])]) + data[:255]


for case in vectors("parse.json")["cases"][::2]:
    body = case.get("body", "").encode("utf-8", "surrogatepass")
    if body and len(body) < 2048:
        seed("xml", body)

answers = vectors("answers.json")
STATUS = {200: 0, 302: 5, 400: 6, 502: 7}
for kind, ways in (("send", (0, 3, 7)), ("query", (4, 6))):
    for index, case in enumerate(answers[kind]):
        body = case["body"].encode()
        if len(body) < 2048:
            way = ways[index % len(ways)] if index % 4 == 3 else ways[0]
            seed("answer", bytes([way | STATUS.get(case["http_status"], 7) << 5]) + body)

# What once was seen: an openid inside of a longer word, where a code should be.
for way in (0, 4, 7):
    seed("answer", bytes([way]) + b"<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code><err_code>USER_"
         b"oxTWIuGaIt6gTKsQRLau2M0yL16E</err_code><err_code_des>x</err_code_des></xml>")

certificate, key = (FIXTURES / "cert.pem").read_bytes(), (FIXTURES / "key.pem").read_bytes()
for name in ("key.pem", "key.pkcs1.pem", "key.encrypted.pem", "other.key.pem", "cert.pem"):
    seed("credentials", b"\0" + (FIXTURES / name).read_bytes())
for name in ("cert.pem", "cert.unusual.pem", "cert.other-merchant.pem", "ca.pem"):
    seed("credentials", b"\1" + (FIXTURES / name).read_bytes())
seed("credentials", b"\2" + len(certificate).to_bytes(2, "big") + certificate + key)
seed("credentials", b"\0" + key.replace(b"\n", b"\\n"))
for form, name in ((7, "mch.p12"), (7, "modern.p12"), (7, "des.p12"), (7, "nokey.p12"), (7, "nomac.p12"),
                   (11, "passphrase-other.p12"), (3, "mch.p12")):
    seed("credentials", bytes([form]) + (FIXTURES / name).read_bytes())

# The fields by their place in the table: sorted by name.
FIELDS = {
    "sendredpack": ["act_name", "client_ip", "consume_mch_id", "mch_billno", "mch_id", "msgappid", "nonce_str",
                    "re_openid", "remark", "risk_info", "scene_id", "send_name", "sign", "sub_mch_id", "total_amount",
                    "total_num", "wishing", "wxappid"],
}
ENDPOINTS = ["sendredpack", "sendminiprogramhb", "gethbinfo", "sendworkwxredpack", "queryworkwxredpack"]
cases = vectors("encode.json")["cases"] + vectors("validate.json")["cases"][::20]
for case in cases:
    # An index for an endpoint whose table isn't written down here is a guess: a seed all the same.
    names = FIELDS.get(case["endpoint"], sorted(case["fields"]))
    data = bytes([ENDPOINTS.index(case["endpoint"])])
    for name, value in case["fields"].items():
        if isinstance(value, str) and name in names:
            data += bytes([names.index(name)]) + piece(value.encode("utf-8", "surrogatepass"))
    seed("request", data)
for case in vectors("encode.json")["calls"]:
    data = b"\7\1"
    for name, value in case["fields"]:
        data += piece(name.encode()) + piece(value.encode())
    seed("request", data)


def text(value):
    return b"\x10" + piece(value.encode())


NEW = b"\0" + b"\7" + text("wx8888888888888888") + b"\x08"
for endpoint in ENDPOINTS:
    for case in [case for case in cases if case["endpoint"] == endpoint][:3]:
        data = NEW + b"\1" + text(endpoint)
        for name, value in case["fields"].items():
            data += b"\3" + text(name) + text(str(value))
        seed("abi", data + b"\x09\x13\x11\x12")
for opcode in range(20):
    seed("abi", bytes([opcode]) + text("1.23") + text("total_amount") + b"\x05\0\0\0\0\0\0\0")
    if opcode % 3 == 0:
        seed("abi", bytes([opcode | 0xC0]) + b"\0" * 12)

# One cell each: every column of an order by a number, a text, nothing and a blob; a few of the other tables.
WORDS = [b"closed", b"sent", b"prepared", b"new_order_allowed", b"attempt", b"merchant", b""]
for column in range(43):
    kinds = [b"\0", b"\1\1", b"\2\x08" + b"\xff" * 7 + b"\x7f", b"\3\7", b"\4" + piece(b"\xff\0")]
    kinds.append(b"\5" + piece(WORDS[column % len(WORDS)]))
    # Of the kinds one, in turn.
    seed("journal", b"\0" + bytes([column]) + kinds[1 + column % 5])
for table, columns in ((1, 15), (2, 6), (4, 7)):
    for column in range(columns):
        seed("journal", bytes([table, column]) + b"\2\x08" + b"\xff" * 7 + b"\x7f")

# Every C function: which (two bytes), then its arguments as fuzz/targets/src/functions/table.rs has them.
TABLE = [
    (name, re.findall(r"\([^)]*\)|\w+", kinds))
    for name, kinds in re.findall(r"^    (redpack_\w+) \[(.*)\]", (ROOT / "fuzz/targets/src/functions/table.rs").read_text(), re.M)
]
NAMES = [name for name, _ in TABLE]


def word(value):
    """A text, spelt out; None is NULL."""
    return b"\x14" if value is None else b"\x30" + piece(value.encode())


def call(name, *values):
    """A call with those texts, bytes and numbers, in their order; handles and errors are there."""
    values = list(values)
    data = NAMES.index(name).to_bytes(2, "big")
    for kind in TABLE[NAMES.index(name)][1]:
        if kind.startswith("(live"):
            data += b"\0"
        elif kind in ("error", "limit", "long_limit", "bool", "path", "host", "journal_url"):
            data += bytes([values.pop(0) if kind != "error" and values and isinstance(values[0], int) else 0])
        elif kind == "text":
            data += word(values.pop(0) if values else None)
        elif kind == "bytes":
            given = values.pop(0) if values else b""
            data += bytes([given]) if isinstance(given, int) else b"\x20" + len(given).to_bytes(2, "big") + given
        elif not kind.startswith("(") and kind not in ("length", "buffer", "place", "null"):
            data += bytes([0x40 + (values.pop(0) if values and isinstance(values[0], int) else 0)])
    return data


START = call("redpack_config_new", "1900000109", "wx8888888888888888", "192006250b4c09247ec02edce69f6a2d")
START += call("redpack_config_set_pem", 0, 1)
ORDER = {"mch_billno": "1900000109261124abcdefghijkl", "re_openid": "oxTWIuGaIt6gTKsQRLau2M0yL16E", "total_amount": "100"}
ORDER |= {"send_name": "a", "wishing": "b", "act_name": "c", "remark": "d"}
SENT = "".join(
    f"<{name}>{value}</{name}>"
    for name, value in (
        ("return_code", "SUCCESS"), ("result_code", "SUCCESS"), ("mch_billno", ORDER["mch_billno"]), ("mch_id", "1900000109"),
        ("re_openid", ORDER["re_openid"]), ("total_amount", "100"), ("send_listid", "1000000000"),
    )
)
SENT = f"<xml>{SENT}</xml>".encode()
FOUND = SENT.replace(b"</xml>", b"<status>RECEIVED</status><hblist><hbinfo><openid>o</openid><amount>100</amount></hbinfo></hblist></xml>")


def request(endpoint, fields):
    data = call("redpack_request_new", endpoint)
    for name, value in fields.items():
        data += call("redpack_request_set_text", name, value)
    return data


def getters(*handles):
    """Everything that can be asked of those handles, and of their first and second item."""
    data = b""
    for name, (first, *more) in ((name, kinds) for name, kinds in TABLE if kinds and not name.endswith("_free")):
        if first in [f"(live {handle})" for handle in handles] and all(kind in ("usize", "i32", "text", "place") for kind in more):
            data += call(name, *([0] if "usize" in more or "i32" in more else []))
    return data


for kinds in range(0, len(NAMES), 40):
    # All of them, with nothing there.
    seed("functions", b"".join(call(name) for name in NAMES[kinds : kinds + 40]))
SEND = START + request("sendredpack", ORDER)
QUERY = START + request("gethbinfo", {"mch_billno": ORDER["mch_billno"], "bill_type": "MCHT"})
ENCODED = call("redpack_request_encode")
for reading, body in (("redpack_wire_read_send", SENT), ("redpack_wire_read_query", FOUND), ("redpack_wire_read_call", SENT)):
    asks = QUERY if "query" in reading else SEND
    handle = {"send": "SendResult", "query": "QueryResult", "call": "Answer"}[reading.rsplit("_", 1)[1]]
    seed("functions", asks + ENCODED + NAMES.index(reading).to_bytes(2, "big") + b"\0\0\xc8" + (200).to_bytes(8, "little")
         + b"\x20" + len(body).to_bytes(2, "big") + body + (b"\x40" if "query" in reading else b"") + b"\0" + getters(handle))
    seed("functions", asks + ENCODED + call(reading, 0, b"<html>") + getters("Error"))
CLIENT = call("redpack_config_set_journal_url", 0) + call("redpack_client_new")
JOURNALED = START + CLIENT + request("sendredpack", ORDER)
seed("functions", JOURNALED + call("redpack_client_send") + getters("Error"))
seed("functions", JOURNALED + call("redpack_client_settle", 1) + getters("Settlement"))
NUMBER = ORDER["mch_billno"]
for after in (
    call("redpack_client_close", NUMBER) + getters("Settlement"),
    call("redpack_client_settle_number", NUMBER, 1) + call("redpack_client_amend"),
    call("redpack_client_resolve", NUMBER, 0, None, "li", "console"),
    call("redpack_client_recover", 1) + getters("Recovered"),
    call("redpack_client_reconcile", 1) + getters("Reconciled"),
    call("redpack_client_check") + getters("Check"),
    call("redpack_client_replace_pem", 0, 1) + call("redpack_client_replace_api_key", "x" * 32),
    call("redpack_client_journal") + call("redpack_journal_order", "1900000109", NUMBER) + getters("Order"),
    call("redpack_client_journal") + call("redpack_journal_list", "1900000109", None, 0, 9) + getters("Orders"),
    call("redpack_client_journal") + call("redpack_journal_attempts", "1900000109", NUMBER) + getters("Attempts"),
    call("redpack_client_journal") + call("redpack_journal_pause", "1900000109", 9, "why") + call("redpack_journal_paused", "1900000109")
    + call("redpack_journal_pause_reason", "1900000109") + getters("Text") + call("redpack_journal_resume", "1900000109"),
    call("redpack_client_journal") + call("redpack_client_free") + call("redpack_journal_spent_today", "1900000109")
    + call("redpack_journal_suspected") + call("redpack_journal_accept_restore", "li", "why"),
):
    seed("functions", JOURNALED + call("redpack_client_settle", 0) + after)
FIELDS = call("redpack_fields_new") + call("redpack_fields_add", "a", "1") + call("redpack_fields_add", "b", "<&>")
for name in ("redpack_sign", "redpack_verify", "redpack_workwx_sign", "redpack_canonical", "redpack_xml_write"):
    seed("functions", FIELDS + call(name, "192006250b4c09247ec02edce69f6a2d", "0" * 32) + getters("Text", "Fields"))
seed("functions", START + call("redpack_call_new", "/mmpaymkttransfers/x") + call("redpack_call_set_field", "a", "1") + call("redpack_call_encode")
     + getters("Wire") + CLIENT + call("redpack_client_call"))
