//! Closing an order, and an operator's decision about one.

use super::attempt::settled;
use super::{ATTEMPT_HORIZON, FIRST_RECONCILIATION, elapsed, go, overdue, refuse, uncount};
use crate::journal::input::Evidence;
use crate::journal::order::Decision;
use crate::journal::reply::Refusal;
use crate::journal::state::State;
use crate::journal::store::{Decided, Seen, Write};
use crate::journal::transitions::Cause;
use crate::outcome::Advice;

/// The promise that the order is never attempted again.
pub(crate) fn close(seen: &Seen) -> Decided {
    let Some(order) = &seen.order else { return Decided::Refuse(Refusal::NotPrepared) };
    if order.state == State::Closed {
        return Decided::Keep(Box::new(order.clone()));
    }
    let (mut order, changed) = overdue(order, seen);
    if let Some(settled) = settled(&order) {
        return refuse(order, changed, settled);
    }
    if let Some(wait) = seen.holder_left {
        return refuse(order, changed, |order| Refusal::InFlight { order, wait });
    }
    if order.suspect {
        return refuse(order, changed, Refusal::QueryFirst);
    }
    if order.ambiguous {
        return refuse(order, changed, Refusal::Ambiguous);
    }
    if let Err(refusal) = go(&mut order, Cause::Close, State::Closed) {
        return Decided::Refuse(refusal);
    }
    order.may_attempt = false;
    order.holder = None;
    order.not_before = None;
    order.advice = Some(Advice::NewOrderAllowed.as_str().into());
    let spend = uncount(&mut order);
    Decided::Write(Box::new(Write { spend, ..Write::new(order).guarded() }))
}

/// An operator's decision, recorded with who and why.
pub(crate) fn resolve(seen: &Seen, evidence: &Evidence, who: &str, why: &str) -> Decided {
    for (field, text) in [("who", who), ("why", why)] {
        if text.trim().is_empty() || text.contains('\0') {
            return Decided::Refuse(Refusal::Invalid { field: field.into(), rule: "must be given" });
        }
    }
    let Some(order) = &seen.order else { return Decided::Refuse(Refusal::NotPrepared) };
    let (mut order, changed) = overdue(order, seen);
    if let Some(wait) = seen.holder_left {
        return refuse(order, changed, |order| Refusal::InFlight { order, wait });
    }
    let before = order.state;
    let to = match evidence {
        Evidence::Paid { .. } => State::Sent,
        Evidence::Refunded => State::Refunded,
        Evidence::NotPaid => State::Closed,
    };
    // Before the service itself closes such orders, nobody can know that it won't pay.
    let early =
        before != State::Manual && elapsed(&order, seen).is_none_or(|elapsed| elapsed < ATTEMPT_HORIZON);
    if matches!(evidence, Evidence::NotPaid) && early {
        return refuse(order, changed, Refusal::Ambiguous);
    }
    if order.state == to {
        return Decided::Keep(Box::new(order));
    }
    if let Err(refusal) = go(&mut order, Cause::Resolve, to) {
        return Decided::Refuse(refusal);
    }
    order.ambiguous = false;
    order.ambiguous_host = None;
    order.failed = false;
    order.suspect = false;
    order.may_attempt = false;
    order.holder = None;
    order.not_before = (to == State::Sent).then(|| seen.now.after(FIRST_RECONCILIATION));
    let advice = if to == State::Closed { Advice::NewOrderAllowed } else { Advice::None };
    order.advice = Some(advice.as_str().into());
    if let Evidence::Paid { send_listid: Some(number) } = evidence {
        order.send_listid = Some(number.clone());
    }
    let spend = if to == State::Closed { uncount(&mut order) } else { None };
    let decision = Decision {
        at: seen.now,
        who: who.to_owned(),
        why: why.to_owned(),
        evidence: evidence.as_str().to_owned(),
        state_before: before.as_str().to_owned(),
    };
    Decided::Write(Box::new(Write { spend, decision: Some(decision), ..Write::new(order).guarded() }))
}
