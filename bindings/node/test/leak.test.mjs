// Nothing grows with the number of calls. REDPACK_LEAK=full makes a million local operations and 50,000 sends.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sandbox } from './sandbox.mjs';

const full = process.env.REDPACK_LEAK === 'full';
const [operations, sends] = full ? [1_000_000, 50_000] : [60_000, 2_000];
// What threads and their allocator take at first; a short run sees more of it.
const most = full ? 24 : 48;
const run = promisify(execFile);
const gateway = await sandbox(after);

/** Megabytes that a program grew by, and the handles that it left open. */
async function growth(code, settings) {
  const library = fileURLToPath(new URL('../index.js', import.meta.url));
  const program = `
    const redpack = require(${JSON.stringify(library)});
    const settings = ${JSON.stringify(settings)};
    const handles = () => process.getActiveResourcesInfo().filter((name) => !/TTY|Pipe|Immediate|Timeout/.test(name)).length;
    const megabytes = () => { gc(); gc(); return process.memoryUsage().rss / 1048576; };
    (async () => {
      ${code}
      const began = handles();
      await work(0.3);
      const before = megabytes();
      await work(1);
      const grown = megabytes() - before;
      console.log(JSON.stringify({ grown, left: handles() - began }));
    })();`;
  const { stdout } = await run(process.execPath, ['--expose-gc', '-e', program], { timeout: 1_200_000 });
  return JSON.parse(stdout);
}

const few = ({ grown, left }, what) => {
  console.log(`${what}: grew by ${grown.toFixed(1)} MB, ${left} handles left`);
  assert.ok(grown < most, `${what}: grew by ${grown} MB`);
  assert.equal(left, 0, what);
};

test(`${operations} local operations`, async () => {
  few(await growth(`
    const codec = new redpack.Codec({ mchId: '1900000109', appid: 'wx1', apiKey: 'x'.repeat(32) });
    const fields = { mch_billno: 'n1', re_openid: 'o1', total_amount: 100, send_name: 'x', act_name: 'x', wishing: 'x', remark: 'x' };
    const work = async (share) => {
      for (let left = ${operations} * share; left > 0; left -= 10) {
        for (let time = 0; time < 3; time += 1) redpack.protocol.sign(fields, 'key');
        for (let time = 0; time < 3; time += 1) redpack.protocol.newMchBillno('1900000109');
        const wire = codec.encode('sendredpack', fields);
        try { codec.readSend(wire, 200, '<xml><return_code>FAIL</return_code></xml>'); } catch {}
        redpack.protocol.xmlRead(wire.body);
        try { codec.encode('sendredpack', {}); } catch {}
        if (left % 10_000 === 0) await new Promise(setImmediate);
      }
    };`, {}), `${operations} local operations`);
});

test(`${sends} sends`, async () => {
  few(await growth(`
    const client = new redpack.Client(settings);
    const order = () => ({ mch_billno: redpack.protocol.newMchBillno('1900000109'), re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
      total_amount: 100, send_name: 'x', act_name: 'x', wishing: 'x', remark: 'x' });
    const work = async (share) => {
      let left = ${sends} * share;
      await Promise.all(Array.from({ length: 32 }, async () => {
        while ((left -= 1) >= 0) await client.send(order(), { signal: new AbortController().signal }).catch(() => {});
      }));
    };`, gateway.settings()), `${sends} sends`);
});

test('clients that are forgotten are collected, with their threads and connections', async () => {
  few(await growth(`
    const order = () => ({ mch_billno: redpack.protocol.newMchBillno('1900000109'), re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
      total_amount: 100, send_name: 'x', act_name: 'x', wishing: 'x', remark: 'x' });
    const work = async (share) => {
      for (let left = ${full ? 1000 : 100} * share; left > 0; left -= 1) {
        await new redpack.Client(settings).send(order());
        if (left % 10 < 1) { gc(); await new Promise(setImmediate); }
      }
      await new Promise((resume) => setTimeout(resume, 500));
    };`, gateway.settings()), 'clients');
});
