#!/usr/bin/env python3
"""Makes encode.json and sign_other.json: `python3 tests/vectors/make/encode.py`."""
from common import (BILLNO, DEFAULTS, LEAST, MERCHANT, OPENID, by_bytes, canonical, derived_nonce, document, md5, sign,
                    workwx_sign, write)
from urllib.parse import quote

NONCE = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
SECOND = {
    "mch_id": "10000098", "appid": "wx6fa7e3bab7e15415", "api_key": "8934e7d15453e97507ef794cf7b0519d",
    "workwx_secret": None,
}


def typed(name, endpoint, fields=None, merchant=MERCHANT, least=True):
    given = {**(LEAST[endpoint] if least else {}), **(fields or {})}
    given = {field: value for field, value in given.items() if value is not None}
    query = endpoint in ("gethbinfo", "queryworkwxredpack")
    if query:
        given.setdefault("nonce_str", NONCE)
    filled = {field: value for field, value in given.items() if value != ""}
    wire = {**DEFAULTS[endpoint], ("appid" if query else "wxappid"): merchant["appid"], **filled,
            "mch_id": merchant["mch_id"]}
    if "nonce_str" not in wire:
        wire["nonce_str"] = derived_nonce(canonical(wire), merchant["api_key"])
    if endpoint == "sendworkwxredpack":
        wire["workwx_sign"] = workwx_sign(wire, merchant["workwx_secret"])
    body = document([*by_bytes(wire), ("sign", sign(wire, merchant["api_key"]))])
    return {"name": name, "endpoint": endpoint, "merchant": merchant, "fields": given,
            "path": f"/mmpaymkttransfers/{endpoint}", "nonce_str": wire["nonce_str"], "body": body}


def call(name, path, fields, sign_type="MD5", merchant_field="mch_id", merchant=MERCHANT):
    wire = {field: value for field, value in fields if value != ""}
    wire[merchant_field] = merchant["mch_id"]
    if sign_type != "MD5":
        wire["sign_type"] = sign_type
    if "nonce_str" not in wire:
        wire["nonce_str"] = derived_nonce(f"{path}?{canonical(wire)}", merchant["api_key"])
    body = document([*by_bytes(wire), ("sign", sign(wire, merchant["api_key"], sign_type))])
    return {"name": name, "path": path, "merchant": merchant, "fields": [list(pair) for pair in fields],
            "sign_type": sign_type, "merchant_field": merchant_field, "nonce_str": wire["nonce_str"], "body": body}


RISK = "posttime%3d123123412%26clientversion%3d234134%26mobile%3d122344545%26deviceid%3dIOS"
TEXT_CASES = [
    ("end of CDATA in the middle", "a]]>b"),
    ("end of CDATA alone", "]]>"),
    ("two ends of CDATA, touching", "]]>]]>"),
    ("brackets that end no CDATA", "]] ]> ]]]"),
    ("one bracket more than the end of CDATA", "]]]>"),
    ("markup", "<b>&amp;</b> & < > \" '"),
    ("text that pretends to be a field", "</wishing><total_amount>1</total_amount><wishing>"),
    ("emoji of four bytes", "🧧🎉"),
    ("emoji of several code points", "👨‍👩‍👧 ☕️"),
    ("Chinese and full-width punctuation", "恭喜发财，大吉大利！"),
    ("line feed and tab", "one\ntwo\tthree"),
    ("carriage returns", "one\r\ntwo\r]]>\r"),
    ("blanks at both ends", " x "),
    ("characters of the canonical string", "a=1&b=2&key=x"),
    ("every plain byte", "az09AZ-_.%:/@+="),
    ("percent signs are not decoded", "100%25 %E7%BA%A2"),
    ("a composed and a decomposed letter", "\u00e9 e\u0301"),
    ("the last characters that XML can carry", "\ufffd\U0010ffff\x7f"),
]
cases = [typed(f"least fields of {endpoint}", endpoint) for endpoint in LEAST]
cases += [typed(f"wishing: {name}", "sendredpack", {"wishing": text}) for name, text in TEXT_CASES]
cases += [
    typed("the documents' example of sendredpack", "sendredpack", {
        "mch_billno": "10000098201411111234567890", "re_openid": OPENID, "total_amount": "1000", "nonce_str": NONCE,
        "act_name": "猜灯谜抢红包活动", "client_ip": "192.168.0.1", "remark": "猜越多得越多，快来抢！", "risk_info": RISK,
        "scene_id": "PRODUCT_8", "send_name": "天虹百货", "wishing": "感谢您参加猜灯谜活动，祝您元宵节快乐！",
    }, {**MERCHANT, "mch_id": "10000098"}),
    typed("service-provider mode", "sendredpack", {
        "sub_mch_id": "1900000110", "msgappid": "wx1111111111111111", "consume_mch_id": "1900000111"}),
    typed("everything given, defaults repeated", "sendredpack", {
        "total_num": "1", "client_ip": "255.255.255.255", "wxappid": "wx2222222222222222", "mch_id": "1900000109",
        "scene_id": "PRODUCT_1", "nonce_str": "n"}),
    typed("an empty value is as good as none", "sendredpack", {
        "client_ip": "", "scene_id": "", "risk_info": "", "wxappid": "", "nonce_str": ""}),
    typed("another merchant, another nonce for the same order", "sendredpack", merchant=SECOND),
    typed("the largest amount", "sendredpack", {"total_amount": "18446744073709551615"}),
    typed("client_ip is business too: another nonce", "sendredpack", {"client_ip": "10.0.0.1"}),
    typed("another appid", "sendminiprogramhb", {"wxappid": "wx3333333333333333"}),
    typed("scene and nonce", "sendminiprogramhb", {"scene_id": "PRODUCT_2", "nonce_str": NONCE}),
    typed("notify_way repeated", "sendminiprogramhb", {"notify_way": "MINI_PROGRAM_JSAPI", "send_name": "]]>&<"}),
    typed("in the name of a person", "sendworkwxredpack", {
        "sender_name": "张三 & <李四>", "sender_header_media_id": "1G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0"}),
    typed("in the name of an application", "sendworkwxredpack", {"agentid": "0", "scene_id": "PRODUCT_4"}),
    typed("with a nonce of the caller's own", "sendworkwxredpack", {"nonce_str": NONCE, "wishing": "🧧]]>"}),
    typed("another appid", "gethbinfo", {"appid": "wx6fa7e3bab7e15415"}),
    typed("another merchant", "gethbinfo", {"mch_billno": "0010010404201411170000046545"}, SECOND),
    typed("a corpid", "queryworkwxredpack", {"appid": "ww4444444444444444"}),
]
GROUP = [("mch_billno", BILLNO), ("wxappid", MERCHANT["appid"]), ("total_num", "3"), ("total_amount", "300"),
         ("re_openid", OPENID), ("amt_type", "ALL_RAND"), ("send_name", "天虹百货"), ("wishing", "节日快乐"),
         ("act_name", "猜灯谜"), ("remark", "快来抢")]
calls = [
    call("the retired group packet", "/mmpaymkttransfers/sendgroupredpack", GROUP),
    call("the order of the fields does not matter", "/mmpaymkttransfers/sendgroupredpack", GROUP[::-1]),
    call("the path is part of the nonce", "/mmpaymkttransfers/another", GROUP),
    call("HMAC-SHA256 adds sign_type", "/pay/orderquery", [("appid", "wx1"), ("out_trade_no", "7")], "HMAC-SHA256"),
    call("sign_type repeated", "/pay/orderquery", [("sign_type", "HMAC-SHA256"), ("appid", "wx1")], "HMAC-SHA256"),
    call("sign_type MD5 given: signed and sent", "/pay/orderquery", [("sign_type", "MD5"), ("appid", "wx1")]),
    call("transfers call the merchant mchid", "/mmpaymkttransfers/promotion/transfers",
         [("mch_appid", "wx1"), ("partner_trade_no", "7"), ("openid", OPENID), ("check_name", "NO_CHECK"),
          ("amount", "100"), ("desc", "理赔 ]]>")], merchant_field="mchid"),
    call("capitals sort before small letters", "/x", [("b", "1"), ("B", "2"), ("_", "3"), ("a-b", "4"), ("a.b", "5"),
                                                      ("a_b", "6"), ("ab", "7")]),
    call("empty values are dropped", "/x", [("a", ""), ("b", "0"), ("nonce_str", "")]),
    call("a nonce and the merchant repeated", "/x", [("nonce_str", NONCE), ("mch_id", "1900000109"), ("a", "红包")]),
    call("no fields at all", "/x", []),
    call("HMAC-SHA256 of Chinese, emoji and line breaks", "/a-b/c_d.e", [("text", "红包 🧧\r\n&"), ("a", "1")],
         "HMAC-SHA256", merchant=SECOND),
]
write("encode.json", {
    "about": "What a request looks like on the wire, byte for byte. cases: the typed endpoints; calls: the generic "
             "call. Made by tests/vectors/make/encode.py, which never calls the library.",
    "cases": cases, "calls": calls,
})

signed = {"act_name": "猜灯谜抢红包活动", "mch_billno": "123456", "mch_id": "10000098", "nonce_str": NONCE,
          "re_openid": OPENID, "total_amount": "1000", "wxappid": "wx8888888888888888"}
extra = {"sender_name": "XX活动", "wishing": "x", "remark": "y", "sign": "z", "total_num": "1", "scene_id": "PRODUCT_4"}


def wecom(name, fields, secret):
    return {"name": name, "fields": fields, "secret": secret, "workwx_sign": workwx_sign(fields, secret)}


def pay(name, app_id, time_stamp, nonce_str, package, key):
    base = f"appId={app_id}&nonceStr={nonce_str}&package={package}&timeStamp={time_stamp}&key={key}"
    return {"name": name, "appId": app_id, "timeStamp": time_stamp, "nonceStr": nonce_str, "package": package, "key": key,
            "paySign": md5(base), "package_encoded": quote(package, safe="!~*'()")}


PACKAGE = "sendid=242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672&ver=8&sign=4110d649a5aef52dd6b95654" \
          "ddf91ca7d5411ac159ace4e1a766b7d3967a1c3dfe1d256811445a4abda2d9cfa4a9b377a829258bd00d90313c6c346f2349fe5d" \
          "&mchid=11475856&spid=10000098"
secret = "192006250b4c09247ec02edce69f6a2d"
workwx = [
    wecom("WeCom's own example", signed, secret),
    wecom("other fields are not covered", {**signed, **extra}, secret),
    wecom("an empty field is left out", {**signed, "act_name": ""}, secret),
    wecom("a missing field is left out", {k: v for k, v in signed.items() if k != "re_openid"}, secret),
    wecom("emoji, markup and line breaks", {**signed, "act_name": "🧧 <&]]>\r\n"}, secret),
    wecom("a secret with punctuation", signed, "s3cr=t&x-_"),
]
assert workwx[0]["workwx_sign"] == "FCB8624E2CED048CA15E2FF2B87C91A6", "published by WeCom"
pays = [
    pay("a package as the service sends it", "wx8888888888888888", "1732442400", NONCE, PACKAGE, secret),
    pay("the package of another day", "wx1", "0", "n", "sendid=1&ver=8&sign=A%2B&mchid=2&appid=wx1", secret),
    pay("every byte that is encoded or not", "wx1", "1", "n", "aZ0-_.!~*'() /?:@&=+$,#%[]<>\"\\^`{|}", secret),
    pay("Chinese and an emoji", "wx1", "1", "随机", "sendid=红包🧧", "另一把钥匙"),
]
write("sign_other.json", {
    "about": "The two other signatures. workwx_sign: of WeCom red packets; pay_sign: of wx.sendBizRedPacket, with the "
             "package as it is handed over. Made by tests/vectors/make/encode.py; the first is WeCom's published one.",
    "workwx_sign": workwx, "pay_sign": pays,
})
