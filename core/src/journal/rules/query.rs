//! Queries: under the same lease as attempts, and the only thing that clears an ambiguous attempt.

use super::attempt::{holder, wait};
use super::{FIRST_RECONCILIATION, go, overdue, refuse, uncount};
use crate::answer::OrderStatus;
use crate::journal::input::{BeginQuery, QueryEnd, Told};
use crate::journal::order::{Order, Purpose};
use crate::journal::reply::Refusal;
use crate::journal::state::State;
use crate::journal::store::{Decided, Seen, Spend, Write};
use crate::journal::transitions::Cause;
use crate::outcome::{Advice, Outcome};
use crate::secret::code_told_by_service;

/// Whether a query may begin now. Any order may be asked about that nobody works on.
pub(crate) fn begin_query(seen: &Seen, input: BeginQuery) -> Decided {
    let Some(order) = &seen.order else { return Decided::Refuse(Refusal::NotPrepared) };
    let (mut order, changed) = overdue(order, seen);
    if let Some(wait) = seen.holder_left {
        return refuse(order, changed, |order| Refusal::InFlight { order, wait });
    }
    if let Some(wait) = wait(&order, seen).filter(|_| !input.early) {
        return refuse(order, changed, move |order| Refusal::NotYetDue { order, wait });
    }
    order.fence = seen.fence;
    order.holder = Some(holder(seen, Purpose::Query, input.lease));
    Decided::Write(Box::new(Write::new(order)))
}

/// What a query's end means for the order.
pub(crate) fn finish_query(seen: &Seen, fence: i64, end: &QueryEnd) -> Decided {
    let Some(order) = &seen.order else { return Decided::Refuse(Refusal::NotPrepared) };
    let ours =
        order.fence == fence && order.holder.as_ref().is_some_and(|holder| holder.purpose == Purpose::Query);
    if !ours {
        // An attempt may have begun since: what was true before it says nothing now.
        return Decided::Keep(Box::new(order.clone()));
    }
    let mut order = order.clone();
    order.holder = None;
    order.not_before = end.wait.map(|wait| seen.now.after(wait));
    if end.send_listid.is_some() {
        order.send_listid.clone_from(&end.send_listid);
    }
    if end.told != Told::Nothing {
        order.queries = order.queries.saturating_add(1);
        order.queried_at = Some(seen.now);
    }
    let spend = match told(&mut order, &end.told, seen) {
        Ok(spend) => spend,
        Err(refusal) => return Decided::Refuse(refusal),
    };
    if order.state == State::Sent && order.not_before.is_none() {
        order.not_before = Some(seen.now.after(FIRST_RECONCILIATION));
    }
    Decided::Write(Box::new(Write { spend, ..Write::new(order) }))
}

/// While the journal is an old copy that nobody has accepted yet, the order may have been closed in the part
/// that was lost, and its payment made under another number; what the service doesn't hold, or holds unpaid, is
/// then no reason to attempt it. Only a terminal status is true for ever.
fn told(order: &mut Order, told: &Told, seen: &Seen) -> Result<Option<Spend>, Refusal> {
    let restored = seen.restore.is_some();
    let (status, reason) = match told {
        Told::Nothing => return Ok(None),
        Told::NotFound | Told::Refused(_) => {
            if let Told::Refused(code) = told {
                order.err_code = Some(code.clone());
            } else if !restored {
                order.suspect = false;
            }
            permit_attempt(order);
            return Ok(None);
        }
        Told::Status(status, reason) => (status, *reason),
    };
    order.query_status = Some(code_told_by_service(status.as_str()).into_owned());
    match status {
        // What nobody has seen says nothing of the order.
        OrderStatus::Other(_) => permit_attempt(order),
        OrderStatus::Sending => sending(order, reason)?,
        OrderStatus::Failed => return failed(order, seen.resolved),
        OrderStatus::Sent => sent(order, Cause::QuerySent, State::Sent)?,
        OrderStatus::Received => sent(order, Cause::QueryReceived, State::Received)?,
        OrderStatus::Refunding => sent(order, Cause::QueryRefunding, State::Refunding)?,
        OrderStatus::Refunded => sent(order, Cause::QueryRefunded, State::Refunded)?,
    }
    let terminal = order.outcome() == Outcome::Sent;
    if terminal || !(restored || matches!(status, OrderStatus::Other(_))) {
        order.suspect = false;
    }
    Ok(None)
}

/// Nothing is said of the order: the same one may be attempted again, if it was ever permitted.
fn permit_attempt(order: &mut Order) {
    let open = matches!(order.state, State::Prepared | State::Rejected | State::Pending | State::Unknown);
    if open && !order.failed && !order.suspect {
        order.may_attempt = true;
    }
}

fn sending(order: &mut Order, reason: bool) -> Result<(), Refusal> {
    if !matches!(order.state, State::Prepared | State::Rejected | State::Pending | State::Unknown) {
        return Ok(());
    }
    go(order, Cause::QuerySending, State::Pending)?;
    // The service holds it, whatever we know of how it came there.
    order.ambiguous = true;
    order.failed = false;
    if order.first_attempt_at.is_none() {
        order.first_attempt_at = Some(order.created_at);
    }
    order.may_attempt = reason;
    let advice = if reason { Advice::RetrySameOrder } else { Advice::QueryFirst };
    order.advice = Some(advice.as_str().into());
    Ok(())
}

fn contradiction(order: &mut Order, cause: Cause) -> Result<(), Refusal> {
    go(order, cause, State::Manual)?;
    order.may_attempt = false;
    order.advice = Some(Advice::AskOperator.as_str().into());
    Ok(())
}

fn sent(order: &mut Order, cause: Cause, to: State) -> Result<(), Refusal> {
    match (order.state, to) {
        (State::Closed, _) => return contradiction(order, cause),
        // An answer that lags behind what is known already.
        (State::Received | State::Refunded, _) | (State::Refunding, State::Sent) => return Ok(()),
        _ => go(order, cause, to)?,
    }
    order.ambiguous = false;
    order.ambiguous_host = None;
    order.failed = false;
    order.may_attempt = false;
    order.advice = Some(Advice::None.as_str().into());
    Ok(())
}

/// `resolved`: by an operator, who may have found the payment under another number. The service's word about
/// this one then stays in its row to be looked at, and permits nothing.
fn failed(order: &mut Order, resolved: bool) -> Result<Option<Spend>, Refusal> {
    match order.state {
        State::Closed => return Ok(None),
        State::Sent if resolved => return Ok(None),
        State::Sent => {}
        _ if order.outcome() == Outcome::Sent => {
            contradiction(order, Cause::QueryFailed)?;
            return Ok(None);
        }
        _ => {}
    }
    go(order, Cause::QueryFailed, State::Rejected)?;
    order.failed = true;
    order.ambiguous = false;
    order.ambiguous_host = None;
    order.may_attempt = false;
    order.suspect = false;
    order.not_before = None;
    order.advice = Some(Advice::NewOrderAllowed.as_str().into());
    Ok(uncount(order))
}
