'use strict';

// The one error of this library. What it says, the core decided.

const native = require('./native.js');

const when = (text) => (text === null || text === undefined ? null : new Date(text));

/** For openids' sake these are there to be read, and in no log line by themselves. */
const QUIET = ['answer', 'order', 'body', 'errCodeDes'];

class RedpackError extends Error {
  constructor(told, cause) {
    super(told.message, cause === undefined ? undefined : { cause });
    this.code = told.kind;
    this.outcome = told.outcome;
    this.advice = told.advice;
    this.scope = told.scope;
    this.notBefore = when(told.not_before);
    this.errCode = told.err_code ?? null;
    this.mchBillno = told.mch_billno ?? null;
    this.httpStatus = told.http_status ?? null;
    this.attempts = told.attempts ?? 0;
    this.attemptOutcome = told.attempt_outcome ?? told.outcome;
    this.problems = told.problems ?? [];
    this.credentialFault = told.credential_fault ?? null;
    const { fieldsOf, order } = require('./shape.js');
    const quiet = {
      answer: told.answer ? fieldsOf(told.answer) : null,
      order: told.order ? order(told.order) : null,
      body: told.body ?? null,
      errCodeDes: told.err_code_des ?? null,
    };
    for (const name of QUIET) Object.defineProperty(this, name, { value: quiet[name], configurable: true });
  }

  toJSON() {
    return { name: this.name, message: this.message, ...this };
  }
}
Object.defineProperty(RedpackError.prototype, 'name', { value: 'RedpackError', configurable: true });

/** Makes the error of an exception that the addon threw. */
function fromNative(thrown) {
  if (!(thrown instanceof Error) || !thrown.message.startsWith('{')) return thrown;
  return new RedpackError(JSON.parse(thrown.message));
}

/** Runs a function of the addon; what it throws becomes a RedpackError. */
function guarded(call) {
  try {
    return call();
  } catch (thrown) {
    throw fromNative(thrown);
  }
}

/**
 * The error of arguments that break rules of JavaScript's types: nothing was sent, all problems at once. Of a query it
 * says nothing of the order.
 */
function refused(problems, kind = 'invalid_request', mchBillno = null, asks = false) {
  const message = problems.map(({ field, rule }) => `${field} ${rule}`).join('; ');
  const verdict = JSON.parse(native.kindVerdict(kind));
  if (asks) verdict.outcome = 'unknown';
  const line = `${verdict.outcome} (${verdict.advice}): ${message}`;
  return new RedpackError({ ...verdict, kind, problems, message: line, mch_billno: mchBillno });
}

const isRedpackError = (error) => error instanceof RedpackError;
const hasOutcome = (error, ...outcomes) => isRedpackError(error) && outcomes.includes(error.outcome);
const hasAdvice = (error, ...advices) => isRedpackError(error) && advices.includes(error.advice);

/** Whether money may have moved, or may move yet: the order number must be kept. */
const mayBePaid = (error) => hasOutcome(error, 'unknown', 'pending', 'sent');

module.exports = { RedpackError, fromNative, guarded, refused, isRedpackError, hasOutcome, hasAdvice, mayBePaid, when };
