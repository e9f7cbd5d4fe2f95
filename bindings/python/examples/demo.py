"""What `make demo` shows of Python: one payment, at a sandbox that this program starts itself."""

import redpack
from redpack.testing import Sandbox

with Sandbox() as sandbox, sandbox.client() as client:
    number = redpack.new_mch_billno(client.mch_id)
    print(f"   Python: client.send(mch_billno={number!r}, total_amount=100, …)")
    sent = client.send(**sandbox.order(mch_billno=number))
    print(f"   {sent.outcome}, next: {sent.advice}; {redpack.fen_to_yuan(sent.total_amount or 0)} yuan")
    told = client.query(sent.mch_billno)
    print(f"   query: {told.status}; the gateway's books: {sandbox.debits(sent.mch_billno)} debit")
