'use strict';

// From an object of fields to the names and texts that the core takes. Values are the core's to judge; here it is only
// seen to that JavaScript's own types lose nothing on the way.

const { refused } = require('./errors.js');

/** Half of a character, which no UTF-8 has. */
const LONE = /\p{Surrogate}/u;

/** What is wrong with a value, or null. Fen are numbers: text would hide a unit or a decimal point. */
function trouble(name, value, fen) {
  switch (typeof value) {
    case 'bigint':
      return null;
    case 'number':
      return Number.isSafeInteger(value) ? null : 'must be a safe integer or a BigInt';
    case 'string':
      if (fen === name) return 'must be a number of fen: a safe integer or a BigInt, never text';
      return LONE.test(value) ? 'is not well-formed Unicode' : null;
    default:
      return 'must be text, a safe integer or a BigInt';
  }
}

/** Names and texts; undefined and null are no value. */
function pairs(fields, fen, asks = false) {
  if (fields === null || typeof fields !== 'object') {
    throw refused([{ field: 'fields', rule: 'must be an object', length: 0 }]);
  }
  const list = [];
  const problems = [];
  for (const field of Object.keys(fields)) {
    const value = fields[field];
    if (value === undefined || value === null) continue;
    const rule = trouble(field, value, fen);
    if (rule === null) list.push([field, String(value)]);
    else problems.push({ field, rule, length: 0 });
  }
  if (problems.length > 0) throw refused(problems, 'invalid_request', numberIn(list), asks);
  return list;
}

/** The order number among names and texts. */
const numberIn = (list) => list.find(([name]) => name === 'mch_billno')?.[1] ?? null;

/** A text that must be there. */
function text(field, value) {
  if (typeof value !== 'string') throw refused([{ field, rule: 'must be text', length: 0 }]);
  if (LONE.test(value)) throw refused([{ field, rule: 'is not well-formed Unicode', length: 0 }]);
  return value;
}

/** A text that may be left out. */
const maybeText = (field, value) => (value === undefined || value === null ? null : text(field, value));

/** A whole number from 0 on. */
function natural(field, value, most = Number.MAX_SAFE_INTEGER) {
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  throw refused([{ field, rule: `must be a whole number from 0 to ${most}`, length: 0 }]);
}

/** A request to a typed endpoint: its fields, and the caller's own name of the payment. */
function request(endpoint, given, fen = 'total_amount') {
  if (given === null || typeof given !== 'object') {
    throw refused([{ field: 'order', rule: 'must be an object', length: 0 }]);
  }
  const { intent, ...fields } = given;
  const asks = endpoint === 'gethbinfo' || endpoint === 'queryworkwxredpack';
  return { endpoint, fields: pairs(fields, fen, asks), intent: maybeText('intent', intent) };
}

/** A generic call. */
function call(path, fields, { signType, merchantField, signedAnswer } = {}) {
  return {
    path: text('path', path),
    fields: Array.isArray(fields) ? fields.map(([name, value]) => [text('name', name), text(name, value)]) : pairs(fields),
    sign_type: maybeText('signType', signType),
    merchant_field: maybeText('merchantField', merchantField),
    signed_answer: signedAnswer === undefined ? null : Boolean(signedAnswer),
  };
}

module.exports = { pairs, numberIn, text, maybeText, natural, request, call };
