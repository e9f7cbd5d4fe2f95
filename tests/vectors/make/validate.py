#!/usr/bin/env python3
"""Makes validate.json: `python3 tests/vectors/make/validate.py`.

Every expectation is written by hand, next to its case; nothing is computed but the length in bytes.
"""
from common import BILLNO, LEAST, MERCHANT, write

cases, calls = [], []


def problem(field, value=""):
    """What is wrong is told by the field and the bytes of its value; 0 where the value isn't the point."""
    return {"field": field, "length": value if isinstance(value, int) else len(value.encode())}


def case(name, endpoint, fields, *problems, merchant=MERCHANT):
    given = {field: value for field, value in {**LEAST[endpoint], **fields}.items() if value is not None}
    cases.append({"name": f"{endpoint}: {name}", "endpoint": endpoint, "merchant": merchant, "fields": given,
                  "problems": list(problems)})


def accepted(endpoint, field, *values):
    for value in values:
        case(f"{field} {value[:24]!r}, {len(value.encode())} bytes", endpoint, {field: value})


def refused(endpoint, field, *values):
    for value in values:
        case(f"{field} {value[:24]!r}, {len(value.encode())} bytes", endpoint, {field: value}, problem(field, value))


# Lengths are bytes of UTF-8: 汉 has three, 🧧 has four.
LIMITS = {
    "sendredpack": {"send_name": 32, "act_name": 32, "wishing": 128, "remark": 256, "re_openid": 32, "wxappid": 32,
                    "msgappid": 32, "risk_info": 128, "nonce_str": 32},
    "sendminiprogramhb": {"send_name": 32, "wishing": 128, "wxappid": 32},
    "sendworkwxredpack": {"sender_name": 128, "sender_header_media_id": 128, "act_name": 32, "remark": 256},
    "gethbinfo": {"appid": 32},
    "queryworkwxredpack": {"appid": 32},
}
for endpoint, limits in LIMITS.items():
    for field, limit in limits.items():
        case(f"{field} of {limit} bytes", endpoint, {field: "x" * limit})
        case(f"{field} of {limit + 1} bytes", endpoint, {field: "x" * (limit + 1)}, problem(field, limit + 1))
for field, limit in (("send_name", 32), ("wishing", 128), ("remark", 256)):
    fits = "汉" * (limit // 3)
    accepted("sendredpack", field, fits + "x" * (limit - len(fits.encode())), "🧧" * (limit // 4))
    refused("sendredpack", field, "汉" * (limit // 3 + 1), "🧧" * (limit // 4) + "x")

# Numbers and identifiers.
for endpoint in ("sendredpack", "gethbinfo"):
    accepted(endpoint, "mch_billno", "1", "x" * 28)
    refused(endpoint, "mch_billno", "x" * 29, "a-b", "a b", "号", "a_1")
accepted("sendredpack", "sub_mch_id", "1" * 32)
refused("sendredpack", "sub_mch_id", "1" * 33, "19 1")
refused("sendredpack", "consume_mch_id", "1.9")
case("mch_billno both too long and of wrong characters", "sendredpack", {"mch_billno": "-" * 29},
     problem("mch_billno", 29), problem("mch_billno", 29))
accepted("sendredpack", "total_amount", "1", "499900", "18446744073709551615")
refused("sendredpack", "total_amount", "0", "00", "0100", "1.00", "-1", "+1", " 1", "1e2", "１００",
        "18446744073709551616")
accepted("sendredpack", "total_num", "1")
refused("sendredpack", "total_num", "2", "0", "01")
accepted("sendworkwxredpack", "agentid", "0", "1000002")
refused("sendworkwxredpack", "agentid", "01", "x")

# Addresses, scenes, constants.
accepted("sendredpack", "client_ip", "0.0.0.0", "255.255.255.255")
refused("sendredpack", "client_ip", "256.0.0.1", "1.2.3", "::1", "localhost", "01.2.3.4", "1.2.3.4 ")
case("client_ip both too long and no address", "sendredpack", {"client_ip": "100.100.100.1000"},
     problem("client_ip", 16), problem("client_ip", 16))
accepted("sendredpack", "scene_id", *(f"PRODUCT_{number}" for number in range(1, 9)))
refused("sendredpack", "scene_id", "PRODUCT_0", "PRODUCT_9", "product_1")
refused("sendminiprogramhb", "notify_way", "MINI_PROGRAM")
refused("gethbinfo", "bill_type", "MCH")

# Characters. (NUL is left out, since some languages can't hand it over.)
refused("sendredpack", "wishing", "a\u0001", "\u000b", "\u001f", "x\ufffe", "\uffff")
accepted("sendredpack", "wishing", "\t\n\r", "\u007f", "\ufffd", "\U0010ffff", "]]>&<")
refused("sendworkwxredpack", "sender_name", "\u0008")

# What is missing.
for endpoint, least in LEAST.items():
    for field in least:
        case(f"no {field}", endpoint, {field: None}, problem(field))
case("an empty value is as good as none", "sendredpack", {"wishing": ""}, problem("wishing"))
case("an empty optional value", "sendredpack", {"scene_id": "", "client_ip": ""})
case("everything is reported at once", "sendredpack", {
    "act_name": None, "client_ip": "x", "mch_billno": "-", "total_amount": "0", "wishing": "x" * 129,
}, problem("act_name"), problem("client_ip", 1), problem("mch_billno", 1), problem("total_amount", 1),
    problem("wishing", 129))

# What belongs to the client, or to nobody.
accepted("sendredpack", "mch_id", "1900000109")
refused("sendredpack", "mch_id", "1900000110")
refused("gethbinfo", "mch_id", "19")
case("client_ip is not a field of it", "sendminiprogramhb", {"client_ip": "127.0.0.1"}, problem("client_ip", 9))
case("sub_mch_id is not a field of it", "gethbinfo", {"sub_mch_id": "1900000110"}, problem("sub_mch_id", 10))
case("sign is computed, not given", "sendredpack", {"sign": "x"}, problem("sign", 1))
case("workwx_sign is computed, not given", "sendworkwxredpack", {"workwx_sign": "x"}, problem("workwx_sign", 1))
case("no WeCom secret", "sendworkwxredpack", {}, problem("workwx_sign"), merchant={**MERCHANT, "workwx_secret": None})
case("agentid excludes sender_name", "sendworkwxredpack", {"agentid": "1", "sender_name": "x"}, problem("agentid"))


def call(name, fields, *problems, path="/x", sign_type="MD5", merchant_field="mch_id"):
    calls.append({"name": name, "path": path, "merchant": MERCHANT, "fields": fields, "sign_type": sign_type,
                  "merchant_field": merchant_field, "problems": list(problems)})


call("nothing wrong", [["mch_billno", BILLNO], ["text", "红包"], ["empty", ""]])
call("no path", [], problem("path"), path="")
call("a path without its slash", [], problem("path", 1), path="x")
call("a path with two slashes", [], problem("path", 3), path="//x")
call("a path with a question mark", [], problem("path", 4), path="/x?y")
call("a path in Chinese", [], problem("path", 4), path="/红")
call("a name with a blank", [["a b", "1"]], problem("a b", 1))
call("a name that starts with a digit", [["1a", "12"]], problem("1a", 2))
call("a name in Chinese", [["红", "1"]], problem("红", 1))
call("sign given", [["sign", "abc"]], problem("sign", 3))
call("a field given twice", [["a", "1"], ["a", "23"]], problem("a", 2))
call("another merchant", [["mch_id", "19"]], problem("mch_id", 2))
call("another merchant under another name", [["mchid", "19"]], problem("mchid", 2), merchant_field="mchid")
call("mch_id is a field like others there", [["mch_id", "19"]], merchant_field="mchid")
call("a merchant's field that is no name", [], problem("m<", 2), merchant_field="m<")
call("sign_type of the other algorithm", [["sign_type", "HMAC-SHA256"]], problem("sign_type", 11))
call("sign_type of the right algorithm", [["sign_type", "HMAC-SHA256"]], sign_type="HMAC-SHA256")
call("a character that XML can't carry", [["a", "x\u0001"]], problem("a", 2))

write("validate.json", {
    "about": "What is refused before anything leaves. cases: the typed endpoints; calls: the generic call. problems: "
             "all that is wrong, by field and by the bytes of its value. Made by tests/vectors/make/validate.py.",
    "cases": cases, "calls": calls,
})
