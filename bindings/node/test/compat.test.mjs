// redpack/compat: the document's own program, taken out of the document, runs word for word.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import vm from 'node:vm';
import { Client, RedpackError } from '../index.mjs';
import { Transformer, Wechatpay } from '../compat.mjs';
import { businessCode } from './document.mjs';
import { folder, number, order, sandbox } from './sandbox.mjs';

const gateway = await sandbox(after);
beforeEach(() => gateway.control('POST', '/reset', {}));

const config = async (more = {}) => ({
  mchid: '1900000109',
  serial: 'not used by APIv2',
  privateKey: 'not used by APIv2',
  certs: { any: 'not used by APIv2' },
  secret: 'sandbox0key0sandbox0key0sandbox0',
  merchant: {
    cert: await readFile(join(gateway.dir, 'apiclient_cert.pem')),
    key: await readFile(join(gateway.dir, 'apiclient_key.pem')),
    ca: await readFile(join(gateway.dir, 'ca.pem')),
  },
  baseURL: `${gateway.told.base_url}/`,
  ...more,
});

const wxpay = new Wechatpay(await config());

/** The sixteen fields of the document. */
const sixteen = (more = {}) => ({
  nonce_str: undefined,
  ...order(number()),
  mch_id: '1900000109',
  sub_mch_id: undefined,
  wxappid: 'wx8888888888888888',
  msgappid: undefined,
  total_num: 1,
  client_ip: '127.0.0.1',
  scene_id: undefined,
  risk_info: undefined,
  ...more,
});

/** Runs the document's code; only the import is another one. Its value is what its last statement is. */
async function runDocument(fields) {
  const code = await businessCode();
  const changed = code.replace("require('wechatpay-axios-plugin')", "require('redpack/compat')");
  assert.notEqual(changed, code);
  const require = createRequire(import.meta.url);
  const context = vm.createContext({ ...fields, security: true, wxpay, require });
  return vm.runInContext(changed, context);
}

test("the document's program sends", async () => {
  const fields = sixteen();
  assert.equal(Object.keys(fields).length, 16);
  const told = await runDocument(fields);
  assert.equal(Object.keys(told).length, 11);
  const { send_listid, return_msg, err_code_des, ...rest } = told;
  assert.deepEqual({ ...rest }, {
    return_code: 'SUCCESS', result_code: 'SUCCESS', err_code: 'SUCCESS', mch_billno: fields.mch_billno, mch_id: '1900000109',
    wxappid: 'wx8888888888888888', re_openid: fields.re_openid, total_amount: '100',
  });
  assert.match(send_listid, /^\d+$/);
  assert.ok(return_msg && err_code_des);
  assert.equal(await gateway.debits(fields.mch_billno), 1);
});

test('its answers resolve, whatever they say; what is none rejects', async () => {
  const refused = await runDocument(sixteen({ re_openid: 'f--NOTENOUGH' }));
  assert.deepEqual([refused.return_code, refused.result_code, refused.err_code], ['SUCCESS', 'FAIL', 'NOTENOUGH']);
  const failed = await runDocument(sixteen({ re_openid: 'f--268458547' }));
  assert.equal(failed.return_code, 'FAIL');
  for (const fault of ['drop-after', 'not-xml', 'http-502', 'cut-xml', 'wrong-echo', 'empty']) {
    const fields = sixteen({ re_openid: `f--${fault}` });
    const error = await runDocument(fields).then(() => assert.fail(fault), (thrown) => thrown);
    assert.ok(error instanceof RedpackError, fault);
    assert.deepEqual([error.outcome, error.advice, error.mchBillno], ['unknown', 'query_first', fields.mch_billno], fault);
  }
  const invalid = await runDocument(sixteen({ total_amount: '1.00' })).catch((thrown) => thrown);
  assert.deepEqual([invalid.outcome, invalid.advice, invalid.problems[0].field], ['not_sent', 'fix_order', 'total_amount']);
});

test('amounts may be text or numbers, as in the document; connections are kept', async () => {
  for (const total_amount of [100, '100', 100n]) {
    assert.equal((await runDocument(sixteen({ total_amount }))).total_amount, '100');
  }
  const own = new Wechatpay(await config());
  for (let round = 0; round < 5; round += 1) await own.v2.mmpaymkttransfers.sendredpack.post(sixteen(), { security: true });
  const { totals } = await gateway.ledger();
  assert.equal(totals.sends, 8);
  assert.ok(totals.tls_handshakes <= 2, `${totals.tls_handshakes} handshakes`);
});

test('the chain reaches every endpoint, called directly or with .post', async () => {
  const chain = wxpay.v2.mmpaymkttransfers;
  const fields = sixteen();
  const { data, status, statusText } = await chain.sendredpack(fields, { security: true });
  assert.deepEqual([data.result_code, status, statusText], ['SUCCESS', 200, 'OK']);
  const asked = { mch_id: '1900000109', appid: 'wx8888888888888888', mch_billno: fields.mch_billno, bill_type: 'MCHT' };
  assert.equal((await chain.gethbinfo.post(asked)).data.status, 'SENT');
  assert.equal((await chain.gethbinfo.post({ ...asked, mch_billno: number() })).data.err_code, 'NOT_FOUND');
  assert.equal((await wxpay.v2['mmpaymkttransfers/gethbinfo'](asked)).data.status, 'SENT');
  assert.equal((await wxpay.chain('v2/mmpaymkttransfers/gethbinfo').post(asked)).data.status, 'SENT');

  const { client_ip, sub_mch_id, msgappid, risk_info, ...mini } = sixteen();
  const sent = await chain.sendminiprogramhb.post({ ...mini, notify_way: 'MINI_PROGRAM_JSAPI' });
  assert.match(sent.data.package, /sendid/);

  const workwx = new Wechatpay(await config({ redpack: { workwxSecret: 'sandbox0workwx0secret0sandbox000' } }));
  const { total_num, send_name, client_ip: _, sub_mch_id: _1, msgappid: _2, risk_info: _3, ...given } = sixteen();
  assert.equal((await workwx.v2.mmpaymkttransfers.sendworkwxredpack.post({ ...given, sender_name: '天虹' })).data.result_code, 'SUCCESS');
  const queried = await workwx.v2.mmpaymkttransfers.queryworkwxredpack.post({ mch_id: '1900000109', appid: 'wx8888888888888888', mch_billno: given.mch_billno });
  assert.equal(queried.data.status, 'SENT');
});

test('a caller who signs for WeCom sends without the secret', async () => {
  const { protocol } = await import('../index.mjs');
  const { total_num, send_name, client_ip, sub_mch_id, msgappid, risk_info, scene_id, nonce_str: _, ...given } = sixteen();
  const fields = { ...given, sender_name: '天虹', nonce_str: 'abcdefgh12345678' };
  fields.workwx_sign = protocol.workwxSign(fields, 'sandbox0workwx0secret0sandbox000');
  const { data } = await wxpay.v2.mmpaymkttransfers.sendworkwxredpack.post(fields, { security: true });
  assert.equal(data.result_code, 'SUCCESS', JSON.stringify(data));
});

test('any v2 path goes out as the generic call', async () => {
  const seen = [];
  const client = new Wechatpay(await config({ redpack: { onAttempt: ({ path }) => seen.push(path) } }));
  await client.v2.mmpaymkttransfers.promotion.transfers.post({ mch_appid: 'wx1', mchid: '1900000109', partner_trade_no: '1' }).catch(() => {});
  await client.v2.pay.batchqueryComment.post({ appid: 'wx1', sign_type: 'HMAC-SHA256' }).catch(() => {});
  await client.v2.a.$id$.post({ x: '1' }, { id: 'b-1' }).catch(() => {});
  await new Promise((resume) => setImmediate(resume));
  assert.deepEqual(seen, ['/mmpaymkttransfers/promotion/transfers', '/pay/batchquery-comment', '/a/b-1']);
  const other = await client.v2.pay.refund.post({ mch_id: '1', x: '1' }).catch((thrown) => thrown);
  assert.equal(other.problems[0].field, 'mch_id', "another merchant's number is refused");
});

test("the caller's own functions get the XML", async () => {
  const steps = [];
  const { data } = await wxpay.v2.mmpaymkttransfers.sendredpack.post(sixteen(), {
    security: true,
    transformResponse: [(xml) => (steps.push(xml), xml), Transformer.toObject, (object) => ({ ...object, seen: true })],
  });
  assert.match(steps[0], /^<xml>.*<\/xml>$/s);
  assert.deepEqual([data.result_code, data.seen], ['SUCCESS', true]);
  const nested = { a: '1', list: { one: ['x', '<&]]>'] }, empty: '' };
  assert.deepEqual(Transformer.toObject(Transformer.toXml(nested)), nested);
  assert.deepEqual(Transformer.toObject(Buffer.from('<xml><a> 1 </a></xml>')), { a: '1' });
  assert.equal(Transformer.toObject(nested), nested);
  assert.equal(Transformer.toObject(undefined), undefined);
  assert.throws(() => Transformer.toObject('no XML'), RedpackError);
  assert.throws(() => Transformer.toXml({ 'no name': '1' }), RedpackError);
  assert.throws(() => Transformer.toXml({ a: '\u0000' }), RedpackError);
});

test('a journal makes it pay once', async () => {
  const dir = await folder(after);
  const safe = new Wechatpay(await config({ redpack: { journal: `sqlite:${join(dir, 'payments.db')}` } }));
  const fields = sixteen();
  const first = await safe.v2.mmpaymkttransfers.sendredpack.post(fields, { security: true });
  const second = await safe.v2.mmpaymkttransfers.sendredpack.post(fields, { security: true });
  assert.equal(second.data.send_listid, first.data.send_listid);
  assert.deepEqual([second.data.result_code, second.data.total_amount], ['SUCCESS', '100']);
  assert.equal((await gateway.ledger()).totals.sends, 1);
  assert.ok(safe.client instanceof Client);
});

test('what is not understood is refused, and said', async () => {
  const bad = [
    ['mchid', { mchid: undefined }], ['secret', { secret: 'short' }], ['httpsAgent', { httpsAgent: {} }],
    ['merchant', { merchant: {} }], ['merchant.rejectUnauthorized', { merchant: { rejectUnauthorized: false } }], ['baseURL', { baseURL: 'http://x' }],
  ];
  for (const [name, more] of bad) {
    const given = await config(more);
    assert.throws(() => new Wechatpay(given), (error) => error instanceof RedpackError && error.advice === 'fix_setup', name);
  }
  const { sendredpack } = wxpay.v2.mmpaymkttransfers;
  const rejects = async (promise, field) => {
    const error = await promise.then(() => assert.fail(field), (thrown) => thrown);
    assert.ok(error instanceof RedpackError, String(error));
    assert.deepEqual([error.outcome, error.problems[0].field], ['not_sent', field]);
  };
  await rejects(sendredpack.post(sixteen(), { timeout: 1 }), 'timeout');
  await rejects(sendredpack.post(sixteen(), { baseURL: 'https://elsewhere' }), 'baseURL');
  await rejects(sendredpack.post('<xml/>'), 'data');
  await rejects(sendredpack.post(sixteen({ wxappid: undefined })), 'wxappid');
  await rejects(sendredpack.post(sixteen({ sub_appid: 'wx1' })), 'sub_appid');
  await rejects(sendredpack.get(), 'get');
  await rejects(wxpay.v3.pay.transactions.native.post({}), 'path');
  assert.equal((await gateway.ledger()).totals.sends, 0);
  assert.equal(await wxpay.v2.mmpaymkttransfers, wxpay.v2.mmpaymkttransfers, 'a chain is no promise');
  const { inspect } = await import('node:util');
  assert.ok(!inspect(wxpay, { depth: 9, showHidden: true }).includes('sandbox0key'));
  const signal = AbortSignal.abort();
  assert.equal((await sendredpack.post(sixteen(), { signal }).catch((thrown) => thrown)).code, 'not_started');
});
