// The declarations under `tsc --strict`; business code against the document's own interface; documentation complete.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as compat from '../compat.mjs';
import * as redpack from '../index.mjs';
import { businessCode, declarations } from './document.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** Runs the compiler on files in a folder of this package, where `redpack` means itself. */
async function compile(files) {
  const dir = await mkdtemp(join(PACKAGE, 'test', '.types-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
    const options = ['--strict', '--noEmit', '--noUnusedLocals', '--exactOptionalPropertyTypes', 'false', '--target', 'es2022',
      '--module', 'nodenext', '--skipLibCheck', 'false', '--types', 'node', ...Object.keys(files).filter((name) => /ts$/.test(name)).map((name) => join(dir, name))];
    return await new Promise((done) =>
      execFile(process.execPath, [join(PACKAGE, 'node_modules/typescript/bin/tsc'), ...options], (error, stdout) =>
        done(error === null ? '' : stdout || String(error))));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

test('what should type-check does, and what should not does not', async () => {
  const files = {};
  for (const name of ['usage.ts', 'usage.cts']) files[name] = await readFile(new URL(`types/${name}`, import.meta.url), 'utf8');
  // This package is CommonJS: as .mts the file is a module, and loads what `import` does.
  files['usage.mts'] = files['usage.ts'];
  delete files['usage.ts'];
  assert.equal(await compile(files), '');
});

const FIELDS = `
type Data = Parameters<Seed['v2']['mmpaymkttransfers']['sendredpack']['post']>[0];
type Security = Parameters<Seed['v2']['mmpaymkttransfers']['sendredpack']['post']>[1]['security'];
declare const data: Data;
declare const security: Security;
const { nonce_str, mch_billno, mch_id, sub_mch_id, wxappid, msgappid, send_name, re_openid, total_amount, total_num, wishing,
  client_ip, act_name, remark, scene_id, risk_info } = data;
`;

test("business code type-checks against the document's own interface", async () => {
  const virtual = await declarations();
  const code = await businessCode();
  const [required] = code.match(/^const \{ Transformer \} = require\(.*\)$/m);
  const changed = code.replace(required, "import { Transformer, Wechatpay } from 'redpack/compat'");
  const construct = "new Wechatpay({ mchid: '1', secret: 'k', merchant: { cert: 'c', key: 'k' } })";
  // Our chain in the place of the document's...
  const program = `import type { Wechatpay as Seed } from './virtual.mjs'\n${changed.split('\n')[0]}\n${FIELDS}
const wxpay: Seed = ${construct};\n${changed.slice(changed.indexOf('\n') + 1)}`;
  // ...and by itself, where what it gives has the document's types.
  const alone = program.replace('const wxpay: Seed =', 'const wxpay =').replace(/\.then\(/, '.then<Awaited<ReturnType<Seed[\'v2\'][\'mmpaymkttransfers\'][\'sendredpack\']>>[\'data\']>(');
  assert.notEqual(alone, program);
  assert.equal(await compile({ 'virtual.mts': virtual, 'business.mts': program, 'alone.mts': alone }), '');
  const wrong = program.replace('  total_amount,\n', '');
  assert.match(await compile({ 'virtual.mts': virtual, 'wrong.mts': wrong }), /total_amount/, 'the test finds mistakes');
});

test('every export is declared, and every declaration documented', async () => {
  for (const [file, exports] of [['index.d.ts', redpack], ['compat.d.ts', compat]]) {
    const text = await readFile(join(PACKAGE, file), 'utf8');
    for (const name of Object.keys(exports)) {
      const declared = name === 'default' ? 'export default' : new RegExp(`^export (class|function|namespace|const) ${name}\\b`, 'm');
      assert.ok(typeof declared === 'string' ? text.includes(declared) : declared.test(text), `${file}: ${name}`);
    }
  }
  const lines = (await readFile(join(PACKAGE, 'index.d.ts'), 'utf8')).split('\n');
  const undocumented = lines.slice(0, lines.indexOf('declare const redpack: {')).filter((line, index) => {
    // What is exported, and the members of it; parameters stand deeper, or in their function's own text.
    const [, name] = line.match(/^(?:export (?:type|interface|class|function|namespace) |  (?:readonly |static |function |const )?)(\w+)/) ?? [];
    const closing = name === undefined || /^  (path|fields|query|constructor|private)\b/.test(line);
    const overload = lines[index - 1]?.startsWith(`  ${name}(`);
    return !closing && !overload && !lines[index - 1]?.endsWith('*/') && !/^  (readonly name|packet|key|order|mchBillno|decision): /.test(line);
  });
  assert.deepEqual(undocumented, []);
});
