// redpack beside wechatpay-axios-plugin (as documented, and with a keep-alive agent of the caller's own) and tenpay: the
// same sends in the same run to the same server, nginx with a required client certificate and a fixed answer.
//
// Run: npm ci in this folder, ../build.sh, then: node bench.mjs [ROUNDS]. Needs nginx and openssl.
// Each client runs in a process of its own, round by round; of the rounds the fastest counts. A busy machine shows.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLIENTS = ['redpack', 'redpack/compat', 'axios-plugin', 'axios-plugin + keep-alive', 'tenpay'];
const AT_ONCE = [1, 8, 64];
const rounds = Number(process.argv[2] ?? 3);
const dir = mkdtempSync(join(tmpdir(), 'redpack-bench-'));
const at = (name) => join(dir, name);
const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });

function certificates() {
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=bench');
  writeFileSync(at('san'), 'subjectAltName=IP:127.0.0.1');
  for (const [name, cn, extra] of [['server', '127.0.0.1', ['-extfile', 'san']], ['client', '1900000109', ['-extfile', 'san']]]) {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${cn}`);
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-out', `${name}.pem`, ...extra);
  }
  openssl('pkcs12', '-export', '-in', 'client.pem', '-inkey', 'client.key', '-passout', 'pass:1900000109', '-out', 'client.p12');
}

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

const FIELDS = { return_code: 'SUCCESS', return_msg: 'OK', result_code: 'SUCCESS', err_code: 'SUCCESS', err_code_des: 'OK', mch_billno: '19000001092611240000000001', mch_id: '1900000109', wxappid: 'wx8888888888888888', re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E', total_amount: '100', send_listid: '100000000020261124341368877162' };

async function gateway() {
  const port = await freePort();
  const body = `<xml>${Object.entries(FIELDS).map(([name, text]) => `<${name}><![CDATA[${text}]]></${name}>`).join('')}</xml>`;
  writeFileSync(at('nginx.conf'), `
daemon off; pid ${at('pid')}; error_log ${at('error.log')}; worker_processes 1;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000; client_body_temp_path ${at('body')};
  server {
    listen 127.0.0.1:${port} ssl; ssl_certificate ${at('server.pem')}; ssl_certificate_key ${at('server.key')};
    ssl_client_certificate ${at('ca.pem')}; ssl_verify_client on; ssl_session_cache shared:s:1m;
    location / { default_type text/xml; return 200 '${body}'; }
  }
}`);
  const nginx = spawn('nginx', ['-c', at('nginx.conf'), '-p', dir], { stdio: 'inherit' });
  await new Promise((resume) => setTimeout(resume, 500));
  return { nginx, url: `https://127.0.0.1:${port}` };
}

function measure(client, atOnce, url) {
  return new Promise((done, failed) => {
    const program = fileURLToPath(new URL('one.cjs', import.meta.url));
    // Node's own clients learn whom to trust from the environment; ours is told.
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: at('ca.pem') };
    const child = spawn(process.execPath, [program, client, String(atOnce), url, dir], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.once('exit', (code) => (code === 0 ? done(JSON.parse(text)) : failed(new Error(`${client} ended with ${code}`))));
  });
}

certificates();
const { nginx, url } = await gateway();
const best = new Map();
try {
  for (let round = 0; round < rounds; round += 1) {
    for (const atOnce of AT_ONCE) {
      for (const client of CLIENTS) {
        const told = await measure(client, atOnce, url);
        const key = `${client} ${atOnce}`;
        const former = best.get(key);
        best.set(key, {
          perSecond: Math.max(told.perSecond, former?.perSecond ?? 0),
          cpuPerThousand: Math.min(told.cpuPerThousand, former?.cpuPerThousand ?? Infinity),
          peakMb: Math.max(told.peakMb, former?.peakMb ?? 0),
          firstMs: Math.min(told.firstMs, former?.firstMs ?? Infinity),
        });
      }
    }
  }
} finally {
  nginx.kill('SIGTERM');
  rmSync(dir, { recursive: true, force: true });
}

console.log(`| client | sends/s at ${AT_ONCE.join(' / ')} | CPU s per 1,000 at ${AT_ONCE.join(' / ')} | peak MB | start to first answer, ms |`);
console.log('|---|---|---|---|---|');
const row = (client, pick) => AT_ONCE.map((atOnce) => pick(best.get(`${client} ${atOnce}`)));
for (const client of CLIENTS) {
  const speed = row(client, ({ perSecond }) => Math.round(perSecond)).join(' / ');
  const cpu = row(client, ({ cpuPerThousand }) => cpuPerThousand.toFixed(3)).join(' / ');
  const peak = Math.round(Math.max(...row(client, ({ peakMb }) => peakMb)));
  const first = Math.round(Math.min(...row(client, ({ firstMs }) => firstMs)));
  console.log(`| ${client} | ${speed} | ${cpu} | ${peak} | ${first} |`);
}
const others = CLIENTS.filter((client) => !client.startsWith('redpack'));
for (const [index, atOnce] of AT_ONCE.entries()) {
  const speed = Math.max(...others.map((client) => row(client, ({ perSecond }) => perSecond)[index]));
  const cpu = Math.min(...others.map((client) => row(client, ({ cpuPerThousand }) => cpuPerThousand)[index]));
  const ours = best.get(`redpack ${atOnce}`);
  console.log(`at ${atOnce}: ${(ours.perSecond / speed).toFixed(1)} times the sends of the best other, ${(ours.cpuPerThousand / cpu).toFixed(2)} of its CPU`);
}
