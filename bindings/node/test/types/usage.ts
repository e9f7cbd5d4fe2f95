// What type-checks, and what must not. Never run.

import redpack, { Client, Codec, RedpackError, hasAdvice, hasOutcome, isRedpackError, mayBePaid, protocol } from 'redpack';
import type { Advice, MiniProgramRedPack, Outcome, RedPack, SendResult, Settlement } from 'redpack';

const settings = { mchId: '1', appid: 'wx1', apiKey: 'k', certificate: 'cert.pem', privateKey: Buffer.from('') };
const client: Client = new redpack.Client({ ...settings, caps: { order: 20_000, merchantDay: 1n }, onAttempt: ({ phase }) => void phase });

// The sixteen fields of the document.
const order: Required<Omit<RedPack, 'intent' | 'consume_mch_id'>> = {
  nonce_str: 'x', mch_billno: 'x', mch_id: '1', sub_mch_id: '1', wxappid: 'wx1', msgappid: 'wx1', send_name: 'x', re_openid: 'o',
  total_amount: 100, total_num: 1, wishing: 'x', client_ip: '127.0.0.1', act_name: 'x', remark: 'x', scene_id: 'PRODUCT_1', risk_info: 'x',
};
const sixteen: 16 = (null as unknown as UnionSize<keyof typeof order>);

// The eleven fields of its answer.
type Eleven = 'return_code' | 'return_msg' | 'result_code' | 'err_code' | 'err_code_des' | 'mch_billno' | 'mch_id' | 'wxappid'
  | 're_openid' | 'total_amount' | 'send_listid';
const eleven: Pick<SendResult, Eleven> = null as unknown as SendResult;

async function pay(signal: AbortSignal): Promise<string | null> {
  try {
    const sent = await client.send(order, { signal });
    const outcome: 'sent' = sent.outcome;
    return sent.send_listid ?? outcome;
  } catch (error) {
    if (mayBePaid(error)) {
      const outcome: 'unknown' | 'pending' | 'sent' = error.outcome;
      return `${outcome} ${error.mchBillno} ${error.notBefore?.toISOString()}`;
    }
    if (hasOutcome(error, 'not_sent', 'rejected')) {
      const outcome: 'not_sent' | 'rejected' = error.outcome;
      return outcome;
    }
    if (hasAdvice(error, 'new_order_allowed')) {
      const advice: 'new_order_allowed' = error.advice;
      return advice;
    }
    if (isRedpackError(error)) {
      const all: [Outcome, Advice, string | null, number | null] = [error.outcome, error.advice, error.errCode, error.httpStatus];
      return all.join();
    }
    throw error;
  }
}

async function more(mini: MiniProgramRedPack): Promise<void> {
  const settled: Settlement = await client.settle(mini, { endpoint: 'sendminiprogramhb', limitMs: 1000 });
  const billno: string = settled.order.mch_billno;
  await client.query({ mch_billno: billno, appid: 'wx1' });
  await client.query(billno);
  await client.call('/pay/x', { a: 1, b: '2', c: 3n, d: undefined });
  await client.call('/pay/x', [['a', '1']], { signType: 'HMAC-SHA256' });
  await client.close(billno);
  await client.resolve(billno, { evidence: 'paid', who: 'x', why: 'y' });
  for (const one of await (client.journal?.list({ state: 'sent' }) ?? [])) protocol.fenToYuan(one.total_amount);
  const wire = new Codec({ mchId: '1', appid: 'wx1', apiKey: 'k' }).encode('sendredpack', { total_amount: '100' });
  const kind: 'pending' | string = protocol.classify({ errCode: 'NOTENOUGH' }).outcome;
  void [wire.body, kind, sixteen, eleven];
}

// @ts-expect-error An amount is never text.
void client.send({ ...order, total_amount: '100' });
// @ts-expect-error The recipient is missing.
void client.send({ total_amount: 100, send_name: 'x', wishing: 'x', act_name: 'x', remark: 'x' });
// @ts-expect-error There is no such field.
void client.send({ ...order, sub_appid: 'x' });
// @ts-expect-error There is no such setting.
void new Client({ ...settings, insecure: true });
// @ts-expect-error Settling another kind names its endpoint.
void client.settle({} as MiniProgramRedPack, { endpoint: 'sendworkwxredpack2' });
// @ts-expect-error Errors are made by the library.
void new RedpackError({});

type UnionSize<U, Found extends unknown[] = []> = [U] extends [never] ? Found['length'] : UnionSize<Exclude<U, Last<U>>, [...Found, unknown]>;
type Last<U> = (U extends unknown ? (one: () => U) => void : never) extends (one: infer I) => void ? (I extends () => infer R ? R : never) : never;

void [pay, more];
