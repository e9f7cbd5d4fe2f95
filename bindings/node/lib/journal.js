'use strict';

const { refused } = require('./errors.js');
const { maybeText, natural, text } = require('./fields.js');
const { attempt, decision, order } = require('./shape.js');

const number = (mchBillno) => text('mch_billno', mchBillno);

class Journal {
  #ask;

  constructor(ask) {
    this.#ask = ask;
  }

  async order(mchBillno) {
    const told = await this.#ask({ op: 'order', mch_billno: number(mchBillno) });
    return told && order(told);
  }

  async orderOfIntent(intent) {
    const told = await this.#ask({ op: 'order_of_intent', intent: text('intent', intent) });
    return told && order(told);
  }

  async attempts(mchBillno) {
    return (await this.#ask({ op: 'attempts', mch_billno: number(mchBillno) })).map(attempt);
  }

  async decisions(mchBillno) {
    return (await this.#ask({ op: 'decisions', mch_billno: number(mchBillno) })).map(decision);
  }

  async list({ state, after = 0, limit = 100 } = {}) {
    const asked = {
      op: 'list',
      state: maybeText('state', state),
      after: natural('after', after),
      limit: natural('limit', limit, 0xffff_ffff),
    };
    return (await this.#ask(asked)).map(order);
  }

  async pause(reason, { lengthMs = 0 } = {}) {
    await this.#ask({ op: 'pause', reason: text('reason', reason), length_ms: natural('lengthMs', lengthMs) });
  }

  async resume() {
    await this.#ask({ op: 'resume' });
  }

  async paused() {
    return this.#ask({ op: 'paused' });
  }

  async spentToday(reOpenid) {
    return this.#ask({ op: 'spent_today', re_openid: maybeText('re_openid', reOpenid) });
  }

  async suspected() {
    return this.#ask({ op: 'suspected' });
  }

  async acceptRestore(decision) {
    if (decision === null || typeof decision !== 'object') {
      throw refused([{ field: 'decision', rule: 'must be an object', length: 0 }]);
    }
    await this.#ask({ op: 'accept_restore', who: text('who', decision.who), why: text('why', decision.why) });
  }
}

module.exports = { Journal };
