#!/usr/bin/env python3
"""Writes seeds for the corpora, made from tests/vectors and the fixtures: python3 fuzz/seeds.py [FOLDER].

Each input is named by its own hash, as libFuzzer names them, so that nothing is written twice.
"""
import hashlib
import json
import pathlib
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
