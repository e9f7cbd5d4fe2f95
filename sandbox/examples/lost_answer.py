"""A lost answer, and what a sender does about it. Nothing to install.

    python3 lost_answer.py [FAULT]      the fault that strikes the first attempt: drop-after unless given

It expects `redpack sandbox --listen 127.0.0.1:8443 --control-listen 127.0.0.1:8480 --dir try`.
"""
import hashlib, http.client, json, secrets, ssl, sys, time, urllib.request
from xml.etree import ElementTree
from xml.sax.saxutils import escape

GATEWAY, CONTROL = "127.0.0.1:8443", "http://127.0.0.1:8480"
MCH_ID, APPID, API_KEY = "1900000109", "wx8888888888888888", "sandbox0key0sandbox0key0sandbox0"
TLS = ssl.create_default_context(cafile="try/ca.pem")
TLS.load_cert_chain("try/apiclient_cert.pem", "try/apiclient_key.pem")


def call(endpoint, fields):
    """Signs and posts, once. {} where no readable answer came: then nobody knows what happened."""
    fields = {**fields, "mch_id": MCH_ID, "nonce_str": secrets.token_hex(16)}
    signed = "&".join(f"{name}={fields[name]}" for name in sorted(fields)) + "&key=" + API_KEY
    fields["sign"] = hashlib.md5(signed.encode()).hexdigest().upper()
    body = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in fields.items())
    connection = http.client.HTTPSConnection(GATEWAY, context=TLS, timeout=20)
    try:
        connection.request("POST", "/mmpaymkttransfers/" + endpoint, f"<xml>{body}</xml>".encode(),
                           {"Content-Type": "text/xml; charset=utf-8"})
        response = connection.getresponse()
        text = response.read(1 << 20)
        if response.status != 200 or b"<!DOCTYPE" in text:
            raise ValueError(f"HTTP {response.status}, no WeChat XML")
        return {child.tag: child.text for child in ElementTree.fromstring(text)}
    except (OSError, http.client.HTTPException, ElementTree.ParseError, ValueError) as error:
        print(f"{endpoint}: no readable answer: {error!r}")
        return {}
    finally:
        connection.close()


def send(order):
    answer = call("sendredpack", order)
    ours = all(answer.get(name) == str(order[name]) for name in ("mch_billno", "re_openid", "total_amount"))
    sent = ours and answer["return_code"] == answer["result_code"] == "SUCCESS"
    print("sendredpack:", "sent" if sent else f"unknown {answer.get('err_code', '')}")
    return sent


def query(order):
    answer = call("gethbinfo", {"mch_billno": order["mch_billno"], "appid": APPID, "bill_type": "MCHT"})
    found = answer.get("result_code") == "SUCCESS" and answer.get("mch_billno") == order["mch_billno"]
    status = answer.get("status") if found else answer.get("err_code")
    print("gethbinfo:", status)
    return status


def pay(order):
    """Always under the one number that the order has. Only FAILED would permit a new one."""
    for _ in range(3):
        if send(order):
            return "sent"
        time.sleep(1)  # the least time between two attempts of one order
        status = query(order)
        if status in ("SENT", "RECEIVED", "RFUND_ING", "REFUND", "FAILED"):
            return "failed" if status == "FAILED" else "sent"
        # NOT_FOUND is no proof that it won't land: the same order again, not a new one.
    return "unknown: keep the number, try again in some minutes"


def control(path, value=None):
    body = None if value is None else json.dumps(value).encode()
    with urllib.request.urlopen(CONTROL + path, body) as answer:
        return json.load(answer)


number = MCH_ID + time.strftime("%Y%m%d") + secrets.token_hex(5)  # store it before you send
order = {"mch_billno": number, "wxappid": APPID, "re_openid": "oxTWIuGaIt6gTKsQRLau2M0yL16E",
         "total_amount": 100, "total_num": 1, "send_name": "天虹百货", "wishing": "元宵节快乐",
         "act_name": "猜灯谜", "remark": "invoice " + number, "client_ip": "127.0.0.1"}
control("/faults", {"fault": (sys.argv[1:] or ["drop-after"])[0], "mch_billno": number, "times": 1})
outcome = pay(order)
paid = control("/ledger")["remarks"].get(order["remark"], {"debits": 0})
print(f"{outcome}; debits: {paid['debits']}")
