// The stories of scenarios.json, against a sandbox over real TLS.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RedpackError } from '../index.mjs';
import { folder, number, sandbox } from './sandbox.mjs';
import { ran, read } from './vectors.mjs';

/** Order numbers of this scenario's own, and the appid, in the place of their names. */
function filled(scenario) {
  const numbers = new Map();
  const text = JSON.stringify(scenario).replace(/\{billno:\d+\}|\{appid\}/g, (name) => {
    if (name === '{appid}') return 'wx8888888888888888';
    if (!numbers.has(name)) numbers.set(name, number());
    return numbers.get(name);
  });
  return JSON.parse(text);
}

/** Amounts are numbers here. */
const typed = ({ total_amount: amount, ...fields }) =>
  amount === undefined ? fields : { ...fields, total_amount: Number(amount) };

const SENDS = { sendredpack: 'send', sendminiprogramhb: 'sendMiniProgram', sendworkwxredpack: 'sendWorkwx' };

async function done(gateway, client, step) {
  switch (step.do) {
    case 'send': {
      const sent = await client[SENDS[step.endpoint]](typed(step.fields));
      return { ...sent, kind: null, err_code: null };
    }
    case 'query': {
      const told = await client[step.endpoint === 'gethbinfo' ? 'query' : 'queryWorkwx'](step.fields);
      return { ...told, kind: null, err_code: null };
    }
    case 'settle': {
      const { endpoint, limit_ms: limitMs } = step;
      const told = await client.settle(typed(step.fields), { endpoint, limitMs });
      return { ...told, state: told.order.state };
    }
    case 'close': {
      const told = await client.close(step.mch_billno);
      return { ...told, state: told.order.state };
    }
    case 'call':
      return {
        answer: await client.call(step.path, step.fields), outcome: 'sent', advice: 'none', kind: null, err_code: null,
      };
    case 'control':
      return gateway.control('POST', step.path, step.body);
    case 'wait':
      return new Promise((resume) => setTimeout(resume, step.ms, {}));
    default:
      throw new Error(`no step is called ${step.do}`);
  }
}

async function told(gateway, client, step) {
  try {
    return await done(gateway, client, step);
  } catch (error) {
    if (!(error instanceof RedpackError)) throw error;
    const { outcome, advice, scope, code, errCode, httpStatus, attempts, answer, order } = error;
    return {
      outcome, advice, scope, answer, kind: code, err_code: errCode, http_status: httpStatus, wire_sends: attempts,
      found: null, status: null, settled: null, recorded: null, state: order?.state ?? null,
    };
  }
}

async function play(gateway, scenario) {
  const dir = await folder(after);
  const client = gateway.client({
    attemptLimitMs: scenario.attempt_limit_ms ?? 3000,
    journal: scenario.journal ? `sqlite:${join(dir, 'journal.db')}` : undefined,
  });
  for (const [index, step] of scenario.steps.entries()) {
    const found = await told(gateway, client, step);
    for (const [key, expected] of Object.entries(step.expect ?? {})) {
      const where = `${scenario.name}, step ${index + 1} (${step.do}), ${key}`;
      if (key === 'answer') {
        for (const [name, text] of Object.entries(expected)) assert.equal(found.answer?.[name], text, `${where}, ${name}`);
        continue;
      }
      assert.ok(key in found, `${where}: it has no ${key}`);
      assert.equal(found[key], expected, where);
    }
  }
  const ledger = await gateway.ledger();
  for (const [billno, expected] of Object.entries(scenario.ledger ?? {})) {
    const landed = ledger.orders[billno];
    const sends = landed?.attempts ?? ledger.not_landed[billno] ?? 0;
    assert.deepEqual({ debits: landed?.debits ?? 0, sends }, expected, `${scenario.name}: ledger of ${billno}`);
  }
}

test('scenarios.json', async () => {
  const gateway = await sandbox(after);
  const { scenarios } = await read('scenarios.json');
  const bad = [];
  for (const scenario of scenarios) {
    // All of them are told: one story's failure seldom says what is wrong.
    await play(gateway, filled(scenario)).catch((error) => bad.push(`${scenario.name}: ${error.message}`));
  }
  assert.deepEqual(bad, []);
  await ran('scenarios.json', scenarios.length);
});
