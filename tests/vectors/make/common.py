"""What the makers of the vectors share: APIv2 written down a second time, from the documents, not from the library.

Nothing here calls redpack. The fields come from the service's documents, the signatures from hashlib and hmac, the XML
is read back by expat. Only what the library chose by itself (README.md, encode.json) was taken from it.
"""
import hashlib
import hmac
import json
import pathlib
import re
import xml.etree.ElementTree as etree

FOLDER = pathlib.Path(__file__).resolve().parent.parent

MERCHANT = {
    "mch_id": "1900000109",
    "appid": "wx8888888888888888",
    "api_key": "192006250b4c09247ec02edce69f6a2d",
    "workwx_secret": "workwx0secret0workwx0secret00000",
}
BILLNO = "1900000109261124abcdefghijkl"
OPENID = "oxTWIuGaIt6gTKsQRLau2M0yL16E"

TEXTS = {"act_name": "猜灯谜", "remark": "快来抢", "wishing": "节日快乐"}
ORDER = {"mch_billno": BILLNO, "re_openid": OPENID, "total_amount": "100", **TEXTS}
# What a caller must give, and nothing else.
LEAST = {
    "sendredpack": {**ORDER, "send_name": "天虹百货"},
    "sendminiprogramhb": {**ORDER, "send_name": "天虹百货"},
    "gethbinfo": {"mch_billno": BILLNO},
    "sendworkwxredpack": dict(ORDER),
    "queryworkwxredpack": {"mch_billno": BILLNO},
}
# What the library adds where the caller is silent.
DEFAULTS = {
    "sendredpack": {"client_ip": "127.0.0.1", "total_num": "1"},
    "sendminiprogramhb": {"notify_way": "MINI_PROGRAM_JSAPI", "total_num": "1"},
    "gethbinfo": {"bill_type": "MCHT"},
    "sendworkwxredpack": {},
    "queryworkwxredpack": {},
}
WORKWX_SIGNED = ("act_name", "mch_billno", "mch_id", "nonce_str", "re_openid", "total_amount", "wxappid")


def by_bytes(fields):
    return sorted(fields.items(), key=lambda pair: pair[0].encode())


def canonical(fields):
    return "&".join(f"{name}={value}" for name, value in by_bytes(fields) if value != "" and name != "sign")


def md5(text):
    return hashlib.md5(text.encode()).hexdigest().upper()


def hmac_sha256(key, text):
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def sign(fields, key, sign_type="MD5"):
    base = f"{canonical(fields)}&key={key}"
    return md5(base) if sign_type == "MD5" else hmac_sha256(key, base).upper()


def workwx_sign(fields, secret):
    covered = {name: value for name, value in fields.items() if name in WORKWX_SIGNED}
    return md5(f"{canonical(covered)}&secret={secret}")


def derived_nonce(business, key):
    """The nonce of a send that gives none: the same for the same order, for ever."""
    return hmac_sha256(key, "redpack nonce 1\n" + business)[:32]


def value_as_xml(value):
    if re.fullmatch(r"[0-9A-Za-z._%:/@+=-]*", value):
        return value
    inner = value.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"<![CDATA[{inner}]]>"


def document(fields):
    """The body: fields in that order, and proof by another reader that they come out as they went in."""
    body = "<xml>" + "".join(f"<{name}>{value_as_xml(value)}</{name}>" for name, value in fields) + "</xml>"
    read = [(child.tag, child.text or "") for child in etree.fromstring(body.encode())]
    assert read == list(fields), (read, fields)
    return body


def write(name, content):
    text = json.dumps(content, ensure_ascii=False, indent=1)
    # Characters that editors and some JSON readers stumble over go as escapes.
    text = re.sub("[\x7f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text)
    (FOLDER / name).write_text(text + "\n", encoding="utf-8")
    manifest = FOLDER / "MANIFEST.json"
    counts = json.loads(manifest.read_text())
    counts[name] = sum(len(part) for part in content.values() if isinstance(part, list))
    manifest.write_text(json.dumps(counts, indent=2) + "\n")
    print(f"{name}: {counts[name]} cases")
