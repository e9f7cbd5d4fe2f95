"""Sends from Python: redpack, redpack-async or wechatpy. Started by bench/compare.

send.py CLIENT AT_ONCE SECONDS URL FOLDER
"""

import asyncio
import json
import resource
import sys
import threading
import time
from collections.abc import Callable

API_KEY = "sandbox0key0sandbox0key0sandbox0"
ORDER = {
    "total_amount": 100,
    "send_name": "天虹百货",
    "act_name": "猜灯谜抢红包活动",
    "wishing": "感谢您参加猜灯谜活动",
    "remark": "猜越多得越多，快来抢！",
}
OPENID = "oxTWIuGaIt6gTKsQRLau2M0yL16E"
BILLNO = "19000001092611240000000001"
WARM_UP = 0.4


def settings(url: str, folder: str) -> dict[str, str]:
    return {
        "mch_id": "1900000109",
        "appid": "wx8888888888888888",
        "api_key": API_KEY,
        "certificate": f"{folder}/client.pem",
        "private_key": f"{folder}/client.key",
        "roots": f"{folder}/ca.pem",
        "base_url": url,
    }


def by_redpack(url: str, folder: str) -> Callable[[], object]:
    import redpack

    client = redpack.Client(**settings(url, folder))
    return lambda: client.send(mch_billno=BILLNO, re_openid=OPENID, **ORDER)


def by_wechatpy(url: str, folder: str) -> Callable[[], object]:
    import requests
    from wechatpy.pay import WeChatPay

    client = WeChatPay(
        "wx8888888888888888", API_KEY, "1900000109", mch_cert=f"{folder}/client.pem", mch_key=f"{folder}/client.key"
    )
    client.API_BASE_URL = url + "/"
    # Else a CA bundle or a proxy of the environment would win.
    client._http.trust_env = False
    client._http.verify = f"{folder}/ca.pem"
    # Its own pool keeps ten connections; the comparison is with a user who has set it up for 64 threads.
    client._http.mount("https://", requests.adapters.HTTPAdapter(pool_connections=1, pool_maxsize=64))
    return lambda: client.redpack.send(OPENID, client_ip="127.0.0.1", out_trade_no=BILLNO, **ORDER)


def processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def told(before: tuple[int, float, float], after: tuple[int, float, float]) -> None:
    sends, seconds, cpu = (late - early for early, late in zip(before, after))
    print(json.dumps({"sends": sends, "seconds": seconds, "cpu": cpu}))


def with_threads(send: Callable[[], object], at_once: int, seconds: float) -> None:
    send()
    print("first", flush=True)
    counts, stop = [0] * at_once, threading.Event()

    def work(index: int) -> None:
        while not stop.is_set():
            send()
            counts[index] += 1

    crew = [threading.Thread(target=work, args=(index,)) for index in range(at_once)]
    for thread in crew:
        thread.start()
    # Every thread has its connection before anything is counted.
    while not all(counts):
        time.sleep(0.001)
    time.sleep(WARM_UP)
    before = (sum(counts), time.perf_counter(), processor_time())
    time.sleep(seconds)
    after = (sum(counts), time.perf_counter(), processor_time())
    stop.set()
    for thread in crew:
        thread.join()
    told(before, after)


async def with_tasks(at_once: int, seconds: float, url: str, folder: str) -> None:
    import redpack

    async with redpack.AsyncClient(**settings(url, folder)) as client:

        async def send() -> None:
            await client.send(mch_billno=BILLNO, re_openid=OPENID, **ORDER)

        await send()
        print("first", flush=True)
        counts, stop = [0] * at_once, False

        async def work(index: int) -> None:
            while not stop:
                await send()
                counts[index] += 1

        tasks = [asyncio.ensure_future(work(index)) for index in range(at_once)]
        while not all(counts):
            await asyncio.sleep(0.001)
        await asyncio.sleep(WARM_UP)
        before = (sum(counts), time.perf_counter(), processor_time())
        await asyncio.sleep(seconds)
        after = (sum(counts), time.perf_counter(), processor_time())
        stop = True
        await asyncio.gather(*tasks)
        told(before, after)


def main(name: str, at_once: str, seconds: str, url: str, folder: str) -> None:
    if name == "redpack-async":
        asyncio.run(with_tasks(int(at_once), float(seconds), url, folder))
    else:
        make = {"redpack": by_redpack, "wechatpy": by_wechatpy}[name]
        with_threads(make(url, folder), int(at_once), float(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
