'use strict';

// The calls of one client that are under way: the promise of each, and who is told of the rest.

const { RedpackError } = require('./errors.js');
const { event, parse } = require('./shape.js');

// What the addon tells (src/hub.rs).
const [RESOLVED, , ATTEMPT, LOG] = [0, 1, 2, 3];

/** A listener's own mistake must not reach the money: it is told as a warning. */
function tell(listener, value) {
  try {
    const answer = listener(value);
    // An async listener's mistake, too.
    if (typeof answer?.then === 'function') answer.then(undefined, (error) => process.emitWarning(error));
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

/**
 * Returns `deliver`, which the addon calls on the event loop, and `ask`. `deliver` is held by the addon as long as the
 * client lives: nothing that it reaches may reach the client, or neither would ever be collected. Calls under way do.
 */
function makeCalls(listeners) {
  const pending = new Map();
  let last = 0;

  function settle(id) {
    const call = pending.get(id);
    pending.delete(id);
    if (pending.size === 0 && call !== undefined) call.native.hold(false);
    return call;
  }

  function deliver(what, id, text) {
    if (what === ATTEMPT) return tell(listeners.onAttempt, event(JSON.parse(text)));
    if (what === LOG) return tell(listeners.onLog, JSON.parse(text));
    settle(id)?.told(what === RESOLVED, text);
  }

  /**
   * Makes a call. `start` hands it to the addon under its number; `about` is what the call is, for a signal that has
   * fired before it could be.
   */
  function begin(native, start, signal, mchBillno) {
    const id = (last = (last + 1) >>> 0);
    return new Promise((resolve) => {
      const call = { native, told: undefined };
      call.told = (done, text) => {
        signal?.removeEventListener('abort', giveUp);
        resolve({ done, text });
      };
      function giveUp() {
        const givenUp = native.giveUp(id);
        if (givenUp === null) return;
        call.told = (done, text) => {
          if (listeners.onLateOutcome !== undefined) tell(listeners.onLateOutcome, late(mchBillno, done, text));
        };
        if (!givenUp.late) settle(id);
        resolve({ done: false, text: givenUp.error, cause: signal.reason });
      }
      if (pending.size === 0) native.hold(true);
      pending.set(id, call);
      try {
        start(id);
      } catch (error) {
        settle(id);
        throw error;
      }
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  return { deliver, begin };
}

/** What became of a call whose caller had gone. */
const late = (mchBillno, done, text) => ({
  mchBillno,
  outcome: done ? (parse(text)?.outcome ?? 'sent') : JSON.parse(text).outcome,
  error: done ? null : new RedpackError(parse(text)),
});

module.exports = { makeCalls };
