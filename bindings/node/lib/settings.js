'use strict';

// The settings of a client: types checked, unknown names refused.

const { refused } = require('./errors.js');

const isText = (value) => typeof value === 'string';
const isBytes = (value) => value instanceof Uint8Array;
const isMaterial = (value) => isText(value) || isBytes(value);
const isNatural = (value) => Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
const isFen = (value) => (Number.isSafeInteger(value) && value >= 0) || (typeof value === 'bigint' && value >= 0n);

const TEXT = [isText, 'must be text'];
const MATERIAL = [isMaterial, 'must be a path, PEM text, or bytes'];
const NATURAL = [isNatural, 'must be a whole number from 0 to 4294967295'];
const FLAG = [(value) => typeof value === 'boolean', 'must be true or false'];
const FUNCTION = [(value) => typeof value === 'function', 'must be a function'];
const THREADS = [(value) => isNatural(value) && value >= 1 && value <= 1024, 'must be a whole number from 1 to 1024'];
const CAPS = [
  (value) =>
    value !== null &&
    typeof value === 'object' &&
    Object.entries(value).every(
      ([name, fen]) => ['order', 'recipientDay', 'merchantDay'].includes(name) && (fen === undefined || isFen(fen)),
    ),
  'must have order, recipientDay and merchantDay at the most, each a number of fen',
];

const CREDENTIALS = { certificate: MATERIAL, privateKey: MATERIAL, pkcs12: MATERIAL, passphrase: TEXT };

const SETTINGS = {
  mchId: TEXT, appid: TEXT, apiKey: TEXT, ...CREDENTIALS, workwxSecret: TEXT, baseUrl: TEXT, backupUrl: TEXT,
  failover: TEXT, roots: MATERIAL, connectLimitMs: NATURAL, attemptLimitMs: NATURAL, proxy: TEXT,
  sourceAddress: TEXT, ipv4Only: FLAG, journal: TEXT, caps: CAPS, pace: NATURAL, pacedSends: FLAG, threads: THREADS,
  onAttempt: FUNCTION, onLateOutcome: FUNCTION, onLog: FUNCTION, logLevel: TEXT,
};

/** Only what is there, and only what is known: a setting that is misspelt must not be left out silently. */
function checked(given, known, required = []) {
  if (given === null || typeof given !== 'object') {
    throw refused([{ field: 'settings', rule: 'must be an object', length: 0 }], 'configuration');
  }
  const problems = [];
  const settings = {};
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const [fits, rule] = Object.hasOwn(known, field) ? known[field] : [() => false, 'is no setting'];
    if (fits(value)) settings[field] = isBytes(value) ? Buffer.from(value) : value;
    else problems.push({ field, rule, length: 0 });
  }
  for (const field of required) {
    if (!(field in settings) && !problems.some((problem) => problem.field === field)) {
      problems.push({ field, rule: 'is required', length: 0 });
    }
  }
  if (problems.length > 0) throw refused(problems, 'configuration');
  return settings;
}

const credentials = (given) => checked(given, CREDENTIALS);

/** What the addon takes, and the functions that are to be called. */
function clientSettings(given) {
  const settings = checked(given, SETTINGS, ['mchId', 'appid', 'apiKey']);
  const { onAttempt, onLateOutcome, onLog, caps = {}, logLevel, ...rest } = settings;
  const { certificate, privateKey, pkcs12, passphrase, ...plain } = rest;
  const fen = (amount) => (amount === undefined ? undefined : BigInt(amount));
  const native = {
    ...plain,
    credentials: { certificate, privateKey, pkcs12, passphrase },
    capOrder: fen(caps.order),
    capRecipientDay: fen(caps.recipientDay),
    capMerchantDay: fen(caps.merchantDay),
    toldOfAttempts: onAttempt !== undefined,
    logLevel: onLog === undefined ? 'off' : (logLevel ?? 'info'),
  };
  return { native, listeners: { onAttempt, onLateOutcome, onLog } };
}

module.exports = { clientSettings, credentials, checked, TEXT };
