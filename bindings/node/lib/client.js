'use strict';

const { NativeClient } = require('./native.js');
const { makeCalls } = require('./calls.js');
const { RedpackError, guarded, refused } = require('./errors.js');
const fields = require('./fields.js');
const { Journal } = require('./journal.js');
const { clientSettings, credentials } = require('./settings.js');
const shape = require('./shape.js');

const SENDS = ['sendredpack', 'sendminiprogramhb', 'sendworkwxredpack'];

/** A query by the order number alone. */
const numbered = (query) => (typeof query === 'string' ? { mch_billno: query } : query);

/** The endpoint of a settlement. */
function sendEndpoint(name = 'sendredpack') {
  if (SENDS.includes(name)) return name;
  throw refused([{ field: 'endpoint', rule: `is none of ${SENDS.join(', ')}`, length: 0 }]);
}

function isSignal(signal) {
  if (signal === undefined || signal === null || signal instanceof AbortSignal) return signal ?? undefined;
  throw refused([{ field: 'signal', rule: 'must be an AbortSignal', length: 0 }]);
}

const OPENED_LATER = Symbol('opened later');

class Client {
  #native;
  #calls;
  #mchId;

  constructor(settings, later) {
    const { native, listeners } = clientSettings(settings);
    this.#calls = makeCalls(listeners);
    this.#native = guarded(() => new NativeClient(native, this.#calls.deliver));
    this.#mchId = native.mchId;
    if (later !== OPENED_LATER) guarded(() => this.#native.open());
    const journal = native.journal === undefined ? null : new Journal((asked) => this.#ask('journal', { journal: asked }));
    Object.defineProperty(this, 'journal', { value: journal });
  }

  static async open(settings) {
    const client = new Client(settings, OPENED_LATER);
    await client.#ask('open');
    return client;
  }

  /** For redpack/compat, whose amounts may be text: requests that are made already. */
  static internal(client) {
    return {
      send: (request, options) => client.#send(request, options),
      query: (request, options) => client.#query(request, options),
    };
  }

  get mchId() {
    return this.#mchId;
  }

  // Async, so that an error's stack leads to the caller.
  async #ask(name, asked = null, { signal: given } = {}) {
    const signal = isSignal(given);
    const text = JSON.stringify({ [name]: asked });
    if (signal?.aborted) throw new RedpackError(JSON.parse(NativeClient.neverAsked(text)), signal.reason);
    const start = (id) => this.#native.ask(id, text, signal !== undefined);
    return this.#told(start, signal, numberOf(asked));
  }

  async #told(start, signal, mchBillno) {
    const { done, text, cause } = await this.#calls.begin(this.#native, start, signal, mchBillno);
    if (done) return shape.parse(text);
    throw new RedpackError(shape.parse(text), cause);
  }

  async send(order, options) {
    return this.#send(fields.request('sendredpack', order), options);
  }

  async sendMiniProgram(order, options) {
    return this.#send(fields.request('sendminiprogramhb', order), options);
  }

  async sendWorkwx(order, options) {
    return this.#send(fields.request('sendworkwxredpack', order), options);
  }

  async #send(request, options) {
    return shape.sendResult(await this.#ask('send', { request }, options));
  }

  async query(query, options) {
    return this.#query(fields.request('gethbinfo', numbered(query)), options);
  }

  async queryWorkwx(query, options) {
    return this.#query(fields.request('queryworkwxredpack', numbered(query)), options);
  }

  async #query(request, options) {
    return shape.queryResult(await this.#ask('query', { request }, options));
  }

  async call(path, given, options = {}) {
    const call = fields.call(path, given, options);
    return shape.rootOf(await this.#ask('call', { call }, options));
  }

  async settle(order, { endpoint, limitMs = 60_000, ...options } = {}) {
    const request = fields.request(sendEndpoint(endpoint), order);
    const limit = fields.natural('limitMs', limitMs);
    return shape.settlement(await this.#ask('settle', { request, limit_ms: limit }, options));
  }

  async amend(order, { endpoint, ...options } = {}) {
    const request = fields.request(sendEndpoint(endpoint), order);
    return shape.settlement(await this.#ask('amend', { request }, options));
  }

  async settleNumber(mchBillno, { limitMs = 60_000, ...options } = {}) {
    const number = fields.text('mch_billno', mchBillno);
    const limit = fields.natural('limitMs', limitMs);
    return shape.settlement(await this.#ask('settle_number', { mch_billno: number, limit_ms: limit }, options));
  }

  async close(mchBillno, options) {
    return shape.settlement(await this.#ask('close', { mch_billno: fields.text('mch_billno', mchBillno) }, options));
  }

  async resolve(mchBillno, decision, options) {
    const { evidence, sendListid, who, why } = decision ?? {};
    const asked = {
      mch_billno: fields.text('mch_billno', mchBillno),
      evidence: fields.text('evidence', evidence),
      send_listid: fields.maybeText('sendListid', sendListid),
      who: fields.text('who', who),
      why: fields.text('why', why),
    };
    return shape.settlement(await this.#ask('resolve', asked, options));
  }

  async recover({ limitMs = 60_000, ...options } = {}) {
    const limit = fields.natural('limitMs', limitMs);
    return shape.recovered(await this.#ask('recover', { limit_ms: limit }, options));
  }

  async reconcile({ limitMs = 60_000, ...options } = {}) {
    const limit = fields.natural('limitMs', limitMs);
    return shape.reconciled(await this.#ask('reconcile', { limit_ms: limit }, options));
  }

  async check() {
    return shape.check(await this.#ask('check'));
  }

  async replaceCredentials(given) {
    const material = credentials(given);
    await this.#told((id) => guarded(() => this.#native.replaceCredentials(id, material)));
  }

  async replaceApiKey(apiKey) {
    const key = fields.text('apiKey', apiKey);
    await this.#told((id) => this.#native.replaceApiKey(id, key));
  }

  /** No key is ever shown. */
  toJSON() {
    return { mchId: this.#mchId };
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Client { mchId: '${this.#mchId}' }`;
  }
}

/** The order that a call is about, for its late outcome. */
const numberOf = (asked) =>
  asked?.mch_billno ?? fields.numberIn(asked?.request?.fields ?? asked?.call?.fields ?? []);

module.exports = { Client };
