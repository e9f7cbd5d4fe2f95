"""Sends by redpack and by wechatpy, at the same sandbox, one after the other: sends a second at concurrency 1, 8 and
64, processor time for 1,000 sends, peak memory, and the time from the start of a program to its first answer.

Run in an environment with redpack and bench/requirements.txt: python against_wechatpy.py [SECONDS_EACH].
`REDPACK_BIN` names the command `redpack`; take an optimised one, or the sandbox is what is measured.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.metadata import version

ORDER = {"total_amount": 100, "send_name": "天虹百货", "act_name": "猜灯谜", "wishing": "元宵节快乐", "remark": "快来抢"}
OPENID = "oxTWIuGaIt6gTKsQRLau2M0yL16E"


def by_redpack(base_url: str, folder: str) -> Callable[[], None]:
    import redpack

    client = redpack.Client(
        mch_id="1900000109",
        appid="wx8888888888888888",
        api_key="sandbox0key0sandbox0key0sandbox0",
        certificate=f"{folder}/apiclient_cert.pem",
        private_key=f"{folder}/apiclient_key.pem",
        base_url=base_url,
        roots=f"{folder}/ca.pem",
    )

    def send() -> None:
        client.send(mch_billno=redpack.new_mch_billno("1900000109"), re_openid=OPENID, **ORDER)

    return send


def by_wechatpy(base_url: str, folder: str) -> Callable[[], None]:
    import secrets

    import requests
    from wechatpy.pay import WeChatPay

    client = WeChatPay(
        "wx8888888888888888",
        "sandbox0key0sandbox0key0sandbox0",
        "1900000109",
        mch_cert=f"{folder}/apiclient_cert.pem",
        mch_key=f"{folder}/apiclient_key.pem",
        timeout=20,
    )
    client.API_BASE_URL = base_url + "/"
    # Else a CA bundle or a proxy of the environment would win.
    client._http.trust_env = False
    client._http.verify = f"{folder}/ca.pem"
    # Its own pool keeps ten connections; the comparison is with a user who has set it up for 64 threads.
    client._http.mount("https://", requests.adapters.HTTPAdapter(pool_connections=1, pool_maxsize=64))

    def send() -> None:
        number = "1900000109" + secrets.token_hex(9)
        client.redpack.send(OPENID, client_ip="127.0.0.1", out_trade_no=number, **ORDER)

    return send


MAKERS = {"redpack": by_redpack, "wechatpy": by_wechatpy}


def measure(name: str, base_url: str, folder: str, threads: int, seconds: float) -> None:
    """In a process of its own: sends on so many threads for so long, and prints what it took."""
    send = MAKERS[name](base_url, folder)
    send()
    counts = [0] * threads
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    end = started + seconds

    def work(index: int) -> None:
        while time.perf_counter() < end:
            send()
            counts[index] += 1

    crew = [threading.Thread(target=work, args=(index,)) for index in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    took = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    sends = sum(counts)
    told = {"rate": sends / took, "cpu": cpu / sends * 1000, "rss": after.ru_maxrss / 1024}
    print(json.dumps(told))


def child(*arguments: str) -> str:
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main(seconds: float) -> None:
    from redpack.testing import Sandbox

    print(f"redpack {version('redpack')}, wechatpy {version('wechatpy')}, requests {version('requests')},", end=" ")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with Sandbox() as sandbox:
        sandbox.control("POST", "/reset", {"balance": 10**12})
        sandbox.control("POST", "/policy", {"sends_per_second": None})
        where = (sandbox.base_url, str(sandbox.folder))
        for threads in (1, 8, 64):
            # In turns, so that both meet the same weather.
            runs: dict[str, list[dict[str, float]]] = {name: [] for name in MAKERS}
            for _ in range(3):
                for name, told in runs.items():
                    told.append(json.loads(child("measure", name, *where, str(threads), str(seconds / 3))))
            mid = {
                name: {key: statistics.median(run[key] for run in told) for key in told[0]}
                for name, told in runs.items()
            }
            ours, theirs = mid["redpack"], mid["wechatpy"]
            print(
                f"{threads:>2} at once: {ours['rate']:7.0f} to {theirs['rate']:5.0f} sends/s = "
                f"{ours['rate'] / theirs['rate']:.1f} times; "
                f"{ours['cpu']:.2f} to {theirs['cpu']:.2f} CPU s for 1,000 = 1/{theirs['cpu'] / ours['cpu']:.1f}; "
                f"peak {ours['rss']:.0f} to {theirs['rss']:.0f} MiB"
            )
        first: dict[str, list[float]] = {name: [] for name in MAKERS}
        for _ in range(7):
            for name, times in first.items():
                started = time.perf_counter()
                child("first", name, *where)
                times.append(time.perf_counter() - started)
        ours_s, theirs_s = (statistics.median(first[name]) for name in MAKERS)
        print(f"start to first answer: {ours_s * 1000:.0f} to {theirs_s * 1000:.0f} ms = {theirs_s / ours_s:.1f} times")


if sys.argv[1:2] == ["measure"]:
    measure(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), float(sys.argv[6]))
elif sys.argv[1:2] == ["first"]:
    MAKERS[sys.argv[2]](sys.argv[3], sys.argv[4])()
else:
    main(float((sys.argv[1:] or ["9"])[0]))
