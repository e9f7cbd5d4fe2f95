// Sends from Node: redpack, redpack/compat, wechatpay-axios-plugin (as documented, and with a keep-alive agent of the
// caller's own) or tenpay. Started by bench/compare, after `npm ci` in this folder and ../build.sh.
//
// send.cjs CLIENT AT_ONCE SECONDS URL FOLDER

const [client, atOnceText, secondsText, url, dir] = process.argv.slice(2);
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { secret, order, wire } = require('./order.cjs');

const atOnce = Number(atOnceText);
const at = (name) => join(dir, name);

function plugin(agent) {
  const { Wechatpay, Transformer } = require('wechatpay-axios-plugin');
  const merchant = { cert: readFileSync(at('client.pem')), key: readFileSync(at('client.key')) };
  const wxpay = new Wechatpay({
    mchid: '1900000109', secret, serial: '0', privateKey: merchant.key, certs: { none: '' }, merchant, baseURL: url,
  });
  const transformResponse = [Transformer.toObject];
  // As documented, `security` makes a new agent for each call; the caller's own is kept.
  const config = agent ? { httpsAgent: new (require('node:https').Agent)({ ...merchant, keepAlive: true }), transformResponse } : { security: true, transformResponse };
  return () => wxpay.v2.mmpaymkttransfers.sendredpack.post(wire, config).then(({ data }) => data.result_code);
}

const makers = {
  redpack() {
    const { Client } = require('../index.js');
    const own = new Client({
      mchId: '1900000109', appid: 'wx8888888888888888', apiKey: secret, baseUrl: url, roots: at('ca.pem'),
      certificate: at('client.pem'), privateKey: at('client.key'),
    });
    return () => own.send(order).then(({ result_code }) => result_code);
  },
  'redpack/compat'() {
    const { Wechatpay, Transformer } = require('../compat.js');
    const merchant = { cert: readFileSync(at('client.pem')), key: readFileSync(at('client.key')), ca: at('ca.pem') };
    const wxpay = new Wechatpay({ mchid: '1900000109', secret, merchant, baseURL: url });
    const config = { security: true, transformResponse: [Transformer.toObject] };
    return () => wxpay.v2.mmpaymkttransfers.sendredpack.post(wire, config).then(({ data }) => data.result_code);
  },
  'axios-plugin': () => plugin(false),
  'axios-plugin + keep-alive': () => plugin(true),
  tenpay() {
    const Tenpay = require('tenpay');
    const pay = new Tenpay({ appid: 'wx8888888888888888', mchid: '1900000109', partnerKey: secret, pfx: readFileSync(at('client.p12')) });
    for (const name of Object.keys(pay.urls)) pay.urls[name] = url + new URL(pay.urls[name]).pathname;
    return () => pay.sendRedpack({ ...order }).then(({ result_code }) => result_code);
  },
};

(async () => {
  const send = makers[client]();
  const sent = async () => {
    const code = await send();
    if (code !== 'SUCCESS') throw new Error(`${client}: ${code}`);
  };
  await sent();
  console.log('first');
  let count = 0;
  let ready = 0;
  let stop = false;
  const crew = Array.from({ length: atOnce }, async () => {
    await sent();
    ready += 1;
    while (!stop) {
      await sent();
      count += 1;
    }
  });
  const sleep = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));
  // Everybody has had an answer before anything is counted.
  while (ready < atOnce) await sleep(1);
  await sleep(400);
  const [before, cpu, start] = [count, process.cpuUsage(), performance.now()];
  await sleep(Number(secondsText) * 1000);
  const [sends, used, seconds] = [count - before, process.cpuUsage(cpu), (performance.now() - start) / 1000];
  stop = true;
  await Promise.all(crew);
  console.log(JSON.stringify({ sends, seconds, cpu: (used.user + used.system) / 1e6 }));
  process.exit(0);
})();
