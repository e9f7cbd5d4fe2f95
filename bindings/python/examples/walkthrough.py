"""Send, handle the outcomes, settle, query: against a sandbox (`redpack sandbox --listen 127.0.0.1:8443 --dir try`)
or, with your own settings, WeChat Pay. Run: python walkthrough.py [GATEWAY [FOLDER]]"""

import sys

import redpack

gateway = sys.argv[1] if len(sys.argv) > 1 else "https://127.0.0.1:8443"
folder = sys.argv[2] if len(sys.argv) > 2 else "try"

client = redpack.Client(
    mch_id="1900000109",
    appid="wx8888888888888888",
    api_key="sandbox0key0sandbox0key0sandbox0",
    certificate=f"{folder}/apiclient_cert.pem",
    private_key=f"{folder}/apiclient_key.pem",
    base_url=gateway,  # leave these two lines out for WeChat Pay itself
    roots=f"{folder}/ca.pem",
    journal=f"sqlite:{folder}/payments.db",
)

# 1. Once, when your program starts: what a crash left open.
recovered = client.recover()
print(f"recovered: {len(recovered.orders)}, still open: {len(recovered.open)}")

# 2. One send. Store the number first: every retry and every question goes under it.
number = redpack.new_mch_billno("1900000109")
order: redpack.RedPack = {
    "mch_billno": number,
    "re_openid": "oxTWIuGaIt6gTKsQRLau2M0yL16E",
    "total_amount": 100,  # fen
    "send_name": "天虹百货",
    "act_name": "猜灯谜",
    "wishing": "元宵节快乐",
    "remark": "invoice 6",
}
try:
    print("sent:", "yes" if client.send(**order).mch_billno == number else "no")
except (redpack.Pending, redpack.OutcomeUnknown) as error:
    # The money may have moved, or may move yet: keep the number. Never a new one.
    print(f"{number}: {error.outcome}, next: {error.advice}")
except redpack.RedpackError as error:
    # Not sent, or refused: mend what the advice names, and send the same order again.
    print(f"{number}: {error.outcome}, next: {error.advice}: {error}")

# 3. An answer that gets lost after the money moved: this recipient asks the sandbox for it.
lost: redpack.RedPack = {
    **order,
    "mch_billno": redpack.new_mch_billno("1900000109"),
    "re_openid": "f--drop-after",
    "remark": "invoice 7",
}
try:
    client.send(**lost)
except redpack.OutcomeUnknown as error:
    print(f"the answer is lost: {error.outcome}, next: {error.advice}")

# 4. Settling asks and repeats until the money question has an answer. It is safe to call it again, at any time.
settled = client.settle_number(lost["mch_billno"])
if settled.outcome == redpack.Outcome.SENT:
    print("settled: paid, once")
elif settled.advice == redpack.Advice.NEW_ORDER_ALLOWED:
    print("failed for good, and closed: a new payment may follow")
else:
    print(f"{settled.outcome}: settle it again after {settled.look_again}")

# 5. The same by your own name of the payment: load the same list twice, and each is paid once.
for _ in range(2):
    settled = client.settle(
        intent="invoice 8",
        re_openid="oxTWIuGaIt6gTKsQRLau2M0yL16E",
        total_amount=redpack.fen_from_yuan("1.00"),
        send_name="天虹百货",
        act_name="猜灯谜",
        wishing="元宵节快乐",
        remark="invoice 8",
    )
    print(f"invoice 8: {settled.outcome}, attempts now: {settled.attempts}")

# 6. What became of it? Within 24 hours the recipient opens it, or the money comes back.
told = client.query(number)
print(f"query: {told.status}, next: {told.advice}")
