// Giving up tells the truth about the money.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { createServer } from 'node:net';
import { RedpackError } from '../index.mjs';
import { folder, number, order, sandbox, until } from './sandbox.mjs';

const gateway = await sandbox(after);
beforeEach(() => gateway.control('POST', '/reset', {}));

const failure = (promise) => promise.then(() => assert.fail('it was done'), (error) => error);
const sends = async () => (await gateway.ledger()).totals.sends;

test('before it was asked for: not_sent', async () => {
  const client = gateway.client();
  const billno = number();
  const signal = AbortSignal.abort('changed my mind');
  const error = await failure(client.send(order(billno), { signal }));
  assert.ok(error instanceof RedpackError);
  assert.deepEqual(
    [error.code, error.outcome, error.advice, error.mchBillno, error.attempts, error.cause],
    ['not_started', 'not_sent', 'retry_same_order', billno, 0, 'changed my mind'],
  );
  assert.equal(await sends(), 0);
  const asked = await failure(client.query(billno, { signal }));
  assert.deepEqual([asked.outcome, asked.advice], ['unknown', 'query_first'], 'a query says nothing of the order');
});

test('while queued: not_sent, and it never leaves', async () => {
  const client = gateway.client({ threads: 1 });
  await gateway.control('POST', '/faults', { fault: 'delay', delay_ms: 700, times: 1 });
  const first = client.send(order(number()));
  const controller = new AbortController();
  const billno = number();
  const second = failure(client.send(order(billno), { signal: controller.signal }));
  await until('the first is under way', async () => (await sends()) === 1);
  controller.abort();
  const error = await second;
  assert.deepEqual([error.code, error.outcome, error.mchBillno], ['not_started', 'not_sent', billno]);
  assert.equal((await first).outcome, 'sent');
  await client.send(order(number()));
  assert.equal(await sends(), 2);
  assert.equal(await gateway.debits(billno), 0);
});

test('while connecting: not_sent, and nothing leaves afterwards', async () => {
  const sockets = [];
  const silent = createServer((socket) => sockets.push(socket));
  await new Promise((listening) => silent.listen(0, '127.0.0.1', listening));
  after(() => {
    sockets.forEach((socket) => socket.destroy());
    silent.close();
  });
  const late = [];
  const client = gateway.client({
    baseUrl: `https://127.0.0.1:${silent.address().port}`, connectLimitMs: 600, onLateOutcome: (told) => late.push(told),
  });
  const controller = new AbortController();
  const billno = number();
  const call = failure(client.send(order(billno), { signal: controller.signal }));
  await until('it connects', () => sockets.length === 1);
  controller.abort();
  const error = await call;
  assert.deepEqual([error.code, error.outcome, error.mchBillno], ['not_started', 'not_sent', billno]);
  await until('its thread is done', () => late.length === 1);
  assert.deepEqual([late[0].mchBillno, late[0].outcome], [billno, 'not_sent']);
});

test('after the first byte: unknown with the order number; a journal learns the outcome', async () => {
  const dir = await folder(after);
  const late = [];
  const client = gateway.client({
    journal: `sqlite:${join(dir, 'payments.db')}`, onLateOutcome: (told) => late.push(told),
  });
  await gateway.control('POST', '/faults', { fault: 'delay', delay_ms: 700, times: 1 });
  const controller = new AbortController();
  const billno = number();
  const call = failure(client.send(order(billno), { signal: controller.signal }));
  await until('the request arrived', async () => (await sends()) === 1);
  controller.abort(new Error('the page was closed'));
  const error = await call;
  assert.deepEqual(
    [error.code, error.outcome, error.advice, error.mchBillno, error.attempts, error.cause.message],
    ['aborted', 'unknown', 'query_first', billno, 1, 'the page was closed'],
  );
  assert.equal((await client.journal.order(billno)).state, 'sending');
  await until('the late outcome', () => late.length === 1);
  assert.deepEqual(late, [{ mchBillno: billno, outcome: 'sent', error: null }]);
  const row = await client.journal.order(billno);
  assert.deepEqual([row.state, row.ambiguous], ['sent', false]);
  assert.equal(await gateway.debits(billno), 1);
});

test('a settlement that waits ends at once', async () => {
  const dir = await folder(after);
  const client = gateway.client({ journal: `sqlite:${join(dir, 'payments.db')}`, threads: 1 });
  const controller = new AbortController();
  const billno = number();
  const { signal } = controller;
  const call = failure(client.settle(order(billno, { re_openid: 'f--NOTENOUGH' }), { limitMs: 600_000, signal }));
  await until('the first attempt', async () => (await sends()) === 1);
  controller.abort();
  const error = await call;
  assert.deepEqual([error.outcome, error.mchBillno], ['unknown', billno]);
  // With one thread, this is answered only when the settlement has let go of it.
  assert.equal((await client.journal.order(billno)).state, 'pending');
  assert.equal(await sends(), 1);
});

test('a signal that fires too late changes nothing, and nothing is left on it', async () => {
  const client = gateway.client();
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given) => ((listeners += 1), add(...given));
  signal.removeEventListener = (...given) => ((listeners -= 1), remove(...given));
  assert.equal((await client.send(order(number()), { signal })).outcome, 'sent');
  assert.equal(listeners, 0);
  controller.abort();
  assert.equal((await client.send(order(number()))).outcome, 'sent');
});

test('many calls given up at random moments are told truly', async () => {
  const client = gateway.client({ threads: 4 });
  const told = await Promise.all(Array.from({ length: 200 }, async () => {
    const billno = number();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), Math.random() * 60);
    const outcome = await client.send(order(billno), { signal: controller.signal }).then(() => 'sent', (error) => error.outcome);
    return [billno, outcome];
  }));
  // One that was under way may still be landing.
  await new Promise((resume) => setTimeout(resume, 300));
  await client.query(number());
  const { orders } = await gateway.ledger();
  for (const [billno, outcome] of told) {
    const debits = orders[billno]?.debits ?? 0;
    if (outcome === 'sent') assert.equal(debits, 1);
    else if (outcome === 'not_sent') assert.equal(debits, 0);
    else assert.equal(outcome, 'unknown');
  }
});
