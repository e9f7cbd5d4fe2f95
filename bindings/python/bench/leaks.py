"""Does memory grow? A million local operations, error paths included, and then sends, at a sandbox that this program
starts (`REDPACK_BIN` names the command). Prints the resident memory as it goes; fails if it grows after the first
tenth by more than 8 MiB.

Run: python leaks.py [LOCAL_OPERATIONS [SENDS]]
"""

import asyncio
import gc
import resource
import sys
import time
from collections.abc import Callable

import redpack
from redpack import protocol
from redpack.testing import Sandbox

MOST_GROWTH = 8 * 1024 * 1024
PAGE = resource.getpagesize()


def resident() -> int:
    """Bytes in memory now."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * PAGE


def watch(name: str, times: int, each: int, step: Callable[[int], None]) -> bool:
    """Runs the step, which does so many operations, until there were that many."""
    started, first = time.monotonic(), 0
    for tenth in range(1, 11):
        for _ in range(max(1, times // 10 // each)):
            step(each)
        if tenth == 1:
            first = resident()
        if tenth in (1, 2, 5, 10):
            print(f"{name}: {times * tenth // 10:>9,} done, {resident() / 2**20:6.1f} MiB", flush=True)
    grown = resident() - first
    print(f"{name}: grown by {grown / 2**20:.2f} MiB in {time.monotonic() - started:.0f} s", flush=True)
    return grown <= MOST_GROWTH


def main() -> int:
    local, sends = int((sys.argv[1:] or ["1000000"])[0]), int((sys.argv[2:] or ["50000"])[0])
    merchant = protocol.Merchant("1900000109", "wx8888888888888888", "sandbox0key0sandbox0key0sandbox0")
    number = redpack.new_mch_billno("1900000109")
    fields = {
        "mch_billno": number, "re_openid": Sandbox.openid, "total_amount": 100, "send_name": "天虹百货",
        "act_name": "猜灯谜", "wishing": "元宵节快乐", "remark": "快来抢",
    }  # fmt: skip
    wire = protocol.encode("sendredpack", fields, merchant)
    refusal = f"""<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code>
        <err_code>NOTENOUGH</err_code><mch_billno>{number}</mch_billno></xml>""".encode()

    def operations(_: int) -> None:
        """Ten."""
        signature = protocol.sign(fields, "k" * 32)
        assert protocol.verify(fields, "k" * 32, signature)
        protocol.encode("sendredpack", fields, merchant)
        protocol.parse(refusal)
        redpack.new_mch_billno("1900000109")
        redpack.fen_from_yuan("1.23")
        for wrong in (
            lambda: protocol.classify(wire, 200, refusal),
            lambda: protocol.parse(b"<xml>"),
            lambda: protocol.encode("sendredpack", {"total_amount": 1.5}, merchant),
            lambda: redpack.fen_from_yuan("1.234"),
        ):
            try:
                wrong()
            except redpack.RedpackError:
                continue
            raise AssertionError("it was taken")

    kept = watch("local operations", local, 10, operations)
    with Sandbox() as sandbox:
        sandbox.control("POST", "/reset", {"balance": 10**12})
        sandbox.control("POST", "/policy", {"sends_per_second": None})
        client = sandbox.client()

        def send(_: int) -> None:
            client.send(**sandbox.order())

        kept &= watch("sends", sends, 1, send)

        async def many(count: int) -> None:
            async with sandbox.async_client(workers=8) as asynchronous:
                await asyncio.gather(*(asynchronous.send(**sandbox.order()) for _ in range(count)))

        kept &= watch("sends of asyncio", sends // 5, 200, lambda count: asyncio.run(many(count)))
    return 0 if kept else 1


sys.exit(main())
