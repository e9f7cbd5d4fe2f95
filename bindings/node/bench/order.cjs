// The one order that everybody sends: as redpack wants it, and as the wire's fields for SDKs that complete nothing.

const secret = 'sandbox0key0sandbox0key0sandbox0';
const texts = { send_name: '天虹百货', act_name: '猜灯谜抢红包活动', wishing: '感谢您参加猜灯谜活动', remark: '猜越多得越多，快来抢！' };
const order = { mch_billno: '19000001092611240000000001', re_openid: 'oxTWIuGaIt6gTKsQRLau2M0yL16E', total_amount: 100, ...texts };
const wire = { ...order, mch_id: '1900000109', wxappid: 'wx8888888888888888', total_num: 1, client_ip: '127.0.0.1' };

module.exports = { secret, order, wire };
