// One red packet. Run: node send.mjs [GATEWAY [FOLDER]], against `redpack sandbox --listen 127.0.0.1:8443 --dir try`.

import { Client, isRedpackError, protocol } from 'redpack';

const [gateway = 'https://127.0.0.1:8443', folder = 'try'] = process.argv.slice(2);

const client = new Client({
  mchId: '1900000109',
  appid: 'wx8888888888888888',
  apiKey: 'sandbox0key0sandbox0key0sandbox0',
  certificate: `${folder}/apiclient_cert.pem`,
  privateKey: `${folder}/apiclient_key.pem`,
  baseUrl: gateway, // leave these two lines out for WeChat Pay itself
  roots: `${folder}/ca.pem`,
});

const mch_billno = protocol.newMchBillno('1900000109'); // store it before you send: a retry re-uses it
try {
  const sent = await client.send({
    mch_billno,
    re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E',
    total_amount: 100, // fen
    send_name: '天虹百货',
    act_name: '猜灯谜',
    wishing: '元宵节快乐',
    remark: '快来抢',
  });
  console.log('sent:', sent.send_listid);
} catch (error) {
  if (!isRedpackError(error)) throw error;
  console.log(`${error.outcome}, next: ${error.advice}: ${error.message}`);
}
