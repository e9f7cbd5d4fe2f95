'use strict';

// One call of the chain: the typed endpoints by the rules of a send or a query, any other path by the generic call.

const { RedpackError, refused } = require('../errors.js');
const fields = require('../fields.js');

const SENDS = { sendredpack: 'wxappid', sendminiprogramhb: 'wxappid', sendworkwxredpack: 'wxappid' };
const QUERIES = { gethbinfo: 'appid', queryworkwxredpack: 'appid' };
const FOLDER = '/mmpaymkttransfers/';

/** The typed endpoint of a path, if there is one for this call. */
function typed(path, data) {
  if (!path.startsWith(FOLDER)) return null;
  const name = path.slice(FOLDER.length);
  // A caller who signs for WeCom has no secret to give: the call goes out as it is.
  if (data.workwx_sign !== undefined && data.workwx_sign !== null) return null;
  return Object.hasOwn(SENDS, name) || Object.hasOwn(QUERIES, name) ? name : null;
}

/** What the journal has of a packet that was sent before, under the names of an answer. */
const recorded = (sent, data) => ({
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  mch_billno: sent.mch_billno,
  mch_id: data.mch_id,
  wxappid: data.wxappid,
  re_openid: data.re_openid,
  total_amount: String(sent.total_amount),
  send_listid: sent.send_listid,
});

async function send(internal, name, data, options) {
  const sent = await internal.send(fields.request(name, data, null), options);
  return sent.recorded ? recorded(sent, data) : sent.answer;
}

/** The field under which this call has the merchant number; some endpoints call it "mchid". */
const merchantField = (data) => ['mch_id', 'mchid', 'combine_mch_id'].find((name) => data[name] !== undefined);

function generic(client, path, data, options) {
  const signedAnswer = data.workwx_sign !== undefined && data.workwx_sign !== null;
  return client.call(path, data, { ...options, signType: data.sign_type, merchantField: merchantField(data), signedAnswer });
}

/** Answers with the fields that came. */
async function ask({ client, internal, appid }, path, data, options) {
  const name = typed(path, data);
  try {
    if (name === null) return await generic(client, path, data, options);
    const appidField = SENDS[name] ?? QUERIES[name];
    if (appid === undefined && !data[appidField]) {
      throw refused([{ field: appidField, rule: 'is required', length: 0 }], 'invalid_request', data.mch_billno ?? null);
    }
    if (Object.hasOwn(SENDS, name)) return await send(internal, name, data, options);
    return (await internal.query(fields.request(name, data, null), options)).answer;
  } catch (error) {
    // The service said no, and said so well: the caller reads return_code, result_code and err_code.
    if (error instanceof RedpackError && error.code === 'answer' && error.answer !== null) return error.answer;
    throw error;
  }
}

module.exports = { ask };
