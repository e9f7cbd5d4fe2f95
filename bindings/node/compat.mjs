import compat from './compat.js';

export const { Wechatpay, Transformer } = compat;
export default compat;
