// What signing and writing a request, and reading its answer, take in Node: redpack, wechatpay-axios-plugin or tenpay.
// Started by bench/compare; prints microseconds.
//
// protocol.cjs CLIENT SECONDS ANSWER_FILE

const { readFileSync } = require('node:fs');
const { secret, order, wire } = require('./order.cjs');

const [client, secondsText, answerFile] = process.argv.slice(2);
const answer = readFileSync(answerFile);
const path = '/mmpaymkttransfers/sendredpack';

const makers = {
  redpack() {
    const { Codec } = require('../index.js');
    const codec = new Codec({ mchId: '1900000109', appid: 'wx8888888888888888', apiKey: secret });
    const encoded = codec.encode('sendredpack', order);
    return { encode: () => codec.encode('sendredpack', order), answer: () => codec.readSend(encoded, 200, answer) };
  },
  // What its transformers do before axios has the body, and with what axios gives them.
  'axios-plugin'() {
    const { Transformer } = require('wechatpay-axios-plugin');
    const { request, response } = new Transformer('1900000109', secret);
    const through = (steps, context, first) => steps.reduce((data, step) => step.call(context, data, {}, 200), first);
    const text = answer.toString();
    return { encode: () => through(request, { url: path, method: 'post' }, wire), answer: () => through(response, { url: path }, text) };
  },
  // What its sendRedpack does around its HTTP client.
  tenpay() {
    const Tenpay = require('tenpay');
    const util = require('tenpay/lib/util');
    const pay = new Tenpay({ appid: 'wx8888888888888888', mchid: '1900000109', partnerKey: secret });
    const text = answer.toString();
    return {
      encode() {
        const pkg = { ...wire, nonce_str: util.generate() };
        pkg.sign = pay._getSign(pkg, pkg.sign_type);
        return util.buildXML(pkg);
      },
      answer: () => pay._parse(text, 'sendredpack'),
    };
  },
};

/** Of processor time: whatever else the machine does is not in it. */
async function microseconds(work, seconds) {
  const start = process.cpuUsage();
  const used = () => {
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  let times = 0;
  while (used() < seconds * 1e6) {
    for (let n = 0; n < 100; n += 1) {
      const done = work();
      if (done instanceof Promise) await done;
    }
    times += 100;
  }
  return used() / times;
}

(async () => {
  const { encode, answer: read } = makers[client]();
  for (const warm of [encode, read]) await microseconds(warm, 0.2);
  const seconds = Number(secondsText);
  console.log(JSON.stringify({ encode: await microseconds(encode, seconds), answer: await microseconds(read, seconds) }));
})();
