// Send, handle the outcomes, settle, query: against a sandbox (`redpack sandbox --listen 127.0.0.1:8443 --dir try`)
// or, with your own settings, WeChat Pay. Run: node walkthrough.mjs [GATEWAY [FOLDER]]

import { Client, hasOutcome, isRedpackError, mayBePaid, protocol } from 'redpack';

const [gateway = 'https://127.0.0.1:8443', folder = 'try'] = process.argv.slice(2);

const client = new Client({
  mchId: '1900000109',
  appid: 'wx8888888888888888',
  apiKey: 'sandbox0key0sandbox0key0sandbox0',
  certificate: `${folder}/apiclient_cert.pem`,
  privateKey: `${folder}/apiclient_key.pem`,
  baseUrl: gateway, // leave these two lines out for WeChat Pay itself
  roots: `${folder}/ca.pem`,
  journal: `sqlite:${folder}/payments.db`,
});

/** @param {string} remark */
const packet = (remark) => ({
  re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
  total_amount: 100, // fen
  send_name: '天虹百货',
  act_name: '猜灯谜',
  wishing: '元宵节快乐',
  remark,
});

// 1. Once, when your program starts: what a crash left open.
const recovered = await client.recover();
console.log(`recovered: ${recovered.settlements.length}, still open: ${recovered.open}`);

// 2. One send. Store the number first: every retry and every question goes under it.
const mch_billno = protocol.newMchBillno('1900000109');
try {
  const sent = await client.send({ ...packet('invoice 6'), mch_billno });
  console.log(`sent: ${sent.mch_billno === mch_billno ? 'yes' : 'no'}`);
} catch (error) {
  if (!isRedpackError(error)) throw error;
  if (mayBePaid(error)) {
    // The money may have moved, or may move yet: keep the number. Never a new one.
    console.log(`${mch_billno}: ${error.outcome}, next: ${error.advice}`);
  } else {
    // Not sent, or refused: mend what the advice names, and send the same order again.
    console.log(`${mch_billno}: ${error.outcome}, next: ${error.advice}: ${error.message}`);
  }
}

// 3. An answer that gets lost after the money moved: this recipient asks the sandbox for it.
const lost = { ...packet('invoice 7'), mch_billno: protocol.newMchBillno('1900000109'), re_openid: 'f--drop-after' };
try {
  await client.send(lost);
} catch (error) {
  if (!hasOutcome(error, 'unknown')) throw error;
  console.log(`the answer is lost: ${error.outcome}, next: ${error.advice}`);
}

// 4. Settling asks and repeats until the money question has an answer. It is safe to call it again, at any time.
const settled = await client.settleNumber(lost.mch_billno);
if (settled.outcome === 'sent') console.log('settled: paid, once');
else if (settled.advice === 'new_order_allowed') console.log('failed for good, and closed: a new payment may follow');
else console.log(`${settled.outcome}: settle it again after ${settled.lookAgain?.toISOString()}`);

// 5. The same by your own name of the payment: load the same list twice, and each is paid once.
for (let time = 1; time <= 2; time += 1) {
  const invoice = { ...packet('invoice 8'), intent: 'invoice 8', total_amount: protocol.fenFromYuan('1.00') };
  const { outcome, attempts } = await client.settle(invoice);
  console.log(`invoice 8: ${outcome}, attempts now: ${attempts}`);
}

// 6. What became of it? Within 24 hours the recipient opens it, or the money comes back.
const told = await client.query(mch_billno);
console.log(`query: ${told.status}, next: ${told.advice}`);
