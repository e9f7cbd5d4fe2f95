"""The other side of core/tests/differential.rs: a question a line in, an answer a line out, both JSON.

Only Python's standard library, and the rules of the wire as the makers of the vectors have them.
"""
import json
import sys
import xml.etree.ElementTree as etree

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from common import DEFAULTS, by_bytes, canonical, derived_nonce, document, sign, workwx_sign  # noqa: E402


def nonce_in(body):
    """A query's nonce is drawn at random: taken from what is to be compared."""
    return etree.fromstring(body.encode()).findtext("nonce_str")


def encode(asked):
    merchant, endpoint = asked["merchant"], asked["endpoint"]
    given = dict(asked["fields"])
    query = endpoint in ("gethbinfo", "queryworkwxredpack")
    if query:
        given.setdefault("nonce_str", nonce_in(asked["body"]))
    wire = {**DEFAULTS[endpoint], ("appid" if query else "wxappid"): merchant["appid"], **given,
            "mch_id": merchant["mch_id"]}
    if "nonce_str" not in wire:
        wire["nonce_str"] = derived_nonce(canonical(wire), merchant["api_key"])
    if endpoint == "sendworkwxredpack":
        wire["workwx_sign"] = workwx_sign(wire, merchant["workwx_secret"])
    body = document([*by_bytes(wire), ("sign", sign(wire, merchant["api_key"]))])
    return {"nonce_str": wire["nonce_str"], "body": body}


def call(asked):
    merchant = asked["merchant"]
    wire = {name: value for name, value in asked["fields"].items() if value != ""}
    wire["mch_id"] = merchant["mch_id"]
    if asked["sign_type"] != "MD5":
        wire.setdefault("sign_type", asked["sign_type"])
    if "nonce_str" not in wire:
        path = "/mmpaymkttransfers/x"
        wire["nonce_str"] = derived_nonce(f"{path}?{canonical(wire)}", merchant["api_key"])
    right = document([*by_bytes(wire), ("sign", sign(wire, merchant["api_key"], asked["sign_type"]))])
    return {"right": True} if right == asked["body"] else {"right": right}


def signatures(asked):
    fields, key = asked["fields"], asked["key"]
    return {"md5": sign(fields, key), "hmac": sign(fields, key, "HMAC-SHA256"), "workwx": workwx_sign(fields, key)}


WAYS = {"encode": encode, "call": call, "sign": signatures}
for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps(WAYS[question["do"]](question)), flush=True)
