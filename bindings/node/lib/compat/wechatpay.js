'use strict';

// The chain that business code knows (`wxpay.v2.mmpaymkttransfers.sendredpack.post(…)`), over our client.

const { Client } = require('../client.js');
const { refused } = require('../errors.js');
const { ask } = require('./endpoints.js');
const { Transformer, toXml } = require('./transformer.js');

const wrong = (field, rule) => refused([{ field, rule, length: 0 }], 'configuration');

/** APIv3's, which this library has no use for: a constructor may keep them. */
const UNUSED = ['serial', 'privateKey', 'certs'];
const KNOWN = ['mchid', 'secret', 'merchant', 'baseURL', 'timeout', 'appid', 'redpack'];
const MERCHANT = ['cert', 'key', 'pfx', 'passphrase', 'ca'];

/** From the constructor's configuration to our settings. What is not understood is refused, not left out. */
function settings(config) {
  if (config === null || typeof config !== 'object') throw wrong('config', 'must be an object');
  for (const name of Object.keys(config)) {
    if (!KNOWN.includes(name) && !UNUSED.includes(name)) throw wrong(name, 'is no setting here');
  }
  const { mchid, secret, merchant = {}, baseURL, timeout, appid, redpack = {} } = config;
  for (const name of Object.keys(merchant ?? {})) {
    if (!MERCHANT.includes(name)) throw wrong(`merchant.${name}`, 'is no setting here');
  }
  return {
    mchId: mchid,
    // The core wants one; each request of the chain has its own, which is seen to.
    appid: appid ?? 'none',
    apiKey: secret instanceof Uint8Array ? Buffer.from(secret).toString() : secret,
    certificate: merchant.cert,
    privateKey: merchant.key,
    pkcs12: merchant.pfx,
    passphrase: merchant.passphrase,
    roots: merchant.ca,
    baseUrl: baseURL?.replace(/\/+$/, ''),
    attemptLimitMs: timeout,
    ...redpack,
  };
}

/** As the chain has always read: PascalCase to camelCase, camelCase to kebab-case, `$name$` to `{name}`. */
const normalized = (name) =>
  name
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replace(/^(\$|_)(.*)\1$/, '{$2}');

const UNDERSTOOD = ['security', 'transformResponse', 'signal', 'nonceless'];

/** The path of a call, and what else its configuration says. */
function understood(pathname, config) {
  const used = new Set(UNDERSTOOD);
  const path = pathname.replace(/\{([^}]+)\}/g, (template, name) => {
    if (!Object.hasOwn(config, name)) return template;
    used.add(name);
    return config[name];
  });
  for (const [name, value] of Object.entries(config)) {
    // A time limit or an address that is silently left out would be worse than an error.
    if (!used.has(name) && value !== undefined) throw wrong(name, 'is not understood in the configuration of a call');
  }
  const [version, ...rest] = path.split('/');
  if (version !== 'v2') throw wrong('path', 'must begin with v2: this library speaks APIv2');
  return `/${rest.join('/')}`;
}

/** Hands an answer through the caller's own functions, which expect the XML first. */
function transformed(answer, config) {
  const chain = [config.transformResponse ?? []].flat();
  if (chain.length === 0) return answer;
  const start = chain[0] === Transformer.toObject ? answer : toXml(answer);
  return chain.reduce((data, transform) => transform.call(config, data, {}, 200), start);
}

async function post(parts, pathname, data, config = {}) {
  if (data === null || typeof data !== 'object') {
    throw refused([{ field: 'data', rule: 'must be an object', length: 0 }]);
  }
  const given = config ?? {};
  const path = understood(pathname, given);
  const answer = await ask(parts, path, data, { signal: given.signal });
  return { data: transformed(answer, given), status: 200, statusText: 'OK', headers: {}, config: given, request: undefined };
}

const NO_PART = ['then', 'catch', 'finally', 'toJSON', 'constructor', 'prototype', 'inspect', 'name', 'length'];
const OTHER_METHODS = ['get', 'put', 'patch', 'delete'];

/** One link of the chain: called, it posts; read, it leads on. */
function link(parts, pathname) {
  const target = (data, config) => post(parts, pathname, data, config);
  const links = new Map();
  const follow = (name) => {
    if (!links.has(name)) links.set(name, link(parts, pathname === '' ? name : `${pathname}/${name}`));
    return links.get(name);
  };
  return new Proxy(target, {
    get(_, property) {
      // A chain is no promise, and shows nothing.
      if (typeof property === 'symbol' || NO_PART.includes(property)) return undefined;
      if (property === 'client' && pathname === '') return parts.client;
      if (property === 'chain') return (name) => follow(String(name));
      if (property === 'post') return target;
      if (OTHER_METHODS.includes(property) && pathname !== '') {
        return async () => {
          throw wrong(property, 'is no method here: APIv2 is called with POST');
        };
      }
      return follow(normalized(property));
    },
    set: () => false,
    defineProperty: () => false,
    ownKeys: () => Reflect.ownKeys(target),
  });
}

class Wechatpay {
  constructor(config = {}) {
    const client = new Client(settings(config));
    const parts = { client, internal: Client.internal(client), appid: config.appid };
    // The object is its chain, as it has always been.
    return link(parts, '');
  }
}

module.exports = { Wechatpay };
