//! What operators decided of an order, as the journal has it.

use std::ffi::c_char;
use std::ptr;

use redpack::journal::{Decision, OrderId};

use crate::boundary::boundary;
use crate::error::redpack_error;
use crate::handle::{free, get};
use crate::journal::redpack_journal;
use crate::status::redpack_status;
use crate::text::{Text, text_at};

/// What operators decided of an order (redpack_client_resolve), first to last. May be read by several threads.
///
/// Methods: redpack_decisions_*.
pub struct redpack_decisions {
    evidence: Vec<Text>,
    who: Vec<Text>,
    why: Vec<Text>,
    states_before: Vec<Text>,
    times: Vec<i64>,
}

impl redpack_decisions {
    fn new(rows: &[Decision]) -> Self {
        let texts = |of: fn(&Decision) -> &str| rows.iter().map(|row| Text::new(of(row))).collect();
        Self {
            evidence: texts(|row| &row.evidence),
            who: texts(|row| &row.who),
            why: texts(|row| &row.why),
            states_before: texts(|row| &row.state_before),
            times: rows.iter().map(|row| row.at.timestamp().unix_seconds()).collect(),
        }
    }
}

/// What operators decided of an order; nothing where there is no such order.
///
/// On success the list is yours: free it with redpack_decisions_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_decisions(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    mch_billno: *const c_char,
    decisions: *mut *mut redpack_decisions,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, place) = (borrow!(journal), output!(decisions));
        let id = OrderId::new(text!(mch_id), text!(mch_billno));
        place.give(redpack_decisions::new(&journal.journal.decisions(&id)?));
        Ok(())
    })
}

/// Frees a list of decisions and all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_decisions_free(decisions: *mut redpack_decisions) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(decisions) };
}

/// How many decisions there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_decisions_count(decisions: *const redpack_decisions) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(decisions, 0, |decisions| decisions.times.len()) }
}

/// What was decided: "paid", "refunded" or "not_paid". NULL past the end. Valid until the list is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_decisions_evidence(
    decisions: *const redpack_decisions,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(decisions, ptr::null(), |decisions| text_at(&decisions.evidence, index)) }
}

/// Who decided. NULL past the end. Valid until the list is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_decisions_who(
    decisions: *const redpack_decisions,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(decisions, ptr::null(), |decisions| text_at(&decisions.who, index)) }
}

/// Why. NULL past the end. Valid until the list is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_decisions_why(
    decisions: *const redpack_decisions,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(decisions, ptr::null(), |decisions| text_at(&decisions.why, index)) }
}

/// The state of the order before; see redpack_order_state. NULL past the end. Valid until the list is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_decisions_state_before(
    decisions: *const redpack_decisions,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(decisions, ptr::null(), |decisions| text_at(&decisions.states_before, index)) }
}

/// When, in seconds since 1970 (UTC). 0 past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_decisions_at(decisions: *const redpack_decisions, index: usize) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(decisions, 0, |decisions| decisions.times.get(index).copied().unwrap_or(0)) }
}
