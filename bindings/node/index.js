'use strict';

const { Client } = require('./lib/client.js');
const { Codec } = require('./lib/codec.js');
const { RedpackError, isRedpackError, hasOutcome, hasAdvice, mayBePaid } = require('./lib/errors.js');
const protocol = require('./lib/protocol.js');

module.exports = { Client, Codec, RedpackError, isRedpackError, hasOutcome, hasAdvice, mayBePaid, protocol };
