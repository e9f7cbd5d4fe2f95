//! Attempts: who may begin one, and what its end means for the order.

use std::time::Duration;

use super::{ATTEMPT_HORIZON, FIRST_RECONCILIATION, LEAST_INTERVAL, elapsed, go, overdue, refuse, uncount};
use crate::fen::Fen;
use crate::journal::input::{AttemptEnd, Begin, Caps};
use crate::journal::moment::millis;
use crate::journal::order::{Holder, Order, Purpose};
use crate::journal::reply::Refusal;
use crate::journal::state::State;
use crate::journal::store::{AttemptWrite, Decided, Seen, Spend, Write};
use crate::journal::transitions::Cause;
use crate::outcome::{Advice, Outcome};

/// Whether an attempt may begin now; if so, the row that says so.
pub(crate) fn begin(seen: &Seen, input: &Begin) -> Decided {
    let Some(order) = &seen.order else { return Decided::Refuse(Refusal::NotPrepared) };
    let (mut order, changed) = overdue(order, seen);
    if let Some(refusal) = refusal(&order, seen, input) {
        return refuse(order, changed, refusal);
    }
    let spend = match count(&mut order, seen, input.caps) {
        Ok(spend) => spend,
        Err(refusal) => return Decided::Refuse(refusal),
    };
    order.state_before = Some(order.state);
    order.ambiguous_before = order.ambiguous;
    order.host_before.clone_from(&order.ambiguous_host);
    if let Err(refusal) = go(&mut order, Cause::Begin, State::Sending) {
        return Decided::Refuse(refusal);
    }
    // From here on a crash leaves the worst case in the row.
    order.ambiguous = true;
    order.ambiguous_host = Some(input.host.clone());
    order.attempts = order.attempts.saturating_add(1);
    if order.first_attempt_at.is_none() {
        order.first_attempt_at = Some(seen.now);
        order.first_boot.clone_from(&seen.boot);
    }
    order.fence = seen.fence;
    order.holder = Some(holder(seen, Purpose::Attempt, input.lease));
    let attempt = AttemptWrite::Begin { fence: seen.fence, number: order.attempts, host: input.host.clone() };
    Decided::Write(Box::new(Write { attempt: Some(attempt), spend, ..Write::new(order).guarded() }))
}

pub(super) fn holder(seen: &Seen, purpose: Purpose, lease: Duration) -> Holder {
    Holder {
        owner: seen.owner.clone(),
        purpose,
        until: seen.lease_now.saturating_add(millis(lease)),
        boot: seen.boot.as_ref().map(|(boot, _)| boot.clone()).unwrap_or_default(),
    }
}

type Because = Box<dyn FnOnce(Box<Order>) -> Refusal>;

fn refusal(order: &Order, seen: &Seen, input: &Begin) -> Option<Because> {
    if let Some(settled) = settled(order) {
        return Some(settled);
    }
    if let Some(wait) = seen.holder_left {
        return Some(Box::new(move |order| Refusal::InFlight { order, wait }));
    }
    if order.failed {
        return Some(Box::new(Refusal::Failed));
    }
    // The attempt may leave as late as its lease ends: that must be within the horizon, too.
    let first = order.first_attempt_at.is_some();
    if first && elapsed(order, seen).is_none_or(|elapsed| elapsed + input.lease >= ATTEMPT_HORIZON) {
        return Some(Box::new(Refusal::HorizonPassed));
    }
    if order.suspect || !order.may_attempt {
        return Some(Box::new(Refusal::QueryFirst));
    }
    if let Some(wait) = wait(order, seen) {
        return Some(Box::new(move |order| Refusal::NotYetDue { order, wait }));
    }
    match &order.ambiguous_host {
        Some(host) if order.ambiguous && !input.any_host && *host != input.host => {
            let host = host.clone();
            return Some(Box::new(move |order| Refusal::OtherHost { order, host }));
        }
        _ => {}
    }
    let pause = seen.pause.clone()?;
    Some(Box::new(move |_| Refusal::Paused(pause)))
}

/// States from which nothing is attempted any more.
pub(super) fn settled(order: &Order) -> Option<Because> {
    match order.state {
        State::Closed => Some(Box::new(Refusal::Closed)),
        State::Manual => Some(Box::new(Refusal::Manual)),
        state if state.is_settled() => Some(Box::new(Refusal::Settled)),
        _ => None,
    }
}

/// How long until `not_before`.
pub(super) fn wait(order: &Order, seen: &Seen) -> Option<Duration> {
    let wait = order.not_before?.since(seen.now);
    (!wait.is_zero()).then_some(wait)
}

/// Counts the order's amount under today, once, if every cap allows it.
fn count(order: &mut Order, seen: &Seen, caps: Caps) -> Result<Option<Spend>, Refusal> {
    let fen = order.identity.total_amount;
    if caps.order.is_some_and(|Fen(most)| fen > most) {
        return Err(Refusal::CapReached { cap: "order", spent: Fen(0) });
    }
    if caps == Caps::default() || order.counted_day.is_some() {
        return Ok(None);
    }
    let (recipient, merchant) = seen.spent;
    let over = |cap: Option<Fen>, spent: u64| cap.is_some_and(|Fen(most)| spent.saturating_add(fen) > most);
    if over(caps.recipient_day, recipient) {
        return Err(Refusal::CapReached { cap: "recipient_day", spent: Fen(recipient) });
    }
    if over(caps.merchant_day, merchant) {
        return Err(Refusal::CapReached { cap: "merchant_day", spent: Fen(merchant) });
    }
    let day = seen.now.beijing_day();
    order.counted_day = Some(day.clone());
    let fen = i64::try_from(fen).unwrap_or(i64::MAX);
    Ok(Some(Spend { day, openid: order.identity.re_openid.clone(), fen }))
}

/// What the end of the attempt begun under `fence` means.
pub(crate) fn finish(seen: &Seen, fence: i64, end: &AttemptEnd) -> Decided {
    let Some(order) = &seen.order else { return Decided::Refuse(Refusal::NotPrepared) };
    match &seen.attempt {
        None => return Decided::Refuse(Refusal::NotPrepared),
        // Told twice, by a caller who could not know that the first time had worked.
        Some(attempt) if attempt.finished_at.is_some() => return Decided::Keep(Box::new(order.clone())),
        Some(_) => {}
    }
    let late = order.fence != fence || order.state != State::Sending;
    let mut order = order.clone();
    let spend = match if late { end_late(&mut order, end) } else { end_in_time(&mut order, seen, end) } {
        Ok(spend) => spend,
        Err(refusal) => return Decided::Refuse(refusal),
    };
    let attempt = AttemptWrite::End { fence, end: end.clone(), late };
    Decided::Write(Box::new(Write { attempt: Some(attempt), spend, ..Write::new(order) }))
}

/// The order is in other hands, or was found abandoned. Only `sent` speaks for it: that stays true.
fn end_late(order: &mut Order, end: &AttemptEnd) -> Result<Option<Spend>, Refusal> {
    if end.outcome != Outcome::Sent || order.state == State::Sending || order.outcome() == Outcome::Sent {
        return Ok(None);
    }
    let to = if order.state == State::Closed { State::Manual } else { State::Sent };
    go(order, Cause::Sent, to)?;
    if to == State::Sent {
        order.ambiguous = false;
        order.advice = Some(Advice::None.as_str().into());
    } else {
        order.advice = Some(Advice::AskOperator.as_str().into());
    }
    order.failed = false;
    order.may_attempt = false;
    order.suspect = false;
    if end.send_listid.is_some() {
        order.send_listid.clone_from(&end.send_listid);
    }
    Ok(None)
}

fn end_in_time(order: &mut Order, seen: &Seen, end: &AttemptEnd) -> Result<Option<Spend>, Refusal> {
    let before = order.state_before.take().unwrap_or(State::Unknown);
    let was_ambiguous = order.ambiguous_before;
    let host_before = order.host_before.take();
    order.holder = None;
    order.advice = Some(end.advice.as_str().into());
    order.scope = Some(end.scope.as_str().into());
    order.err_code.clone_from(&end.err_code);
    if end.send_listid.is_some() {
        order.send_listid.clone_from(&end.send_listid);
    }
    order.not_before = end.wait.map(|wait| seen.now.after(wait));
    order.may_attempt = matches!(end.advice, Advice::RetrySameOrder | Advice::FixOrder | Advice::FixSetup);
    if end.outcome == Outcome::NotSent {
        go(order, Cause::NotSent, before)?;
        order.ambiguous = was_ambiguous;
        order.ambiguous_host = host_before;
        // What never left is no reason to ask first.
        order.may_attempt = true;
        if order.reached == 0 {
            order.first_attempt_at = None;
            order.first_boot = None;
            return Ok(uncount(order));
        }
        return Ok(None);
    }
    order.reached = order.reached.saturating_add(1);
    let soonest = seen.now.after(LEAST_INTERVAL);
    order.not_before = Some(order.not_before.map_or(soonest, |given| given.max(soonest)));
    let held = if before == State::Pending { State::Pending } else { State::Unknown };
    match end.outcome {
        Outcome::Sent => {
            go(order, Cause::Sent, State::Sent)?;
            order.ambiguous = false;
            order.ambiguous_host = None;
            order.may_attempt = false;
            let wait = end.wait.unwrap_or(FIRST_RECONCILIATION);
            order.not_before = Some(seen.now.after(wait));
        }
        // No later answer clears an ambiguous attempt.
        Outcome::Rejected if was_ambiguous => {
            go(order, Cause::Rejected, held)?;
            order.ambiguous_host = host_before.or(order.ambiguous_host.take());
        }
        Outcome::Rejected => {
            go(order, Cause::Rejected, State::Rejected)?;
            order.ambiguous = false;
            order.ambiguous_host = None;
        }
        Outcome::Pending if was_ambiguous => go(order, Cause::Pending, held)?,
        Outcome::Pending => go(order, Cause::Pending, State::Pending)?,
        Outcome::Unknown | Outcome::NotSent => go(order, Cause::Unknown, State::Unknown)?,
    }
    Ok(None)
}
