//! What a settlement came to.

use std::ffi::c_char;
use std::ptr;

use redpack::Settlement;

use crate::handle::{free, get, lend};
use crate::order::redpack_order;
use crate::status::{redpack_advice, redpack_outcome, redpack_scope};
use crate::text::{Text, seconds, text_at};

/// What a settlement came to: what is known of the order, what was done, when to look again. May be read by
/// several threads.
///
/// Methods: redpack_settlement_*.
pub struct redpack_settlement {
    settled: bool,
    outcome: redpack_outcome,
    advice: redpack_advice,
    scope: redpack_scope,
    look_again: i64,
    attempts: u32,
    queries: u32,
    hosts: Vec<Text>,
    trouble: Text,
    order: redpack_order,
}

impl redpack_settlement {
    pub(crate) fn new(settlement: &Settlement) -> Self {
        Self {
            settled: settlement.is_settled(),
            outcome: settlement.outcome.into(),
            advice: settlement.advice.into(),
            scope: settlement.scope.into(),
            look_again: seconds(settlement.look_again),
            attempts: settlement.attempts,
            queries: settlement.queries,
            hosts: settlement.hosts.iter().map(|host| Text::new(&**host)).collect(),
            trouble: Text::maybe(settlement.trouble.as_deref()),
            order: redpack_order::new(&settlement.order),
        }
    }
}

/// Frees a settlement and all that was borrowed from it. Only one that a function gave you: never one that
/// a getter lent. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_free(settlement: *mut redpack_settlement) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(settlement) };
}

/// Whether it is known for good whether the order was paid: it was sent, or it is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_settled(settlement: *const redpack_settlement) -> bool {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, false, |settlement| settlement.settled) }
}

/// What is known of the money of the order. REDPACK_OUTCOME_SENT says that the money left, also where it came back
/// since: redpack_order_state then is "refunded".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_outcome(
    settlement: *const redpack_settlement,
) -> redpack_outcome {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, redpack_outcome::REDPACK_OUTCOME_NONE, |settlement| settlement.outcome) }
}

/// What to do next. REDPACK_ADVICE_ASK_OPERATOR for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_advice(settlement: *const redpack_settlement) -> redpack_advice {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, redpack_advice::REDPACK_ADVICE_ASK_OPERATOR, |settlement| settlement.advice) }
}

/// Whom else it concerns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_scope(settlement: *const redpack_settlement) -> redpack_scope {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, redpack_scope::REDPACK_SCOPE_ORDER, |settlement| settlement.scope) }
}

/// When to settle it again, in seconds since 1970 (UTC); 0 where that would change nothing: it is settled, or an
/// operator's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_look_again(settlement: *const redpack_settlement) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, 0, |settlement| settlement.look_again) }
}

/// How many attempts this settlement made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_attempts(settlement: *const redpack_settlement) -> u32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, 0, |settlement| settlement.attempts) }
}

/// How many queries it made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_queries(settlement: *const redpack_settlement) -> u32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, 0, |settlement| settlement.queries) }
}

/// How many hosts its attempts went to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_host_count(settlement: *const redpack_settlement) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, 0, |settlement| settlement.hosts.len()) }
}

/// One of those hosts; NULL past the end. Valid until the settlement is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_host(
    settlement: *const redpack_settlement,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, ptr::null(), |settlement| text_at(&settlement.hosts, index)) }
}

/// The last trouble on the way, for people; NULL where there was none. Valid until the settlement is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_trouble(settlement: *const redpack_settlement) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, ptr::null(), |settlement| settlement.trouble.as_ptr()) }
}

/// The order as the journal has it now. Borrowed: never free it. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_settlement_order(
    settlement: *const redpack_settlement,
) -> *const redpack_order {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(settlement, ptr::null(), |settlement| lend(Some(&settlement.order))) }
}
