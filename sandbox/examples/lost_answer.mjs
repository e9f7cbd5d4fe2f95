// A lost answer, and what a sender does about it. Nothing to install.
//
//     node lost_answer.mjs [FAULT]      the fault that strikes the first attempt: drop-after unless given
//
// It expects `redpack sandbox --listen 127.0.0.1:8443 --control-listen 127.0.0.1:8480 --dir try`.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const [gateway, control] = ['https://127.0.0.1:8443', 'http://127.0.0.1:8480'];
const [mchId, appid, apiKey] = ['1900000109', 'wx8888888888888888', 'sandbox0key0sandbox0key0sandbox0'];
const pem = (name) => readFileSync(`try/${name}.pem`);
const agent = new https.Agent({
  ca: pem('ca'), cert: pem('apiclient_cert'), key: pem('apiclient_key'), keepAlive: true,
});

const escaped = (value) => String(value).replace(/[&<>]/g, (c) => `&#${c.charCodeAt()};`);

/** Signs and posts, once. {} where no readable answer came: then nobody knows what happened. */
async function call(endpoint, given) {
  const fields = { ...given, mch_id: mchId, nonce_str: randomBytes(16).toString('hex') };
  const pairs = Object.keys(fields).sort().map((name) => `${name}=${fields[name]}`);
  fields.sign = createHash('md5').update(`${pairs.join('&')}&key=${apiKey}`).digest('hex').toUpperCase();
  const body = Object.entries(fields).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`).join('');
  try {
    const request = https.request(`${gateway}/mmpaymkttransfers/${endpoint}`, {
      agent, method: 'POST', signal: AbortSignal.timeout(20_000), // of the whole call
      headers: { 'Content-Type': 'text/xml; charset=utf-8' },
    });
    const [response] = await once(request.end(`<xml>${body}</xml>`), 'response');
    let text = '';
    for await (const piece of response.setEncoding('utf8')) {
      if ((text += piece).length > 1 << 20) throw new Error('the answer has no end');
    }
    const xml = text.trim().match(/^<xml>(.*)<\/xml>$/s);
    if (response.statusCode !== 200 || !xml) throw new Error(`HTTP ${response.statusCode}, no WeChat XML`);
    const flat = xml[1].replace(/<hblist>.*<\/hblist>/s, ''); // its fields have the same names
    const found = flat.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))<\/\1>/gs);
    return Object.fromEntries([...found].map(([, name, cdata, plain]) => [name, cdata ?? plain]));
  } catch (error) {
    console.log(`${endpoint}: no readable answer: ${error.message}`);
    return {};
  }
}

async function send(order) {
  const answer = await call('sendredpack', order);
  const ours = ['mch_billno', 're_openid', 'total_amount'].every((name) => answer[name] === `${order[name]}`);
  const sent = ours && answer.return_code === 'SUCCESS' && answer.result_code === 'SUCCESS';
  console.log('sendredpack:', sent ? 'sent' : `unknown ${answer.err_code ?? ''}`);
  return sent;
}

async function query({ mch_billno }) {
  const answer = await call('gethbinfo', { mch_billno, appid, bill_type: 'MCHT' });
  const found = answer.result_code === 'SUCCESS' && answer.mch_billno === mch_billno;
  const status = found ? answer.status : answer.err_code;
  console.log('gethbinfo:', status);
  return status;
}

/** Always under the one number that the order has. Only FAILED would permit a new one. */
async function pay(order) {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await send(order)) return 'sent';
    await sleep(1000); // the least time between two attempts of one order
    const status = await query(order);
    if (['SENT', 'RECEIVED', 'RFUND_ING', 'REFUND'].includes(status)) return 'sent';
    if (status === 'FAILED') return 'failed';
    // NOT_FOUND is no proof that it won't land: the same order again, not a new one.
  }
  return 'unknown: keep the number, try again in some minutes';
}

const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
const number = mchId + day + randomBytes(5).toString('hex'); // store it before you send
const order = {
  mch_billno: number, wxappid: appid, re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
  total_amount: 100, total_num: 1, send_name: '天虹百货', wishing: '元宵节快乐',
  act_name: '猜灯谜', remark: `invoice ${number}`, client_ip: '127.0.0.1',
};
const rule = { fault: process.argv[2] ?? 'drop-after', mch_billno: number, times: 1 };
const asked = await fetch(`${control}/faults`, { method: 'POST', body: JSON.stringify(rule) });
if (!asked.ok) throw new Error(await asked.text());
const outcome = await pay(order);
const { remarks } = await (await fetch(`${control}/ledger`)).json();
console.log(`${outcome}; debits: ${remarks[order.remark]?.debits ?? 0}`);
agent.destroy();
