//! What an order's row means to a caller: outcome, advice, and when to look again.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Operation, Problem};
use crate::journal::{JournalError, JournalErrorKind, Order, Refusal, State};
use crate::outcome::{Advice, Outcome, Scope, Verdict, Wait};
use crate::timestamp::Timestamp;

/// What the row says of the money and of what to do. Only a closed order permits a new one.
pub(crate) fn verdict(order: &Order) -> Verdict {
    let outcome = order.outcome();
    let scope = word(Scope::ALL, order.scope.as_deref()).unwrap_or(Scope::Order);
    let told = word(Advice::ALL, order.advice.as_deref());
    let advice = match (order.state, told) {
        (State::Closed, _) => Advice::NewOrderAllowed,
        (State::Manual, _) => Advice::AskOperator,
        _ if outcome == Outcome::Sent => Advice::None,
        (State::Prepared, None) => Advice::RetrySameOrder,
        // A new order is permitted by closing this one, not by the query's answer alone.
        (_, None | Some(Advice::None | Advice::NewOrderAllowed)) => Advice::QueryFirst,
        // An ambiguous order's fields can't be mended: it must be asked about.
        (_, Some(Advice::FixOrder)) if order.ambiguous => Advice::QueryFirst,
        (_, Some(advice)) => advice,
    };
    let settled = order.state.is_settled() || order.state == State::Manual;
    let scope = if settled { Scope::Order } else { scope };
    Verdict { outcome, advice, scope, wait: Wait::No }
}

fn word<T: Copy + std::fmt::Display>(all: &[T], word: Option<&str>) -> Option<T> {
    let word = word?;
    all.iter().copied().find(|known| known.to_string() == word)
}

/// When the row permits the next step.
pub(crate) fn not_before(order: &Order) -> Option<Timestamp> {
    if order.state.is_settled() || order.state == State::Manual {
        return None;
    }
    order.not_before.map(crate::journal::Moment::timestamp)
}

/// The attempt's own error, with the order's state in its place.
pub(crate) fn of_order(error: Error, order: &Order) -> Error {
    error.of_order(order.clone(), verdict(order), not_before(order))
}

/// Nothing was sent: the order's present state, and why it permits no attempt.
pub(crate) fn not_permitted(order: &Order, why: &str) -> Error {
    let error = Error::new(ErrorKind::NotPermitted, Operation::Send, why);
    of_order(error.for_order(Some(&order.id.mch_billno)), order)
}

/// Why the journal refused, told as an error of the send.
pub(crate) fn refused(error: &JournalError, mch_billno: Option<&str>) -> Error {
    let new = |kind| Error::new(kind, Operation::Send, error.to_string()).for_order(mch_billno);
    match error.refusal() {
        None => new(ErrorKind::Journal),
        // Not the number that was offered for a new order: the one that the journal has.
        Some(Refusal::Conflict { order, .. }) => {
            let message = format!("{error}; of that order the journal says: {}", order.state.as_str());
            Error::new(ErrorKind::OrderConflict, Operation::Send, message)
                .for_order(Some(&order.id.mch_billno))
                .beside_order(order)
        }
        Some(Refusal::Invalid { field, rule }) => {
            Error::invalid(Operation::Send, vec![Problem::new(field.clone(), *rule, 0)]).for_order(mch_billno)
        }
        Some(Refusal::Restored(_)) => new(ErrorKind::JournalSuspected),
        Some(Refusal::Paused(pause)) => {
            new(ErrorKind::HeldBack).not_before_time(pause.until.map(crate::journal::Moment::timestamp))
        }
        Some(Refusal::CapReached { .. }) => new(ErrorKind::HeldBack),
        Some(refusal) => match refusal.order() {
            Some(order) => not_permitted(order, error.message()),
            // There is no such order: of that, nothing is known.
            None => new(ErrorKind::NotPermitted),
        },
    }
}

/// The request went out and what came of it is known, but not written: for the caller it is unknown, with
/// the answer attached.
pub(crate) fn unwritten(error: &JournalError, of: &Error) -> Error {
    let message = format!("what came of the attempt could not be written: {error}; it was: {}", of.message());
    let mut told = Error::new(ErrorKind::JournalUnwritten, Operation::Send, message)
        .for_order(of.mch_billno())
        .with_attempts(of.attempts());
    if let Some(answer) = of.answer() {
        told = told.with_answer(answer.clone());
    }
    if let Some(received) = of.received() {
        told = told.with_received(received.clone());
    }
    told
}

/// Whether trying the journal again may help.
pub(crate) fn is_passing(error: &JournalError) -> bool {
    matches!(error.kind(), JournalErrorKind::Unavailable | JournalErrorKind::Ambiguous)
}

/// How long until that time, from now.
pub(crate) fn until(time: Option<Timestamp>) -> Option<Duration> {
    let left = time?.unix_seconds().saturating_sub(Timestamp::now().unix_seconds());
    Some(Duration::from_secs(u64::try_from(left).unwrap_or(0)))
}
