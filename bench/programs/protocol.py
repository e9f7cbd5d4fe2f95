"""What signing and writing a request, and reading its answer, take in Python: redpack or wechatpy. Started by
bench/compare; prints microseconds.

protocol.py CLIENT SECONDS ANSWER_FILE
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from send import API_KEY, BILLNO, OPENID, ORDER

Pair = tuple[Callable[[], object], Callable[[], object]]


def by_redpack(answer: bytes) -> Pair:
    from redpack import protocol

    merchant = protocol.Merchant("1900000109", "wx8888888888888888", API_KEY)
    fields = {"mch_billno": BILLNO, "re_openid": OPENID, **ORDER}

    def encode() -> protocol.WireRequest:
        return protocol.encode("sendredpack", fields, merchant)

    wire = encode()
    return encode, lambda: protocol.classify(wire, 200, answer)


def by_wechatpy(answer: bytes) -> Pair:
    """Its own client, but for the HTTP under it."""
    from wechatpy.pay import WeChatPay

    class Answered:
        text = answer.decode()
        raise_for_status = staticmethod(lambda: None)

    class Written(Exception):
        pass

    class Http:
        def request(self, **_: object) -> None:
            raise Written

    client = WeChatPay("wx8888888888888888", API_KEY, "1900000109")
    client._http = Http()

    def encode() -> None:
        try:
            client.redpack.send(OPENID, client_ip="127.0.0.1", out_trade_no=BILLNO, **ORDER)
        except Written:
            return
        raise SystemExit("nothing was written")

    return encode, lambda: client._handle_result(Answered())


def microseconds(work: Callable[[], object], seconds: float) -> float:
    # Processor time: whatever else the machine does is not in it.
    times, started = 0, time.process_time()
    while (took := time.process_time() - started) < seconds:
        for _ in range(100):
            work()
        times += 100
    return took / times * 1e6


name, lasting, answer_file = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
encode, read = {"redpack": by_redpack, "wechatpy": by_wechatpy}[name](answer_file.read_bytes())
for warm in (encode, read):
    microseconds(warm, 0.05)
print(json.dumps({"encode": microseconds(encode, lasting), "answer": microseconds(read, lasting)}))
