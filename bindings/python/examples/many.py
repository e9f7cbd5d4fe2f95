import asyncio
import sys

import redpack


async def main(gateway: str) -> None:
    async with redpack.AsyncClient(
        mch_id="1900000109",
        appid="wx8888888888888888",
        api_key="sandbox0key0sandbox0key0sandbox0",
        certificate="try/apiclient_cert.pem",
        private_key="try/apiclient_key.pem",
        base_url=gateway,
        roots="try/ca.pem",
        journal="sqlite:try/payments.db",  # what is sent, and what came of it, survives a crash
    ) as client:
        await client.recover()  # what an earlier crash left open

        async def pay(row: int) -> bool:
            settled = await client.settle(
                intent=f"list 5, row {row}",  # the same list again pays nobody twice
                re_openid="oxTWIuGaIt6gTKsQRLau2M0yL16E",
                total_amount=redpack.fen_from_yuan("1.00"),
                send_name="天虹百货",
                act_name="猜灯谜",
                wishing="元宵节快乐",
                remark=f"row {row}",
            )
            return settled.outcome == redpack.Outcome.SENT

        paid = await asyncio.gather(*(pay(row) for row in range(20)))
        print(f"sent: {sum(paid)} of {len(paid)}")


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "https://127.0.0.1:8443"))
