// The event loop goes on, the process ends, and threads and processes may come and go.

import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { folder, number, order, sandbox, until } from './sandbox.mjs';

const gateway = await sandbox(after);
const library = fileURLToPath(new URL('../index.js', import.meta.url));
const run = promisify(execFile);

/** Runs a program with `redpack`, `client` and `order` at hand; fails if it does not end by itself. */
async function program(code, settings = {}) {
  const dir = await folder(after);
  const file = join(dir, 'program.cjs');
  const { timeout = 30_000, ...more } = settings;
  await writeFile(file, `
    const redpack = require(${JSON.stringify(library)});
    const client = new redpack.Client(${JSON.stringify(gateway.settings(more))});
    const order = (more) => ({ ...${JSON.stringify(order(''))}, mch_billno: redpack.protocol.newMchBillno('1900000109'), ...more });
    ${code}`);
  const { stdout } = await run(process.execPath, [file], { timeout });
  return stdout.trim();
}

test('timers advance, DNS and files answer, with 64 sends in flight', async () => {
  const client = gateway.client();
  await gateway.control('POST', '/faults', { fault: 'delay', delay_ms: 5000, times: 64 });
  let done = 0;
  const sends = Array.from({ length: 64 }, () => client.send(order(number())).then(() => (done += 1)));
  let ticks = 0;
  // A test that fails must not leave a timer by which its file never ends.
  const timer = setInterval(() => (ticks += 1), 5).unref();
  await until('all are under way', async () => (await gateway.ledger()).totals.sends >= 64);
  for (let round = 0; round < 8; round += 1) {
    await Promise.all([lookup('localhost'), readFile(library), lookup('localhost'), readFile(library)]);
  }
  await until('timers advance', () => ticks >= 10);
  assert.equal(done, 0, 'files, names and timers were answered while every send hung');
  await Promise.all(sends);
  clearInterval(timer);
});

// Less than the five seconds after which a thread that waits looks at the queue by itself.
test('threads that wait take as many calls at once as new ones did', async () => {
  const client = gateway.client();
  for (const round of ['new threads', 'waiting threads']) {
    await gateway.control('POST', '/faults', { fault: 'delay', delay_ms: 4000, times: 16 });
    const before = (await gateway.ledger()).totals.sends;
    let done = 0;
    const sends = Array.from({ length: 16 }, () => client.send(order(number())).then(() => (done += 1)));
    await until(`${round}: all are under way`, async () => (await gateway.ledger()).totals.sends >= before + 16);
    assert.equal(done, 0, `${round}: the last began before the first was done`);
    await Promise.all(sends);
  }
});

test('the 65th call queues, and none is lost', async () => {
  const client = gateway.client({ threads: 2 });
  const sent = await Promise.all(Array.from({ length: 100 }, () => client.send(order(number()))));
  assert.ok(sent.every(({ outcome }) => outcome === 'sent'));
});

test('the process ends when nothing is under way, and not before', async () => {
  assert.equal(await program(''), '');
  assert.equal(await program('client.send(order()).then(({ outcome }) => console.log(outcome));'), 'sent');
  const quiet = "client.send(order()).then(() => client.query('x')).then(({ found }) => console.log(found));";
  assert.equal(await program(quiet, { journal: undefined }), 'false');
  const dir = await folder(after);
  const journaled = { journal: `sqlite:${join(dir, 'payments.db')}` };
  assert.equal(await program('client.send(order()).then(({ outcome }) => console.log(outcome));', journaled), 'sent');
  assert.equal(await program(`
    const handles = () => process.getActiveResourcesInfo().filter((name) => !/TTY|Pipe/.test(name));
    const before = handles().length;
    Promise.all(Array.from({ length: 100 }, () => client.send(order()))).then(() => console.log(handles().length - before));
  `), '0', 'no handle is left open');
});

test('process.exit with calls under way ends the process', async () => {
  const hanging = "client.send(order({ re_openid: 'f--hang' })).catch(() => {}); setTimeout(() => process.exit(0), 300);";
  assert.equal(await program(hanging, { timeout: 10_000 }), '');
});

test('a call that was given up keeps the process until its outcome is in the journal', async () => {
  const dir = await folder(after);
  const journal = `sqlite:${join(dir, 'payments.db')}`;
  await gateway.control('POST', '/faults', { fault: 'delay', delay_ms: 800, times: 1 });
  const billno = await program(`
    const given = order();
    client.send(given, { signal: AbortSignal.timeout(400) }).catch(({ outcome }) => console.log(given.mch_billno, outcome));
  `, { journal });
  const [mchBillno, outcome] = billno.split(' ');
  assert.equal(outcome, 'unknown');
  assert.equal((await gateway.client({ journal }).journal.order(mchBillno)).state, 'sent');
});

const WORKER = `
  const { workerData, parentPort } = require('node:worker_threads');
  const { Client, protocol } = require(workerData.library);
  const client = new Client(workerData.settings);
  const order = (more) => ({ ...workerData.order, mch_billno: protocol.newMchBillno('1900000109'), ...more });
  (async () => {
    if (workerData.hang) {
      for (let call = 0; call < 8; call += 1) client.send(order({ re_openid: 'f--hang' })).catch(() => {});
      setTimeout(() => parentPort.postMessage('hanging'), 50);
    } else {
      await Promise.all(Array.from({ length: 8 }, () => client.send(order())));
      parentPort.postMessage('sent');
    }
  })();
`;

function worker(more = {}) {
  const workerData = { library, settings: gateway.settings({ attemptLimitMs: 2000, threads: 4 }), order: order(''), ...more };
  return new Worker(WORKER, { eval: true, workerData });
}

const first = (emitter, event) =>
  new Promise((resolve, reject) => {
    emitter.once(event, resolve);
    emitter.once('error', reject);
  });

test('worker_threads are started and stopped in a loop', async () => {
  for (let round = 0; round < 25; round += 1) {
    const thread = worker();
    const ended = first(thread, 'exit');
    assert.equal(await first(thread, 'message'), 'sent');
    assert.equal(await ended, 0);
  }
  for (let round = 0; round < 25; round += 1) {
    const thread = worker({ hang: true });
    assert.equal(await first(thread, 'message'), 'hanging');
    await thread.terminate();
  }
  const { outcome } = await gateway.client().send(order(number()));
  assert.equal(outcome, 'sent', 'the main thread is unharmed');
});

test('an addon used by worker_threads only outlives them', async () => {
  const dir = await folder(after);
  const file = join(dir, 'only.cjs');
  const workerData = { library, settings: gateway.settings({ attemptLimitMs: 1500 }), order: order(''), hang: true };
  await writeFile(file, `
    const { Worker } = require('node:worker_threads');
    (async () => {
      for (let round = 0; round < 10; round += 1) {
        const thread = new Worker(${JSON.stringify(WORKER)}, { eval: true, workerData: ${JSON.stringify(workerData)} });
        await new Promise((told) => thread.once('message', told));
        await thread.terminate();
      }
      // Longer than the calls that are still under way.
      setTimeout(() => console.log('alive'), 2500);
    })();`);
  const { stdout } = await run(process.execPath, [file], { timeout: 60_000 });
  assert.equal(stdout.trim(), 'alive');
});

test('a journal shared by two clients and a worker_thread pays once', async () => {
  const dir = await folder(after);
  const settings = gateway.settings({ journal: `sqlite:${join(dir, 'payments.db')}` });
  const code = `
    const { workerData, parentPort } = require('node:worker_threads');
    const { Client } = require(workerData.library);
    const client = new Client(workerData.settings);
    const given = (index) => ({ ...workerData.order, mch_billno: undefined, intent: 'shared ' + index });
    Promise.all(Array.from({ length: 8 }, (_, index) => client.settle(given(index), { limitMs: 20_000 })))
      .then((settled) => parentPort.postMessage(settled.map(({ outcome, order }) => [outcome, order.mch_billno])));`;
  const thread = new Worker(code, { eval: true, workerData: { library, settings, order: order('') } });
  const theirs = first(thread, 'message');
  const given = (index) => ({ ...order(''), mch_billno: undefined, intent: `shared ${index}` });
  const ours = [gateway.client(settings), gateway.client(settings)].map((client) =>
    Promise.all(Array.from({ length: 8 }, async (_, index) => {
      const settled = await client.settle(given(index), { limitMs: 20_000 });
      return [settled.outcome, settled.order.mch_billno];
    })));
  const [one, two, three] = await Promise.all([...ours, theirs]);
  assert.deepEqual(two, one);
  assert.deepEqual(three, one);
  const { orders } = await gateway.ledger();
  for (const [outcome, billno] of one) assert.deepEqual([outcome, orders[billno].debits], ['sent', 1]);
});

test('cluster: every worker process pays', async () => {
  const dir = await folder(after);
  const file = join(dir, 'cluster.cjs');
  await writeFile(file, `
    const cluster = require('node:cluster');
    const { Client, protocol } = require(${JSON.stringify(library)});
    const settings = ${JSON.stringify(gateway.settings({ journal: `sqlite:${join(dir, 'payments.db')}` }))};
    const given = (intent) => ({ ...${JSON.stringify(order(''))}, mch_billno: undefined, intent });
    if (cluster.isPrimary) {
      const told = [];
      for (let index = 0; index < 3; index += 1) cluster.fork();
      cluster.on('message', (worker, message) => told.push(...message));
      let ended = 0;
      cluster.on('exit', () => { ended += 1; if (ended === 3) console.log(JSON.stringify(told)); });
    } else {
      const client = new Client(settings);
      // All processes pay the same five invoices.
      Promise.all(Array.from({ length: 5 }, (_, index) => client.settle(given('invoice ' + index), { limitMs: 20_000 })))
        .then((settled) => process.send(settled.map(({ outcome, order }) => [order.intent, order.mch_billno, outcome])))
        .then(() => process.disconnect());
    }`);
  const { stdout } = await run(process.execPath, [file], { timeout: 60_000 });
  const told = JSON.parse(stdout);
  assert.equal(told.length, 15);
  const numbers = new Map(told.map(([intent, billno]) => [intent, billno]));
  const { orders } = await gateway.ledger();
  for (const [intent, billno, outcome] of told) {
    assert.deepEqual([billno, outcome, orders[billno].debits], [numbers.get(intent), 'sent', 1]);
  }
});
