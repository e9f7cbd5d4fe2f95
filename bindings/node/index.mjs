import redpack from './index.js';

export const { Client, Codec, RedpackError, isRedpackError, hasOutcome, hasAdvice, mayBePaid, protocol } = redpack;
export default redpack;
