'use strict';

// The protocol's pure functions: no network, no credentials.

const native = require('./native.js');
const { guarded, refused } = require('./errors.js');
const { pairs, text } = require('./fields.js');

const list = (fields) => JSON.stringify(pairs(fields));

const sign = (fields, key, signType = 'MD5') =>
  guarded(() => native.sign(list(fields), text('key', key), text('signType', signType)));

const verify = (fields, key, signature) =>
  guarded(() => native.verify(list(fields), text('key', key), text('signature', signature)));

const canonical = (fields) => guarded(() => native.canonical(list(fields)));

const workwxSign = (fields, secret) => guarded(() => native.workwxSign(list(fields), text('secret', secret)));

const bizRedPacket = ({ appId, timeStamp, nonceStr, package: raw }, key) =>
  guarded(() =>
    native.bizRedPacket(
      text('appId', appId), text('timeStamp', timeStamp), text('nonceStr', nonceStr), text('package', raw), text('key', key),
    ),
  );

const xmlWrite = (fields) => guarded(() => native.xmlWrite(list(fields)));

const bytes = (body) => (typeof body === 'string' ? Buffer.from(body) : body);

function xmlRead(xml) {
  if (typeof xml !== 'string' && !(xml instanceof Uint8Array)) {
    throw refused([{ field: 'xml', rule: 'must be text or bytes', length: 0 }]);
  }
  return JSON.parse(guarded(() => native.xmlRead(bytes(xml))));
}

const riskInfo = ({ posttime = '', mobile = '', deviceid = '', clientversion = '' } = {}) =>
  native.riskInfo(
    String(posttime), text('mobile', mobile), text('deviceid', deviceid), text('clientversion', clientversion),
  );

const maskOpenid = (openid) => native.maskOpenid(text('openid', openid));

const newMchBillno = (mchId) => guarded(() => native.newMchBillno(text('mchId', mchId)));

function fenFromYuan(yuan) {
  const fen = guarded(() => native.fenFromYuan(text('yuan', yuan)));
  return Number.isSafeInteger(Number(fen)) ? Number(fen) : BigInt(fen);
}

function fenToYuan(fen) {
  if (!Number.isSafeInteger(fen) && typeof fen !== 'bigint') {
    throw refused([{ field: 'fen', rule: 'must be a safe integer or a BigInt', length: 0 }]);
  }
  return guarded(() => native.fenToYuan(String(fen)));
}

const kinds = () => JSON.parse(native.kinds());
const codes = () => JSON.parse(native.codes());

/** What a kind of error, or a code of the service, says of a send. */
function classify({ code, errCode }) {
  const verdict = JSON.parse(
    code === undefined ? native.verdictOfCode(errCode ?? null) : native.kindVerdict(text('code', code)),
  );
  if (verdict === null) throw refused([{ field: 'code', rule: 'is no kind of error', length: code.length }]);
  return verdict;
}

module.exports = { sign, verify, canonical, workwxSign, bizRedPacket, xmlWrite, xmlRead, riskInfo, maskOpenid,
  newMchBillno, fenFromYuan, fenToYuan, kinds, codes, classify, version: native.version() };
