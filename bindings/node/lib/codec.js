'use strict';

// The protocol alone, for those who post by their own means: encode, post it yourself, have the answer judged.

const { NativeCodec } = require('./native.js');
const { guarded, refused } = require('./errors.js');
const fields = require('./fields.js');
const { TEXT, checked } = require('./settings.js');
const shape = require('./shape.js');

const KNOWN = { mchId: TEXT, appid: TEXT, apiKey: TEXT, workwxSecret: TEXT };

/** A request as bytes. */
class Wire {
  #native;

  constructor(native) {
    this.#native = native;
    Object.assign(this, {
      path: native.path, body: native.body, nonceStr: native.nonceStr, mchBillno: native.mchBillno ?? null,
    });
    Object.freeze(this);
  }

  static nativeOf(wire) {
    if (wire === null || typeof wire !== 'object' || !(#native in wire)) {
      throw refused([{ field: 'wire', rule: 'must be what encode gave', length: 0 }]);
    }
    return wire.#native;
  }
}

class Codec {
  #native;

  constructor(settings) {
    const { mchId, appid, apiKey, workwxSecret } = checked(settings, KNOWN, ['mchId', 'appid', 'apiKey']);
    this.#native = new NativeCodec(mchId, appid, apiKey, workwxSecret);
  }

  /** Wire text, so amounts may be text here. */
  encode(endpoint, given) {
    const request = fields.request(fields.text('endpoint', endpoint), given, null);
    return new Wire(guarded(() => this.#native.encode(JSON.stringify(request))));
  }

  encodeCall(path, given, options) {
    const call = fields.call(path, given, options);
    return new Wire(guarded(() => this.#native.encodeCall(JSON.stringify(call))));
  }

  #judge(what, wire, httpStatus, body) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const status = fields.natural('httpStatus', httpStatus, 999);
    return shape.parse(guarded(() => this.#native.judge(what, Wire.nativeOf(wire), status, bytes)));
  }

  readSend(wire, httpStatus, body) {
    return shape.sendResult(this.#judge('send', wire, httpStatus, body));
  }

  readQuery(wire, httpStatus, body) {
    return shape.queryResult(this.#judge('query', wire, httpStatus, body));
  }

  readCall(wire, httpStatus, body) {
    return shape.rootOf(this.#judge('call', wire, httpStatus, body));
  }
}

module.exports = { Codec };
