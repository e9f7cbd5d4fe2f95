// Every method of the client, against a sandbox over real TLS.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import redpack, { Client, RedpackError, hasAdvice, hasOutcome, isRedpackError, mayBePaid, protocol } from '../index.mjs';
import { TEXTS, folder, number, order, sandbox } from './sandbox.mjs';

const gateway = await sandbox(after);
beforeEach(() => gateway.control('POST', '/reset', {}));

/** The error that a call rejects with. */
async function failure(promise) {
  const error = await promise.then((value) => assert.fail(`it was done: ${inspect(value)}`), (thrown) => thrown);
  assert.ok(error instanceof RedpackError, inspect(error));
  return error;
}

test('sends and queries of all kinds', async () => {
  const client = gateway.client();
  const first = number();
  const sent = await client.send(order(first));
  assert.deepEqual(
    [sent.outcome, sent.advice, sent.mch_billno, sent.total_amount, sent.recorded, sent.result_code, sent.send_time],
    ['sent', 'none', first, 100, false, 'SUCCESS', null],
  );
  assert.match(sent.send_listid, /^\d+$/);
  assert.equal(sent.answer.re_openid, order(first).re_openid);
  await gateway.control('POST', '/claim', { mch_billno: first });
  const told = await client.query(first);
  assert.deepEqual([told.status, told.found, told.outcome, told.advice], ['RECEIVED', true, 'sent', 'none']);
  assert.equal(told.order.receivers[0].amount, 100);
  assert.ok(told.order.receivers[0].rcv_time instanceof Date);
  assert.equal((await client.query({ mch_billno: number() })).found, false);

  const mini = number();
  const { package: raw } = await client.sendMiniProgram({ ...order(mini, { total_amount: 100n }) });
  assert.match(raw, /sendid/);
  assert.equal((await client.query(mini)).status, 'SENT');

  const workwx = number();
  const { send_name: _, ...fields } = order(workwx);
  assert.equal((await client.sendWorkwx({ ...fields, sender_name: '天虹' })).mch_billno, workwx);
  assert.equal((await client.queryWorkwx(workwx)).status, 'SENT');

  const answer = await client.call('/mmpaymkttransfers/gethbinfo', {
    mch_billno: first, appid: 'wx8888888888888888', bill_type: 'MCHT',
  });
  assert.equal(answer.return_code, 'SUCCESS');
  assert.equal(answer.hblist.hbinfo.amount, '100');
});

test('faults become typed errors', async () => {
  const client = gateway.client();
  const cases = [
    ['f--drop-after', 'disconnected', 'unknown', 'query_first', 1],
    ['f--not-xml', 'malformed', 'unknown', 'query_first', 1],
    ['f--wrong-echo', 'echo_mismatch', 'unknown', 'query_first', 1],
    ['f--SYSTEMERROR-after', 'answer', 'unknown', 'query_first', 1],
    ['f--SYSTEMERROR-before', 'answer', 'unknown', 'query_first', 0],
    ['f--NEVER_SEEN', 'answer', 'unknown', 'query_first', 0],
    ['f--NOTENOUGH', 'answer', 'pending', 'retry_same_order', 0],
    ['f--OPENID_ERROR', 'answer', 'rejected', 'query_first', 0],
  ];
  for (const [re_openid, code, outcome, advice, debits] of cases) {
    const billno = number();
    const error = await failure(client.send(order(billno, { re_openid })));
    assert.deepEqual([error.code, error.outcome, error.advice], [code, outcome, advice], re_openid);
    assert.deepEqual([error.mchBillno, error.attempts, error.name], [billno, 1, 'RedpackError']);
    assert.ok(!error.message.includes(re_openid));
    assert.equal(mayBePaid(error), outcome !== 'rejected');
    assert.ok(hasOutcome(error, outcome) && hasAdvice(error, 'none', advice) && isRedpackError(error));
    assert.ok(!hasOutcome(new Error('x'), outcome) && !hasAdvice(error, 'new_order_allowed'));
    assert.equal(await gateway.debits(billno), debits, re_openid);
  }
});

test('an answer that says no is attached, and quiet', async () => {
  const error = await failure(gateway.client().send(order(number(), { re_openid: 'f--NOTENOUGH' })));
  assert.deepEqual([error.errCode, error.scope, error.httpStatus], ['NOTENOUGH', 'merchant', 200]);
  assert.equal(error.answer.err_code, 'NOTENOUGH');
  assert.match(error.body, /NOTENOUGH/);
  assert.ok(error.errCodeDes.length > 0);
  assert.ok(error.notBefore instanceof Date && error.notBefore > new Date(Date.now() - 5000));
  assert.match(error.stack, /client\.test\.mjs/, 'the stack leads to the caller');
  assert.equal(JSON.parse(JSON.stringify(error)).errCode, 'NOTENOUGH');
});

test('nothing leaves where nobody is, or is trusted', async () => {
  const cases = [
    [{ baseUrl: 'https://127.0.0.1:1' }, 'connect', 'retry_same_order'],
    [{ roots: undefined }, 'server_certificate', 'fix_setup'],
  ];
  for (const [settings, code, advice] of cases) {
    const error = await failure(gateway.client(settings).send(order(number())));
    assert.deepEqual([error.outcome, error.code, error.advice, error.attempts], ['not_sent', code, advice, 0]);
  }
  assert.equal((await gateway.ledger()).totals.sends, 0);
});

test('an amount is a number of fen: a safe integer or a BigInt', async () => {
  const client = gateway.client();
  for (const amount of [1.5, Number.NaN, Infinity, -1, 2 ** 53, '100', '1.00', true, {}, [100], -1n, 0, 0n, new Date()]) {
    const error = await failure(client.send(order('x1', { total_amount: amount })));
    assert.deepEqual([error.code, error.outcome, error.advice], ['invalid_request', 'not_sent', 'fix_order'], String(amount));
    assert.deepEqual([error.problems.map(({ field }) => field), error.mchBillno], [['total_amount'], 'x1'], String(amount));
  }
  assert.equal((await gateway.ledger()).totals.sends, 0);
  for (const amount of [100, 100n]) assert.equal((await client.send(order(number(), { total_amount: amount }))).total_amount, 100);
  // Beyond JavaScript's exact numbers an echo is a BigInt.
  const codec = new redpack.Codec({ mchId: '1', appid: 'wx1', apiKey: 'x' });
  const wire = codec.encode('sendredpack', order('n1', { total_amount: 9007199254740993n }));
  assert.match(wire.body, /<total_amount>9007199254740993</);
  const body = '<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><mch_billno>n1</mch_billno><total_amount>9007199254740993</total_amount></xml>';
  assert.equal(codec.readSend(wire, 200, body).total_amount, 9007199254740993n);
});

test('all that is wrong is told at once, and nothing leaves', async () => {
  const client = gateway.client();
  const error = await failure(client.send(order('no good', { send_name: 'x'.repeat(33), client_ip: '::1' })));
  assert.deepEqual(error.problems.map(({ field }) => field).sort(), ['client_ip', 'mch_billno', 'send_name']);
  assert.equal((await failure(client.send(order('n1', { sub_appid: 'x' })))).problems[0].field, 'sub_appid');
  assert.equal((await failure(client.send(order('n1', { remark: '\ud800' })))).problems[0].field, 'remark');
  assert.equal((await failure(client.send(order('n1', { remark: null })))).problems[0].field, 'remark');
  for (const bad of [null, undefined, 7, 'x']) assert.equal((await failure(client.send(bad))).outcome, 'not_sent');
  assert.equal((await failure(client.send(order('n1'), { signal: {} }))).problems[0].field, 'signal');
  assert.equal((await failure(client.query({ mch_billno: 7.5 }))).outcome, 'unknown');
  assert.equal((await gateway.ledger()).totals.sends, 0);
});

test('credentials come as paths, PEM and PKCS#12, and are replaced', async () => {
  const dir = gateway.dir;
  const [cert, key, p12] = ['apiclient_cert.pem', 'apiclient_key.pem', 'apiclient_cert.p12'].map((file) => join(dir, file));
  const none = { certificate: undefined, privateKey: undefined };
  const ways = [
    { certificate: await readFile(cert, 'utf8'), privateKey: await readFile(key, 'utf8'), roots: await readFile(join(dir, 'ca.pem'), 'utf8') },
    { certificate: await readFile(cert), privateKey: new Uint8Array(await readFile(key)), roots: await readFile(join(dir, 'ca.pem')) },
    { ...none, pkcs12: p12 },
    { ...none, pkcs12: await readFile(p12), passphrase: '1900000109' },
  ];
  for (const way of ways) assert.ok((await gateway.client(way).send(order(number()))).send_listid);
  assert.throws(() => gateway.client({ ...none, pkcs12: p12, passphrase: 'wrong' }), { credentialFault: 'wrong_passphrase', advice: 'fix_setup' });
  assert.throws(() => gateway.client({ ...none }), { credentialFault: 'missing' });
  assert.throws(() => gateway.client({ certificate: '/nowhere' }), { credentialFault: 'unreadable_file' });
  const client = gateway.client();
  await client.replaceCredentials({ pkcs12: p12 });
  await client.replaceCredentials({ certificate: cert, privateKey: key });
  assert.equal((await failure(client.replaceCredentials({ pkcs12: p12, passphrase: 'x' }))).credentialFault, 'wrong_passphrase');
  await assert.rejects(client.replaceCredentials({ certificate: cert }), { advice: 'fix_order' });
  await client.send(order(number()));
  await client.replaceApiKey('x'.repeat(32));
  assert.equal((await failure(client.send(order(number())))).errCode, 'SIGN_ERROR');
});

test('settings are checked, and unknown ones refused', async () => {
  const bad = {
    mchId: 7, apiKey: 'short', baseUrl: 'http://plain', failover: 'sometimes', connectLimitMs: 0, attemptLimitMs: -1, proxy: 'x',
    sourceAddress: 'here', ipv4Only: 'yes', caps: { order: 1.5 }, pace: 0, threads: 0, onAttempt: 1, timeout: 1, logLevel: 'x', journal: 'nothing:x',
  };
  for (const [name, value] of Object.entries(bad)) {
    const more = name === 'logLevel' ? { onLog() {} } : {};
    assert.throws(() => gateway.client({ [name]: value, ...more }), (error) => error instanceof RedpackError && error.outcome === 'not_sent', name);
  }
  assert.throws(() => new Client(), RedpackError);
  assert.throws(() => new Client({}), ({ problems }) => problems.length === 3);
  await assert.rejects(Client.open(gateway.settings({ certificate: '/nowhere' })), { credentialFault: 'unreadable_file' });
  const client = await Client.open(gateway.settings({
    backupUrl: gateway.told.backup_url, failover: 'after_sending', connectLimitMs: 3000, attemptLimitMs: 9000, ipv4Only: true,
    sourceAddress: '127.0.0.1', pace: 5, pacedSends: false, threads: 2,
  }));
  assert.ok((await client.send(order(number()))).send_listid);
  const { mchId, certificate, daysLeft, findings, backupUrl } = await client.check();
  assert.deepEqual([mchId, certificate.commonName, findings, backupUrl], ['1900000109', '1900000109', ['unusual_host'], gateway.told.backup_url]);
  assert.ok(daysLeft > 0 && certificate.notAfter > certificate.notBefore);
});

test('the backup host takes over where nothing can have left', async () => {
  const client = gateway.client({ baseUrl: 'https://127.0.0.1:1', backupUrl: gateway.told.backup_url });
  assert.ok((await client.send(order(number()))).send_listid);
});

test('hook and log are told before the caller, in order, and cannot break a call', async () => {
  const heard = [];
  const warnings = [];
  const warned = (warning) => warnings.push(warning.message);
  process.on('warning', warned);
  const client = gateway.client({
    logLevel: 'debug',
    onLog: ({ level, target, message }) => heard.push([level, target, message.includes('oxTWIuGaIt6gTKsQRLau2M0yL16E')]),
    onAttempt: ({ mchBillno, outcome, connectionReused }) => {
      heard.push([mchBillno, outcome, connectionReused]);
      throw new Error("the hook's own mistake");
    },
  });
  const billno = number();
  await client.send(order(billno)).then(() => heard.push('sent'));
  await client.query(billno);
  await new Promise((resume) => setImmediate(resume));
  process.off('warning', warned);
  assert.deepEqual(heard, [
    ['debug', 'redpack', false], [billno, 'sent', false], 'sent', ['debug', 'redpack', false], [billno, 'sent', true],
  ]);
  assert.deepEqual(warnings, ["the hook's own mistake", "the hook's own mistake"]);
});

test('a journal pays once', async () => {
  const dir = await folder(after);
  const client = gateway.client({ journal: `sqlite:${join(dir, 'payments.db')}`, caps: { order: 20_000, merchantDay: 50_000n } });
  assert.deepEqual(await client.recover({ limitMs: 1000 }), { settlements: [], open: 0, waiting: 0, nextDue: null });
  const lost = () => {
    const { mch_billno: _, ...fields } = order('', { re_openid: 'f--drop-after', intent: 'invoice 7' });
    return fields;
  };
  const settled = await client.settle(lost(), { limitMs: 15_000 });
  assert.deepEqual([settled.settled, settled.outcome], [true, 'sent']);
  const billno = settled.order.mch_billno;
  assert.equal((await client.settle(lost(), { limitMs: 15_000 })).order.mch_billno, billno);
  assert.equal(await gateway.debits(billno), 1);
  assert.equal((await client.settleNumber(billno, { limitMs: 1000 })).settled, true);
  const again = await client.send({ ...lost(), mch_billno: billno });
  assert.deepEqual([again.recorded, again.total_amount, again.return_code, again.answer], [true, 100, null, {}]);

  const { journal } = client;
  assert.equal((await journal.orderOfIntent('invoice 7')).mch_billno, billno);
  assert.equal(await journal.order('nosuchorder'), null);
  const [listed] = await journal.list();
  assert.deepEqual([listed.mch_billno, listed.re_openid, listed.state, listed.kind], [billno, 'f--drop-after', 'sent', 'sendredpack']);
  assert.deepEqual(await journal.list({ state: 'closed' }), []);
  assert.deepEqual(await journal.list({ after: listed.seq }), []);
  assert.equal((await journal.attempts(billno))[0].outcome, 'unknown');
  assert.deepEqual(await journal.decisions(billno), []);
  assert.deepEqual([await journal.spentToday(), await journal.spentToday('nobody'), await journal.suspected()], [100, 0, false]);
  await journal.pause('a test');
  assert.equal(await journal.paused(), 'a test');
  const held = await failure(client.send(order(number())));
  assert.deepEqual([held.code, held.outcome], ['held_back', 'not_sent']);
  await journal.resume();
  assert.equal(await journal.paused(), null);
  await gateway.control('POST', '/claim', { mch_billno: billno });
  assert.equal((await client.reconcile({ limitMs: 1000 })).failed, 0);
});

test('a refused order is mended under its number', async () => {
  const dir = await folder(after);
  const client = gateway.client({ journal: `sqlite:${join(dir, 'payments.db')}` });
  const billno = number();
  const refused = order(billno, { re_openid: 'f--PARAM_ERROR' });
  assert.equal((await failure(client.send(refused))).advice, 'fix_order');
  const mended = { ...refused, wishing: '新年快乐' };
  const amended = await client.amend(mended);
  assert.deepEqual([amended.advice, amended.order.fields.wishing], ['retry_same_order', '新年快乐']);
  const settled = await client.settle(mended, { limitMs: 15_000 });
  assert.deepEqual([settled.outcome, await gateway.debits(billno)], ['sent', 1]);
  assert.equal((await failure(client.amend(refused))).code, 'not_permitted');
  const problem = (await failure(client.send(order(number(), { intent: '' })))).problems[0];
  assert.equal(problem.field, 'intent');
  await failure(client.send(order(number(), { re_openid: 'f--PROCESSING' })));
  const recovered = await client.recover({ limitMs: 1000 });
  assert.deepEqual([recovered.open, recovered.waiting, recovered.nextDue > new Date()], [0, 1, true]);
});

test('closing, conflicts and an operator', async () => {
  const dir = await folder(after);
  const client = gateway.client({ journal: `sqlite:${join(dir, 'payments.db')}` });
  const billno = number();
  const refused = await failure(client.send(order(billno, { re_openid: 'f--PARAM_ERROR' })));
  assert.deepEqual([refused.order.state, refused.outcome], ['rejected', 'rejected']);
  const conflict = await failure(client.send(order(billno, { re_openid: 'f--PARAM_ERROR', total_amount: 101 })));
  assert.deepEqual([conflict.code, conflict.advice], ['order_conflict', 'fix_order']);
  const closed = await client.close(billno);
  assert.deepEqual([closed.settled, closed.advice], [true, 'new_order_allowed']);
  await failure(client.resolve(billno, { evidence: 'not_paid', who: 'me', why: 'a test' }));
  assert.equal((await failure(client.resolve(billno, { evidence: 'perhaps', who: 'me', why: 'x' }))).problems[0].field, 'evidence');
  await failure(client.close('nosuchorder'));
  const lost = number();
  await failure(client.send(order(lost, { re_openid: 'f--drop-after' })));
  const resolved = await client.resolve(lost, { evidence: 'paid', who: 'me', why: 'seen in the console', sendListid: '1' });
  assert.deepEqual([resolved.settled, resolved.outcome, resolved.order.send_listid], [true, 'sent', '1']);
  assert.equal((await client.journal.decisions(lost))[0].who, 'me');
  assert.equal(gateway.client().journal, null);
  await failure(gateway.client().settle(order(number())));
});

test('no key is shown by anything', async () => {
  const secrets = ['sandbox0key0sandbox0key0sandbox0', 'sandbox0workwx0secret0sandbox000', 'PRIVATE KEY', 'postgresql'];
  const client = gateway.client({ privateKey: await readFile(join(gateway.dir, 'apiclient_key.pem'), 'utf8'), certificate: await readFile(join(gateway.dir, 'apiclient_cert.pem')) });
  const codec = new redpack.Codec({ mchId: '1', appid: 'wx1', apiKey: secrets[0], workwxSecret: secrets[1] });
  const error = await failure(client.send(order(number(), { re_openid: 'f--NOTENOUGH' })));
  let journal;
  try {
    gateway.client({ journal: `postgresql://user:${secrets[0]}@127.0.0.1:1/x` });
  } catch (thrown) {
    journal = thrown;
  }
  assert.ok(journal instanceof RedpackError);
  for (const one of [client, codec, error, journal, await client.check()]) {
    const shown = inspect(one, { depth: Infinity, showHidden: true }) + JSON.stringify(one) + String(one) + (one.stack ?? '');
    for (const secret of secrets.slice(0, 3)) assert.ok(!shown.includes(secret), shown);
  }
});

test('ESM and CommonJS are one library', async () => {
  const cjs = createRequire(import.meta.url)('../index.js');
  assert.equal(cjs.Client, Client);
  assert.deepEqual(Object.keys(redpack).sort(), Object.keys(cjs).sort());
  assert.deepEqual(Object.keys(await import('../index.mjs')).filter((name) => name !== 'default').sort(), Object.keys(cjs).sort());
});

test('helpers of the protocol', () => {
  assert.match(protocol.newMchBillno('1900000109'), /^1900000109\d{6}[0-9a-z]{12}$/);
  assert.throws(() => protocol.newMchBillno('x'.repeat(28)), RedpackError);
  assert.deepEqual([protocol.fenFromYuan('1.23'), protocol.fenToYuan(123), protocol.fenToYuan(5n)], [123, '1.23', '0.05']);
  assert.equal(protocol.fenFromYuan('90071992547409.93'), 9007199254740993n);
  for (const yuan of ['1.234', 'x', 1]) assert.throws(() => protocol.fenFromYuan(yuan), RedpackError);
  for (const fen of [1.5, '1', -1]) assert.throws(() => protocol.fenToYuan(fen), RedpackError);
  assert.equal(protocol.maskOpenid('oxTWIuGaIt6gTKsQRLau2M0yL16E'), 'oxTW***6E');
  assert.equal(protocol.riskInfo({ posttime: 123123412, clientversion: '234134' }), 'posttime%3D123123412%26clientversion%3D234134');
  assert.equal(protocol.canonical({ b: '2', a: '1', c: '' }), 'a=1&b=2');
  assert.equal(protocol.xmlWrite({ a: '<' }), '<xml><a><![CDATA[<]]></a></xml>');
  assert.throws(() => protocol.xmlWrite({ '1a': 'x' }), RedpackError);
  assert.throws(() => protocol.sign({}, 'k', 'SHA1'), RedpackError);
  assert.equal(protocol.classify({ errCode: 'NOTENOUGH' }).outcome, 'pending');
  assert.equal(protocol.classify({ errCode: undefined }).outcome, 'unknown');
  assert.throws(() => protocol.classify({ code: 'nothing' }), RedpackError);
  assert.ok(protocol.codes().includes('NOTENOUGH') && protocol.kinds().includes('timeout'));
  assert.equal(protocol.version, createRequire(import.meta.url)('../package.json').version);
});
