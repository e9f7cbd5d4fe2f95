'use strict';

// From the core's JSON to what a caller is given: wire fields under their wire names, ours in camelCase, times as
// Date.

const { when } = require('./errors.js');

const exact = (key, value) =>
  value !== null && typeof value === 'object' && typeof value.$bigint === 'string' ? BigInt(value.$bigint) : value;

/** Amounts beyond JavaScript's exact numbers come as BigInt. */
const parse = (text) => (text.includes('"$bigint"') ? JSON.parse(text, exact) : JSON.parse(text));

/**
 * An answer's fields as they came, without the blanks round each. The object becomes the caller's: it was just parsed,
 * and its fields are its own, `__proto__` too, so that setting one changes nothing else.
 */
function fieldsOf(told) {
  if (typeof told === 'string') return told.trim();
  if (Array.isArray(told)) return told.map(fieldsOf);
  for (const name of Object.keys(told)) told[name] = fieldsOf(told[name]);
  return told;
}

/** The root of an answer without fields reads as text. */
const rootOf = (told) => (typeof told === 'object' ? fieldsOf(told) : {});

const RESPONSE = ['return_code', 'return_msg', 'result_code', 'err_code', 'err_code_des', 'mch_billno', 'mch_id',
  'wxappid', 're_openid', 'total_amount', 'send_listid'];

function sendResult(told) {
  const answer = rootOf(told.answer);
  const result = { outcome: 'sent', advice: 'none', recorded: told.recorded };
  for (const name of RESPONSE) result[name] = answer[name] || null;
  result.mch_billno = told.mch_billno;
  result.total_amount = told.total_amount;
  result.send_listid = told.send_listid;
  result.send_time = when(told.send_time);
  result.package = told.package;
  result.answer = answer;
  return result;
}

function queryResult(told) {
  const order = told.order && {
    ...told.order,
    send_time: when(told.order.send_time),
    refund_time: when(told.order.refund_time),
    receivers: told.order.receivers.map((one) => ({ ...one, rcv_time: when(one.rcv_time) })),
  };
  return {
    mch_billno: told.mch_billno,
    found: order !== null,
    status: order?.status ?? null,
    outcome: told.outcome,
    advice: told.advice,
    scope: told.scope,
    notBefore: when(told.not_before),
    order,
    answer: rootOf(told.answer),
  };
}

/** An order as the journal has it. */
function order(told) {
  return {
    mch_id: told.mch_id,
    mch_billno: told.mch_billno,
    intent: told.intent,
    kind: told.kind,
    sub_mch_id: told.sub_mch_id,
    wxappid: told.wxappid,
    re_openid: told.re_openid,
    total_amount: told.total_amount,
    total_num: told.total_num,
    consume_mch_id: told.consume_mch_id,
    fields: told.fields,
    state: told.state,
    ambiguous: told.ambiguous,
    failed: told.failed,
    mayAttempt: told.may_attempt,
    suspect: told.suspect,
    attempts: told.attempts,
    reached: told.reached,
    queries: told.queries,
    createdAt: when(told.created_at),
    updatedAt: when(told.updated_at),
    firstAttemptAt: when(told.first_attempt_at),
    queriedAt: when(told.queried_at),
    notBefore: when(told.not_before),
    advice: told.advice,
    scope: told.scope,
    errCode: told.err_code,
    send_listid: told.send_listid,
    queryStatus: told.query_status,
    seq: told.seq,
  };
}

const settlement = (told) => ({
  settled: told.settled,
  outcome: told.outcome,
  advice: told.advice,
  scope: told.scope,
  lookAgain: when(told.look_again),
  attempts: told.attempts,
  queries: told.queries,
  hosts: told.hosts,
  trouble: told.trouble,
  order: order(told.order),
});

function recovered(told) {
  const settlements = told.settlements.map(settlement);
  return {
    settlements,
    open: settlements.filter((one) => !one.settled).length,
    waiting: told.waiting,
    nextDue: when(told.next_due),
  };
}

const reconciled = (told) => ({
  asked: told.asked,
  failed: told.failed,
  received: told.received.map(order),
  unclaimed: told.unclaimed.map(order),
  refunded: told.refunded.map(order),
  contradicting: told.contradicting.map(order),
});

const check = (told) => ({
  mchId: told.mch_id,
  baseUrl: told.base_url,
  backupUrl: told.backup_url,
  certificate: {
    commonName: told.certificate.common_name,
    serialNumber: told.certificate.serial_number,
    notBefore: when(told.certificate.not_before),
    notAfter: when(told.certificate.not_after),
  },
  daysLeft: told.days_left,
  findings: told.findings,
});

const attempt = (told) => ({
  number: told.number,
  host: told.host,
  beganAt: when(told.began_at),
  finishedAt: when(told.finished_at),
  outcome: told.outcome,
  advice: told.advice,
  errCode: told.err_code,
  httpStatus: told.http_status,
  phase: told.phase,
  elapsedMs: told.elapsed_ms,
});

const decision = (told) => ({ evidence: told.evidence, who: told.who, why: told.why, at: when(told.at) });

const event = (told) => ({
  path: told.path,
  mchBillno: told.mch_billno,
  host: told.host,
  phase: told.phase,
  connectionReused: told.connection_reused,
  elapsedMs: told.elapsed_ms,
  outcome: told.outcome,
  code: told.code,
  errCode: told.err_code,
  httpStatus: told.http_status,
});

module.exports = { parse, fieldsOf, rootOf, sendResult, queryResult, order, settlement, recovered, reconciled, check,
  attempt, decision, event };
