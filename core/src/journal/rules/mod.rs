//! The rules: pure functions from what an engine sees to what it shall write. Both engines, and the clock
//! and crash tests, run these same functions.

mod attempt;
mod prepare;
mod query;
mod settle;

pub(crate) use attempt::{begin, finish};
pub(crate) use prepare::{amend, prepare};
pub(crate) use query::{begin_query, finish_query};
pub(crate) use settle::{close, resolve};

use std::time::Duration;

use super::order::Order;
use super::reply::Refusal;
use super::state::State;
use super::store::{Decided, Seen, Spend, Write};
use super::transitions::{Cause, is_permitted};
use crate::outcome::Advice;

/// No attempt later than this after the first one: the service closes such orders, and how long it remembers
/// their numbers is not documented.
pub const ATTEMPT_HORIZON: Duration = Duration::from_secs(3 * 86_400);
/// After this an order is an operator's: the service answers queries for 30 days.
pub const QUERY_HORIZON: Duration = Duration::from_secs(29 * 86_400);
/// The least interval between two attempts of one order.
pub(super) const LEAST_INTERVAL: Duration = Duration::from_secs(1);
/// Unclaimed money goes back after 24 hours; asking earlier tells little.
pub(super) const FIRST_RECONCILIATION: Duration = Duration::from_secs(24 * 3600 + 600);
/// A clock that is set back further than this is not believed.
const CLOCK_TOLERANCE_MS: i64 = 60_000;

/// How long ago the first attempt was; `None` if no clock can tell. An order without one is at zero.
pub(super) fn elapsed(order: &Order, seen: &Seen) -> Option<Duration> {
    let Some(first) = order.first_attempt_at else { return Some(Duration::ZERO) };
    let by_boot = match (&order.first_boot, &seen.boot) {
        (Some((then, at)), Some((now, ms))) if then == now => Some(ms.saturating_sub(*at).max(0)),
        _ => None,
    };
    let by_wall = seen.now.0.saturating_sub(first.0);
    // Time that runs backwards (this order was written later than now) proves that the wall clock was set.
    let believable = seen.now.0.saturating_add(CLOCK_TOLERANCE_MS) >= order.updated_at.0;
    let ms = match (by_boot, believable) {
        (Some(boot), true) => boot.max(by_wall),
        (Some(boot), false) => boot,
        (None, true) => by_wall.max(0),
        (None, false) => return None,
    };
    Some(Duration::from_millis(u64::try_from(ms).unwrap_or(0)))
}

/// Moves the order if the table has such a row; else it says so.
pub(super) fn go(order: &mut Order, cause: Cause, to: State) -> Result<(), Refusal> {
    if order.state == to {
        return Ok(());
    }
    if !is_permitted(order.state, cause, to) {
        return Err(Refusal::WrongState(Box::new(order.clone())));
    }
    order.state = to;
    Ok(())
}

/// The order with everything noted that is overdue, and whether that changed it: an attempt whose holder is
/// gone becomes `unknown`, an order after 29 days `manual`.
pub(super) fn overdue(order: &Order, seen: &Seen) -> (Order, bool) {
    let mut order = order.clone();
    let mut changed = false;
    if order.state == State::Sending
        && seen.holder_left.is_none()
        && go(&mut order, Cause::Abandoned, State::Unknown).is_ok()
    {
        order.ambiguous = true;
        order.may_attempt = false;
        order.advice = Some(Advice::QueryFirst.as_str().into());
        order.reached = order.reached.saturating_add(1);
        order.state_before = None;
        order.holder = None;
        changed = true;
    }
    let held = seen.holder_left.is_some();
    if !held
        && matches!(order.state, State::Pending | State::Unknown)
        && elapsed(&order, seen).is_some_and(|elapsed| elapsed >= QUERY_HORIZON)
        && go(&mut order, Cause::Horizon, State::Manual).is_ok()
    {
        order.may_attempt = false;
        order.advice = Some(Advice::AskOperator.as_str().into());
        changed = true;
    }
    (order, changed)
}

/// No; but what was overdue is written.
pub(super) fn refuse(order: Order, changed: bool, refusal: impl FnOnce(Box<Order>) -> Refusal) -> Decided {
    let refusal = refusal(Box::new(order.clone()));
    if changed {
        Decided::Write(Box::new(Write { refusal: Some(refusal), ..Write::new(order) }))
    } else {
        Decided::Refuse(refusal)
    }
}

/// Takes the order's amount out of the day's count, once.
pub(super) fn uncount(order: &mut Order) -> Option<Spend> {
    let day = order.counted_day.take()?;
    let fen = i64::try_from(order.identity.total_amount).unwrap_or(i64::MAX);
    Some(Spend { day, openid: order.identity.re_openid.clone(), fen: -fen })
}
