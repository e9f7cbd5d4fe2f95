// CommonJS: `require`, under --strict. Never run.

import redpack = require('redpack');
import compat = require('redpack/compat');

const client = new redpack.Client({ mchId: '1', appid: 'wx1', apiKey: 'k', pkcs12: 'apiclient_cert.p12' });
const wxpay = new compat.Wechatpay({ mchid: '1', secret: 'k', merchant: { pfx: 'apiclient_cert.p12' } });
const told: Promise<redpack.QueryResult> = client.query('x');

void [told, wxpay.v2.pay.refund.post({ x: 1 }), wxpay.client.mchId];
