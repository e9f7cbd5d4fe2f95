// What demo.sh shows: business code of the old SDK, one import changed, pays over mutual TLS.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const example = fileURLToPath(new URL('../examples/migrated.cjs', import.meta.url));
const dir = await mkdtemp(join(tmpdir(), 'redpack-demo-'));
const gateway = spawn(process.env.REDPACK_BIN, ['sandbox', '--json', '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  let text = '';
  const told = await new Promise((resolve, reject) => {
    gateway.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
    gateway.stdout.on('data', (part) => {
      text += part;
      if (text.trimEnd().endsWith('}')) {
        try {
          resolve(JSON.parse(text));
        } catch {
          // Not all of it yet.
        }
      }
    });
  });
  console.log("From Node: const { Wechatpay, Transformer } = require('redpack/compat')");
  console.log('  wxpay.v2.mmpaymkttransfers.sendredpack.post({ … }, { security: true, transformResponse: [Transformer.toObject] })');
  const { stdout } = await promisify(execFile)(process.execPath, [example, told.base_url, dir]);
  console.log(`  ${stdout.trim()}`);
  const { totals } = await (await fetch(`${told.control_url}/ledger`)).json();
  console.log(`  the gateway's books: ${totals.sends} send, ${totals.debits} debit`);
  if (totals.debits !== 1) process.exitCode = 1;
} finally {
  gateway.removeAllListeners('exit');
  gateway.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true });
}
