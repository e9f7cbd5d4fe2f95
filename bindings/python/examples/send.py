import sys

import redpack

client = redpack.Client(
    mch_id="1900000109",
    appid="wx8888888888888888",
    api_key="sandbox0key0sandbox0key0sandbox0",
    certificate="try/apiclient_cert.pem",  # a path, or the content itself
    private_key="try/apiclient_key.pem",
    base_url=sys.argv[1] if len(sys.argv) > 1 else "https://127.0.0.1:8443",  # leave these two lines out
    roots="try/ca.pem",  # for WeChat Pay itself
)
order: redpack.RedPack = {
    "mch_billno": redpack.new_mch_billno("1900000109"),  # store it before you send: a retry re-uses it
    "re_openid": "oxTWIuGaIt6gTKsQRLau2M0yL16E",
    "total_amount": 100,  # fen, an int
    "send_name": "天虹百货",
    "act_name": "猜灯谜",
    "wishing": "元宵节快乐",
    "remark": "快来抢",
}
try:
    print("sent:", client.send(**order).send_listid)
except redpack.RedpackError as error:
    print(f"{error.outcome}, next: {error.advice}: {error}")
