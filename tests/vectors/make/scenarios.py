#!/usr/bin/env python3
"""Makes scenarios.json: `python3 tests/vectors/make/scenarios.py`.

Every expectation is written by hand from the design: what each answer means, and that nothing is paid for twice. The
recipient's name asks the sandbox for its fault (`f--drop-after`: the first send of each order).
"""
from common import OPENID, write

scenarios = []
TEXTS = {"act_name": "猜灯谜", "remark": "{billno:1}", "wishing": "节日快乐"}
SENT = {"outcome": "sent", "advice": "none"}
LOST = {"outcome": "unknown", "advice": "query_first", "scope": "order", "wire_sends": 1}
NOTHING_LEFT = {"wire_sends": 0}


def scenario(name, *steps, ledger, **client):
    debits = {f"{{billno:{number}}}": {"debits": paid, "sends": sends} for number, (paid, sends) in ledger.items()}
    scenarios.append({"name": name, **client, "steps": list(steps), "ledger": debits})


def fields_of(to, number, amount, endpoint, more):
    fields = {"mch_billno": f"{{billno:{number}}}", "re_openid": to, "total_amount": amount, **TEXTS}
    if endpoint != "sendworkwxredpack":
        fields["send_name"] = "天虹百货"
    return {**fields, **more}


def send(to, expect, number=1, amount="100", endpoint="sendredpack", more=None):
    fields = fields_of(to, number, amount, endpoint, more or {})
    return {"do": "send", "endpoint": endpoint, "fields": fields, "expect": expect}


def settle(to, expect, number=1, amount="100", limit_ms=4000, more=None):
    fields = fields_of(to, number, amount, "sendredpack", more or {})
    return {"do": "settle", "endpoint": "sendredpack", "fields": fields, "limit_ms": limit_ms, "expect": expect}


def query(status, outcome, advice, number=1, endpoint="gethbinfo", **more):
    expect = {"found": status is not None, "status": status, "outcome": outcome, "advice": advice, **more}
    return {"do": "query", "endpoint": endpoint, "fields": {"mch_billno": f"{{billno:{number}}}"}, "expect": expect}


def close(expect, number=1):
    return {"do": "close", "mch_billno": f"{{billno:{number}}}", "expect": expect}


def control(path, body):
    return {"do": "control", "path": path, "body": body}


def call(path, fields, expect):
    return {"do": "call", "path": path, "fields": fields, "expect": expect}


FOUND = query("SENT", "sent", "none")
MISSING = query(None, "unknown", "query_first")

# Without a journal: one call, one send.
scenario("sent, and found", send(OPENID, {**SENT, "kind": None, "err_code": None, "recorded": False,
                                          "answer": {"result_code": "SUCCESS", "mch_billno": "{billno:1}"}}),
         FOUND, ledger={1: (1, 1)})
scenario("the same order again is paid once", send(OPENID, SENT), send(OPENID, {**SENT, "recorded": False}),
         ledger={1: (1, 2)})
scenario("the same number for another amount", send(OPENID, SENT),
         send(OPENID, {**LOST, "kind": "answer", "err_code": "FATAL_ERROR"}, amount="101"), FOUND, ledger={1: (1, 2)})
scenario("an order that nobody sent", MISSING, ledger={1: (0, 0)})
scenario("a broken rule: nothing leaves",
         send(OPENID, {"outcome": "not_sent", "advice": "fix_order", "kind": "invalid_request", **NOTHING_LEFT}, amount="0"),
         MISSING, ledger={1: (0, 0)})
for fault, more in (
    ("drop-after", {"err_code": None, "http_status": None}),
    ("reset-in-answer-after", {"err_code": None}),
    ("truncated-after", {"err_code": None}),
    ("not-xml-after", {"kind": "malformed", "err_code": None, "http_status": 200}),
    ("cut-xml-after", {"kind": "malformed", "http_status": 200}),
    ("entity-bomb-after", {"kind": "malformed", "http_status": 200}),
    ("empty-after", {"kind": "malformed", "http_status": 200}),
    ("oversized-after", {"kind": "too_large"}),
    ("http-502-after", {"kind": "http_status", "err_code": None, "http_status": 502}),
    ("redirect-after", {"kind": "redirect", "http_status": 307}),
    ("wrong-echo-after", {"kind": "echo_mismatch", "http_status": 200}),
    ("SYSTEMERROR-after", {"kind": "answer", "err_code": "SYSTEMERROR"}),
    ("NEVER_SEEN_CODE-after", {"kind": "answer", "err_code": "NEVER_SEEN_CODE"}),
    ("268458547-after", {"kind": "answer", "err_code": "268458547"}),
):
    scenario(f"{fault}: unknown, and paid", send(f"f--{fault}", {**LOST, **more}), FOUND, ledger={1: (1, 1)})
scenario("hang-after: the time limit ends it, and it is paid", send("f--hang-after", {**LOST, "kind": "timeout"}), FOUND,
         ledger={1: (1, 1)}, attempt_limit_ms=700)
scenario("odd-form: sent all the same", send("f--odd-form", SENT), FOUND, ledger={1: (1, 1)})
for fault, more in (("drop-before", {}), ("SYSTEMERROR-before", {"err_code": "SYSTEMERROR"}),
                    ("http-502-before", {"http_status": 502})):
    scenario(f"{fault}: not paid, which nobody can know; the same order again pays", send(f"f--{fault}", {**LOST, **more}),
             MISSING, send(f"f--{fault}", SENT), ledger={1: (1, 2)})
for code, advice, scope in (("NOTENOUGH", "retry_same_order", "merchant"), ("SENDNUM_LIMIT", "retry_same_order", "recipient"),
                            ("NO_AUTH", "query_first", "recipient")):
    scenario(f"{code}: the service keeps the order, for a reason",
             send(f"f--{code}", {"outcome": "pending", "advice": advice, "scope": scope, "err_code": code}),
             query("SENDING", "pending", "retry_same_order"), send(f"f--{code}", SENT), FOUND, ledger={1: (1, 2)})
scenario("FREQ_LIMIT: later", send("f--FREQ_LIMIT", {"outcome": "pending", "advice": "retry_same_order", "scope": "merchant",
                                                     "err_code": "FREQ_LIMIT"}),
         MISSING, send("f--FREQ_LIMIT", SENT), ledger={1: (1, 2)})
scenario("MONEY_LIMIT: refused", send(OPENID, {"outcome": "rejected", "advice": "query_first", "err_code": "MONEY_LIMIT"},
                                      amount="99"), MISSING, ledger={1: (0, 1)})
scenario("a query that fails says nothing of the order", send("f--query-http-502", SENT),
         query(None, "unknown", "query_first", found=None, kind="http_status", http_status=502), FOUND, ledger={1: (1, 1)})
scenario("a mini program's packet, lost", send("f--drop-after", LOST, endpoint="sendminiprogramhb"),
         send("f--drop-after", {**SENT, "answer": {"result_code": "SUCCESS"}}, endpoint="sendminiprogramhb"), FOUND,
         ledger={1: (1, 2)})
scenario("a WeCom packet, lost",
         send("f--drop-after", LOST, endpoint="sendworkwxredpack", more={"sender_name": "张三"}),
         query("SENT", "sent", "none", endpoint="queryworkwxredpack"), MISSING, ledger={1: (1, 1)})
scenario("the generic call", send(OPENID, SENT),
         call("/mmpaymkttransfers/gethbinfo",
              [["appid", "{appid}"], ["bill_type", "MCHT"], ["mch_billno", "{billno:1}"]],
              {**SENT, "err_code": None, "answer": {"status": "SENT", "mch_billno": "{billno:1}"}}),
         call("/mmpaymkttransfers/sendgroupredpack", [["mch_billno", "{billno:2}"]],
              {"outcome": "rejected", "advice": "fix_setup", "scope": "merchant", "err_code": "API_METHOD_CLOSED"}),
         call("/nowhere", [["mch_billno", "{billno:2}"]], {**LOST, "kind": "http_status", "http_status": 404}),
         ledger={1: (1, 1)})

# With a journal: what is known of an order outlives the call.
NOT_PERMITTED = {"outcome": "unknown", "advice": "query_first", "kind": "not_permitted", **NOTHING_LEFT}
scenario("journal: sent once, recorded afterwards", send(OPENID, {**SENT, "recorded": False}),
         send(OPENID, {**SENT, "recorded": True}), FOUND, ledger={1: (1, 1)}, journal=True)
scenario("journal: other fields under the same number", send(OPENID, SENT),
         send(OPENID, {"outcome": "not_sent", "advice": "fix_order", "kind": "order_conflict", **NOTHING_LEFT}, amount="101"),
         ledger={1: (1, 1)}, journal=True)
scenario("journal: unknown is asked about before anything else", send("f--drop-after", LOST),
         send("f--drop-after", NOT_PERMITTED), close(NOT_PERMITTED), FOUND,
         send("f--drop-after", {**SENT, "recorded": True}), ledger={1: (1, 1)}, journal=True)
scenario("journal: lost, then settled", send("f--drop-after", LOST),
         settle("f--drop-after", {**SENT, "settled": True, "state": "sent", "attempts": 0, "queries": 1}),
         ledger={1: (1, 1)}, journal=True)
scenario("journal: settled in one go", settle(OPENID, {**SENT, "settled": True, "state": "sent", "attempts": 1, "queries": 0}),
         settle(OPENID, {**SENT, "settled": True, "attempts": 0, "queries": 0}), ledger={1: (1, 1)}, journal=True)
scenario("journal: settled through a fault", settle("f--SYSTEMERROR-after", {**SENT, "settled": True, "attempts": 1,
                                                                              "queries": 1}),
         ledger={1: (1, 1)}, journal=True)
scenario("journal: no time to settle", settle("f--late-landing", {
    "outcome": "unknown", "advice": "query_first", "settled": False, "state": "unknown", "attempts": 1, "queries": 0},
    limit_ms=200), MISSING, control("/clock", {"advance_seconds": 180}), FOUND,
         settle("f--late-landing", {**SENT, "settled": True, "attempts": 0, "queries": 0}), ledger={1: (1, 1)}, journal=True)
scenario("journal: not enough money stops the merchant's queue",
         settle("f--NOTENOUGH", {"outcome": "pending", "advice": "retry_same_order", "scope": "merchant", "settled": False,
                                 "attempts": 1}, limit_ms=200),
         settle(OPENID, {"outcome": "not_sent", "settled": False, "attempts": 0}, number=2, limit_ms=200),
         ledger={1: (0, 1), 2: (0, 0)}, journal=True)
CLOSED = {"outcome": "rejected", "advice": "new_order_allowed", "settled": True, "state": "closed"}
scenario("journal: refused, closed, and a new order", send(OPENID, {"outcome": "rejected", "err_code": "MONEY_LIMIT"}, amount="99"),
         close(CLOSED), send(OPENID, {"advice": "new_order_allowed", "kind": "not_permitted", **NOTHING_LEFT}, amount="99"),
         send(OPENID, SENT, number=2), ledger={1: (0, 1), 2: (1, 1)}, journal=True)
scenario("journal: PROCESSING that ends FAILED, and a new order",
         send("f--PROCESSING-failed", {"outcome": "pending", "advice": "query_first", "err_code": "PROCESSING"}),
         close({"outcome": "pending", "kind": "not_permitted", **NOTHING_LEFT}),
         control("/clock", {"advance_seconds": 1300}), query("FAILED", "rejected", "new_order_allowed"),
         send(OPENID, SENT, number=2), ledger={1: (0, 1), 2: (1, 1)}, journal=True)

# These move the sandbox's clock by more than a day at the end, so they come last.
scenario("PROCESSING that ends well", send("f--PROCESSING", {
    "outcome": "pending", "advice": "query_first", "scope": "order", "err_code": "PROCESSING"}),
    query("SENDING", "pending", "query_first"), control("/clock", {"advance_seconds": 1200}), FOUND, ledger={1: (1, 1)})
scenario("PROCESSING that ends FAILED: only then a new order", send("f--PROCESSING-failed", {
    "outcome": "pending", "advice": "query_first", "err_code": "PROCESSING"}),
    query("SENDING", "pending", "query_first"), control("/clock", {"advance_seconds": 1200}),
    query("FAILED", "rejected", "new_order_allowed"), send(OPENID, SENT, number=2), ledger={1: (0, 1), 2: (1, 1)})
scenario("claimed, and given back", send(OPENID, SENT), send(OPENID, SENT, number=2),
         control("/claim", {"mch_billno": "{billno:1}"}), query("RECEIVED", "sent", "none"),
         control("/clock", {"advance_seconds": 86500}), query("RFUND_ING", "sent", "none", number=2),
         control("/clock", {"advance_seconds": 600}), query("REFUND", "sent", "none", number=2),
         ledger={1: (1, 1), 2: (1, 1)})

write("scenarios.json", {
    "about": "Stories against a running sandbox: what each step must come to, and what the ledger must have in the end. "
             "Made by tests/vectors/make/scenarios.py.",
    "scenarios": scenarios,
})
