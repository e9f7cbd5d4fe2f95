'use strict';

const { Transformer } = require('./lib/compat/transformer.js');
const { Wechatpay } = require('./lib/compat/wechatpay.js');

module.exports = { Wechatpay, Transformer };
