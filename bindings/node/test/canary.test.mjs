// The canaries: every scenario of tests/canary/scenarios.json. See tests/canary/README.md.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import redpack, { Client, RedpackError } from '../index.mjs';
import { number } from './sandbox.mjs';
import { served } from './served.mjs';

const inspected = (one) => inspect(one, { depth: Infinity, showHidden: false, maxArrayLength: null }) + inspect(one);

/** Everything that one sees of an object who isn't looking for what is in it. */
const seen = (one) => `${inspected(one)} ${JSON.stringify(one)} ${String(one)} ${one?.stack ?? ''} ${Object.values(one ?? {}).map(inspected)}`;

function filled(text, values) {
  return ['journal_password', 'openid', 'api_key', 'another_openid'].reduce((made, name) => made.replaceAll(`{${name}}`, values[name]), text);
}

function credentials(kind, dir, values) {
  const file = (name) => join(dir, name);
  const pem = (key, certificate = 'apiclient_cert.pem') => ({ certificate: readFileSync(file(certificate)), privateKey: readFileSync(file(key), 'utf8') });
  const p12 = (passphrase, pkcs12 = file('apiclient_cert.p12')) => ({ pkcs12, passphrase });
  switch (kind) {
    case 'pem_files': return { certificate: file('apiclient_cert.pem'), privateKey: file('apiclient_key.pem') };
    case 'pem_bytes': return pem('apiclient_key.pem');
    case 'pkcs12_file': return p12(values.passphrase);
    case 'pkcs12_bytes': return p12(values.passphrase, readFileSync(file('apiclient_cert.p12')));
    case 'wrong_passphrase': return p12(`${values.passphrase}?`);
    case 'damaged_pkcs12': return p12(values.passphrase, readFileSync(file('damaged.p12')));
    case 'key_as_certificate': return pem('apiclient_key.pem', 'apiclient_key.pem');
    case 'unreadable': return { certificate: file('apiclient_cert.pem'), privateKey: file('none/apiclient_key.pem') };
    default: return pem(`${kind}.pem`);
  }
}

const KEYS = { long: (key) => `${key}!`, blank: (key) => key.replace('~', ' ') };

async function replace(client, what, dir, values) {
  if (what === 'long_api_key') return client.replaceApiKey(`${values.api_key}!`);
  if (what !== 'api_key') return client.replaceCredentials(credentials(what === 'credentials' ? 'pem_bytes' : what, dir, values));
  await client.replaceApiKey(values.another_api_key);
  return client.replaceApiKey(values.api_key);
}

function call(client, { do: what, fields = {} }, values) {
  const changed = Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, filled(text, values)]));
  const order = {
    mch_billno: number(), re_openid: values.openid, total_amount: 100, send_name: '天虹百货', act_name: values.act_name,
    wishing: '元宵节快乐', remark: '快来抢', ...changed,
  };
  if (what === 'query') return client.query(order.mch_billno);
  if (what === 'call') return client.call('/some/path', { ...order, total_amount: '100' });
  return client.send(order);
}

/** What comes out of a scenario: `shown` to anybody, `results` to who asked for them. */
async function play(scenario, told, values, journal) {
  const { client: given, name } = scenario;
  const out = { shown: '', results: '', kind: null };
  const settings = Object.fromEntries(Object.entries(given.settings ?? {}).map(([key, text]) => [key === 'base_url' ? 'baseUrl' : key, filled(text, values)]));
  try {
    const client = await Client.open({
      mchId: '1900000109',
      appid: 'wx8888888888888888',
      apiKey: (KEYS[given.api_key] ?? ((key) => key))(values.api_key),
      workwxSecret: values.workwx_secret,
      roots: join(told.dir, given.roots ?? 'ca.pem'),
      baseUrl: told.urls[name],
      journal: given.journal ? `sqlite:${journal}` : undefined,
      logLevel: 'debug',
      onLog: (line) => { out.shown += inspected(line); },
      onAttempt: ({ path, host }) => {
        out.shown += path + host;
        if (given.hook === 'fails') throw new Error("the hook's own defect");
      },
      ...credentials(given.credentials, told.dir, values),
      ...settings,
    });
    const codec = new redpack.Codec({ mchId: '1900000109', appid: 'wx1', apiKey: values.api_key, workwxSecret: values.workwx_secret });
    out.shown += [client, codec, await client.check(), client.journal].map(seen).join(' ');
    if (given.replace) await replace(client, given.replace, told.dir, values);
    out.results += JSON.stringify(await call(client, given, values));
  } catch (error) {
    if (!(error instanceof RedpackError)) throw error;
    out.kind = error.code;
    out.shown += seen(error) + inspected({ error }) + inspected(new Error('outer', { cause: error }));
  }
  // The lines of the log come by the event loop.
  await new Promise((resume) => setImmediate(resume));
  for (const end of ['', '-wal', '-shm']) {
    if (existsSync(journal + end)) out.results += readFileSync(journal + end, 'latin1');
  }
  return out;
}

test('nothing that comes out holds a canary', async () => {
  const warnings = [];
  const warned = (warning) => warnings.push(seen(warning));
  process.on('warning', warned);
  const list = fileURLToPath(new URL('../../../tests/canary/scenarios.json', import.meta.url));
  const { cases } = JSON.parse(await readFile(list, 'utf8'));
  const { told } = await served('REDPACK_CANARY', after);
  const canaries = JSON.parse(await readFile(join(told.dir, 'canaries.json'), 'utf8'));
  const needles = canaries.needles.map(({ what, hex, openid }) => ({ what, bytes: Buffer.from(hex, 'hex'), openid }));
  const found = (text, encoding, openids) => {
    const bytes = Buffer.from(text, encoding);
    return needles.filter((needle) => (openids || !needle.openid) && bytes.includes(needle.bytes)).map(({ what }) => what);
  };
  const bad = [];
  for (const { what, bytes } of needles) {
    if (!found(`x${bytes.toString('latin1')}y`, 'latin1', true).includes(what)) bad.push(`${what} is not found where it is`);
  }
  for (const [index, scenario] of cases.entries()) {
    const out = await play(scenario, told, canaries.values, join(told.dir, `journal-${index}`));
    if (out.kind !== scenario.expect) bad.push(`${scenario.name}: ${out.kind} instead of ${scenario.expect}: ${out.shown}`);
    for (const what of found(out.shown, 'utf8', true)) bad.push(`${scenario.name}: ${what} in ${out.shown}`);
    for (const what of found(out.results, 'latin1', false)) bad.push(`${scenario.name}: ${what} in a result`);
  }
  process.off('warning', warned);
  for (const what of found(warnings.join(' '), 'utf8', true)) bad.push(`a warning: ${what}`);
  assert.deepEqual(bad, []);
  // A warning for each hook that fails.
  assert.equal(warnings.length, cases.filter((one) => one.client.hook === 'fails').length);
  console.log(`canaries: ${cases.length} scenarios`);
  assert.equal(cases.length, Object.keys(told.urls).length);
});
