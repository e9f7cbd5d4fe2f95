// Business code for wechatpay-axios-plugin, after the change: the import, and the constructor's certificates.
// Run: node migrated.cjs [GATEWAY [FOLDER]], against `redpack sandbox --listen 127.0.0.1:8443 --dir try`.

const { readFileSync } = require('node:fs');
const { Wechatpay, Transformer } = require('redpack/compat');

const [gateway = 'https://127.0.0.1:8443', folder = 'try'] = process.argv.slice(2);

const wxpay = new Wechatpay({
  mchid: '1900000109',
  secret: 'sandbox0key0sandbox0key0sandbox0',
  merchant: {
    cert: readFileSync(`${folder}/apiclient_cert.pem`),
    key: readFileSync(`${folder}/apiclient_key.pem`),
    ca: readFileSync(`${folder}/ca.pem`), // leave these two lines out for WeChat Pay itself
  },
  baseURL: gateway,
});

wxpay.v2.mmpaymkttransfers.sendredpack.post({
  mch_billno: `1900000109${Date.now()}`,
  mch_id: '1900000109',
  wxappid: 'wx8888888888888888',
  send_name: '天虹百货',
  re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
  total_amount: 100,
  total_num: 1,
  wishing: '元宵节快乐',
  client_ip: '127.0.0.1',
  act_name: '猜灯谜',
  remark: '快来抢',
}, { security: true, transformResponse: [Transformer.toObject], })
.then(({ data: { return_code, result_code, err_code, send_listid } }) => {
  console.log(return_code, result_code, err_code, send_listid);
})
.catch((error) => console.log(`${error.outcome}, next: ${error.advice}: ${error.message}`));
