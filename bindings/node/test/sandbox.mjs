// A sandbox of a test's own: a gateway over real TLS on loopback, ended with the test.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, protocol } from '../index.mjs';

const binary = () => {
  const path = process.env.REDPACK_BIN;
  if (!path) throw new Error('REDPACK_BIN must name the built `redpack`: run bindings/node/test.sh');
  return path;
};

/** A folder that is removed after the test (a hook of node:test). */
export async function folder(after) {
  const dir = await mkdtemp(join(tmpdir(), 'redpack-node-'));
  after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** @param after `after` of node:test: what is to be done at the end */
export async function sandbox(after) {
  const dir = await folder(after);
  const child = spawn(binary(), ['sandbox', '--json', '--dir', dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  after(async () => {
    child.ref();
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await new Promise((end) => child.once('exit', end));
  });
  const told = await new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}: ${text}`)));
    child.stdout.on('data', (part) => {
      text += part;
      try {
        resolve(JSON.parse(text));
      } catch {
        // Not all of it yet.
      }
    });
  });
  // Node 18 calls the hooks of a whole file once nothing else keeps the process alive.
  child.unref();
  child.stdout.unref();
  return new Sandbox(told, dir);
}

export class Sandbox {
  constructor(told, dir) {
    this.told = told;
    this.dir = dir;
  }

  settings(more = {}) {
    return {
      mchId: '1900000109',
      appid: 'wx8888888888888888',
      apiKey: 'sandbox0key0sandbox0key0sandbox0',
      certificate: join(this.dir, 'apiclient_cert.pem'),
      privateKey: join(this.dir, 'apiclient_key.pem'),
      workwxSecret: 'sandbox0workwx0secret0sandbox000',
      baseUrl: this.told.base_url,
      roots: join(this.dir, 'ca.pem'),
      ...more,
    };
  }

  client(more) {
    return new Client(this.settings(more));
  }

  async control(method, path, body) {
    const answer = await fetch(this.told.control_url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${told.error}`);
    return told;
  }

  ledger() {
    return this.control('GET', '/ledger');
  }

  async debits(mchBillno) {
    return (await this.ledger()).orders[mchBillno]?.debits ?? 0;
  }
}

export const number = () => protocol.newMchBillno('1900000109');

export const TEXTS = { act_name: '猜灯谜', wishing: '元宵节快乐', remark: '快来抢' };

export const order = (mchBillno, more = {}) => ({
  mch_billno: mchBillno,
  re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
  total_amount: 100,
  send_name: '天虹百货',
  ...TEXTS,
  ...more,
});

/** Waits until it is so; fails after a long time. */
export async function until(what, isSo, limitMs = 20_000) {
  const end = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
