// The examples run, type-check, and say what they should.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sandbox } from './sandbox.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const gateway = await sandbox(after);

const example = async (name) => {
  const { stdout } = await run(process.execPath, [join(PACKAGE, 'examples', name), gateway.told.base_url, gateway.dir]);
  return stdout.trim().split('\n');
};

test('walkthrough.mjs', async () => {
  const walked = [
    'recovered: 0, still open: 0', 'sent: yes', 'the answer is lost: unknown, next: query_first', 'settled: paid, once',
    'invoice 8: sent, attempts now: 1', 'invoice 8: sent, attempts now: 0', 'query: SENT, next: none',
  ];
  assert.deepEqual(await example('walkthrough.mjs'), walked);
  assert.equal((await gateway.ledger()).totals.debits, 3);
});

test('send.mjs', async () => {
  const [line, ...more] = await example('send.mjs');
  assert.match(line, /^sent: \d+$/);
  assert.deepEqual(more, []);
});

test('migrated.cjs', async () => {
  const [line, ...more] = await example('migrated.cjs');
  assert.match(line, /^SUCCESS SUCCESS SUCCESS \d+$/);
  assert.deepEqual(more, []);
});

test('all of them run here, and type-check under --strict', async () => {
  const files = await readdir(join(PACKAGE, 'examples'));
  assert.deepEqual(files.sort(), ['migrated.cjs', 'send.mjs', 'walkthrough.mjs']);
  const tsc = join(PACKAGE, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--noEmit', '--allowJs', '--checkJs', '--target', 'es2022', '--module', 'nodenext', '--types', 'node'];
  const { stdout } = await run(process.execPath, [tsc, ...options, ...files.map((file) => join(PACKAGE, 'examples', file))])
    .catch((error) => error);
  assert.equal(stdout, '');
});

test('the READMEs show them as they are', async () => {
  const text = await readFile(join(PACKAGE, 'examples/send.mjs'), 'utf8');
  for (const file of ['README.md', 'README.zh-CN.md']) {
    const readme = await readFile(join(PACKAGE, file), 'utf8');
    const [, shown] = readme.match(/<!-- examples\/send\.mjs -->\n```js\n([\s\S]*?)```/);
    assert.equal(shown, text.slice(text.indexOf('import')), file);
  }
});
