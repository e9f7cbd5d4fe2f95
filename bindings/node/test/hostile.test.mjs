// The hostile server: every case of tests/hostile/cases.json. See tests/hostile/README.md.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, RedpackError } from '../index.mjs';
import { number, order } from './sandbox.mjs';
import { served } from './served.mjs';

/** How many milliseconds later than its limit a call may come back on a busy machine. */
const SLACK = 10_000;
/**
 * How much more memory the process may hold at any time than before the first case, with four at a time: twice that of
 * the other languages, for what V8 hasn't collected yet.
 */
const MOST_KIB = 128 * 1024;

/** The most memory that this process ever held. */
const peakKib = async () => Number(/VmHWM:\s+(\d+)/.exec(await readFile('/proc/self/status', 'utf8'))[1]);

/** One send, in the words of the list. */
async function outcomeOf(told, { name, attempt_limit_ms: attemptLimitMs }) {
  const client = new Client({
    mchId: told.mch_id,
    appid: 'wx8888888888888888',
    apiKey: 'sandbox0key0sandbox0key0sandbox0',
    certificate: join(told.dir, 'apiclient_cert.pem'),
    privateKey: join(told.dir, 'apiclient_key.pem'),
    roots: join(told.dir, 'ca.pem'),
    baseUrl: told.urls[name],
    attemptLimitMs,
  });
  const billno = number();
  try {
    const sent = await client.send(order(billno));
    assert.equal(sent.mch_billno, billno, name);
    return { outcome: 'sent', advice: 'none', scope: 'order', kind: null, attempts: 1 };
  } catch (error) {
    if (!(error instanceof RedpackError)) throw error;
    assert.equal(error.mchBillno, billno, name);
    const { outcome, advice, scope, code: kind, attempts } = error;
    return { outcome, advice, scope, kind, attempts };
  }
}

async function run(told, one) {
  let found;
  // On a busy machine the handshake alone may take longer than a short limit: that isn't the case.
  for (let times = 0; times < 10; times++) {
    const started = Date.now();
    found = await outcomeOf(told, one);
    const took = Date.now() - started;
    assert.ok(took < one.attempt_limit_ms + SLACK, `${one.name}: ${took} ms`);
    if (found.kind !== 'handshake' || one.expect.kind !== 'timeout') break;
  }
  return found;
}

test('every case ends as it must', async () => {
  const list = fileURLToPath(new URL('../../../tests/hostile/cases.json', import.meta.url));
  const { cases } = JSON.parse(await readFile(list, 'utf8'));
  const server = await served('REDPACK_HOSTILE', after);
  const [queue, found, before] = [[...cases], new Map(), await peakKib()];
  const work = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) found.set(one.name, await run(server.told, one));
  };
  await Promise.all([work(), work(), work(), work()]);
  const grown = (await peakKib()) - before;
  const requests = await server.end();
  const bad = cases.flatMap(({ name, expect }) => {
    const cameTo = { ...found.get(name), requests: requests[name] };
    try {
      assert.deepEqual(cameTo, expect);
      return [];
    } catch {
      return [`${name}: ${JSON.stringify(cameTo)} instead of ${JSON.stringify(expect)}`];
    }
  });
  assert.deepEqual(bad, []);
  assert.ok(grown < MOST_KIB, `${grown} KiB more than before`);
  console.log(`hostile: ${found.size} cases, ${grown} KiB`);
  assert.equal(found.size, Object.keys(server.told.urls).length);
});
