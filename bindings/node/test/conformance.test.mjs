import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Codec, RedpackError, protocol } from '../index.mjs';
import { order } from './sandbox.mjs';
import { ran, read } from './vectors.mjs';

test('every file of the manifest is run', async () => {
  const run = ['sign.json', 'sign_other.json', 'encode.json', 'validate.json', 'parse.json', 'answers.json',
    'scenarios.json'];
  assert.deepEqual(Object.keys(await read('MANIFEST.json')).filter((file) => !run.includes(file)), []);
});

test('sign.json', async () => {
  const { vectors } = await read('sign.json');
  for (const { fields, key, md5, hmac_sha256: hmac } of vectors) {
    assert.equal(protocol.sign(fields, key), md5);
    assert.equal(protocol.sign(fields, key, 'HMAC-SHA256'), hmac);
    assert.equal(protocol.verify(fields, key, md5), true);
    assert.equal(protocol.verify(fields, key, hmac), true);
    assert.equal(protocol.verify({ ...fields, more: 'x' }, key, md5), false);
  }
  await ran('sign.json', vectors.length);
});

test('sign_other.json', async () => {
  const data = await read('sign_other.json');
  for (const { name, fields, secret, workwx_sign: expected } of data.workwx_sign) {
    assert.equal(protocol.workwxSign(fields, secret), expected, name);
  }
  for (const { name, key, paySign, package_encoded: encoded, ...packet } of data.pay_sign) {
    const told = protocol.bizRedPacket(packet, key);
    assert.deepEqual([told.paySign, told.package], [paySign, encoded], name);
  }
  await ran('sign_other.json', data.workwx_sign.length + data.pay_sign.length);
});

function encode({ merchant, endpoint, fields, path, sign_type: signType, merchant_field: merchantField }) {
  const { mch_id: mchId, appid, api_key: apiKey, workwx_secret: workwxSecret } = merchant;
  const codec = new Codec({ mchId, appid, apiKey, workwxSecret });
  return endpoint === undefined
    ? codec.encodeCall(path, fields, { signType, merchantField })
    : codec.encode(endpoint, fields);
}

test('encode.json', async () => {
  const data = await read('encode.json');
  const cases = [...data.cases, ...data.calls];
  for (const one of cases) {
    const wire = encode(one);
    assert.deepEqual([wire.path, wire.nonceStr, wire.body], [one.path, one.nonce_str, one.body], one.name);
  }
  await ran('encode.json', cases.length);
});

test('validate.json', async () => {
  const data = await read('validate.json');
  const cases = [...data.cases, ...data.calls];
  for (const one of cases) {
    let problems = [];
    try {
      encode(one);
    } catch (error) {
      assert.ok(error instanceof RedpackError, `${one.name}: ${error}`);
      // A query that can't be made says nothing of its order.
      const outcome = ['gethbinfo', 'queryworkwxredpack'].includes(one.endpoint) ? 'unknown' : 'not_sent';
      assert.deepEqual([error.code, error.outcome], ['invalid_request', outcome], one.name);
      problems = error.problems.map(({ field, length }) => ({ field, length }));
    }
    assert.deepEqual(problems, one.problems, one.name);
  }
  await ran('validate.json', cases.length);
});

/** A node without children is its text; of others the text between the children is not compared. */
const plain = ({ name, text, children = [] }) =>
  children.length === 0 ? { name, text } : { name, children: children.map(plain) };

test('parse.json', async () => {
  const { cases } = await read('parse.json');
  for (const { name, body, body_hex: hex, body_repeat: repeat, error, root } of cases) {
    const xml = body ?? (hex === undefined
      ? repeat.before + repeat.middle.repeat(repeat.times) + repeat.after
      : Buffer.from(hex, 'hex'));
    if (error) {
      assert.throws(() => protocol.xmlRead(xml), RedpackError, name);
    } else {
      assert.deepEqual(plain(protocol.xmlRead(xml)), plain(root), name);
    }
  }
  await ran('parse.json', cases.length);
});

/** The library's clock is the machine's: the times of a vector are moved to it. */
const moved = (body, milliseconds) =>
  body.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, (text) =>
    new Date(Date.parse(`${text.replace(' ', 'T')}Z`) + milliseconds).toISOString().slice(0, 19).replace('T', ' '));

function judged(read) {
  try {
    const { outcome, advice } = read();
    return { outcome, advice, scope: 'order' };
  } catch (error) {
    assert.ok(error instanceof RedpackError, error);
    return error;
  }
}

const words = ({ outcome, advice, scope }) => [outcome, advice, scope];

test('answers.json', async () => {
  const data = await read('answers.json');
  const { mch_id: mchId, appid, api_key: apiKey, mch_billno: mchBillno, re_openid, now } = data.request;
  const codec = new Codec({ mchId, appid, apiKey });
  const send = codec.encode('sendredpack', order(mchBillno, { re_openid }));
  for (const one of data.send) {
    const told = judged(() => codec.readSend(send, one.http_status, one.body));
    assert.deepEqual(words(told), words(one), one.name);
    if (told instanceof RedpackError) {
      assert.equal(told.mchBillno, mchBillno);
      assert.equal(told.notBefore === null, one.wait === 'no', one.name);
    }
  }
  const query = codec.encode('gethbinfo', { mch_billno: mchBillno });
  const began = Date.parse(`${now.replace(' ', 'T')}+08:00`);
  for (const one of data.query) {
    let told;
    let second;
    do {
      second = Math.floor(Date.now() / 1000);
      told = judged(() => codec.readQuery(query, one.http_status, moved(one.body, second * 1000 - began)));
    } while (Math.floor(Date.now() / 1000) !== second);
    assert.deepEqual([told.outcome, told.advice], [one.outcome, one.advice], one.name);
  }
  for (const [code, one] of Object.entries(data.failures)) {
    assert.deepEqual(words(protocol.classify({ code })), words(one), code);
  }
  const failures = Object.keys(data.failures);
  assert.deepEqual(failures.filter((code) => !protocol.kinds().includes(code)), []);
  await ran('answers.json', data.send.length + data.query.length + failures.length);
});

test('a field of any name is a field', () => {
  const codec = new Codec({ mchId: '1900000109', appid: 'wx8888888888888888', apiKey: 'sandbox0key0sandbox0key0sandbox0' });
  const body = '<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><__proto__><x> 1 </x></__proto__></xml>';
  const answer = codec.readCall(codec.encodeCall('/pay/orderquery', {}), 200, body);
  assert.deepEqual(Object.keys(answer), ['return_code', 'result_code', '__proto__']);
  assert.equal(Object.getPrototypeOf(answer), Object.prototype);
  assert.equal(Object.getOwnPropertyDescriptor(answer, '__proto__').value.x, '1');
});
