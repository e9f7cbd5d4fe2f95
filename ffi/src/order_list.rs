//! Lists out of the journal: orders, and the attempts of one order.

use std::ffi::c_char;
use std::ptr;

use redpack::journal::{AttemptRow, Moment, Order};

use crate::handle::{free, get, lend};
use crate::order::redpack_order;
use crate::text::{Text, seconds, text_at};

/// A page of orders. May be read by several threads.
///
/// Methods: redpack_orders_free, redpack_orders_count, redpack_orders_order.
pub struct redpack_orders {
    orders: Vec<redpack_order>,
}

impl redpack_orders {
    pub(crate) fn new(orders: &[Order]) -> Self {
        Self { orders: orders.iter().map(redpack_order::new).collect() }
    }
}

/// Frees a page of orders and all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_orders_free(orders: *mut redpack_orders) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(orders) };
}

/// How many orders there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_orders_count(orders: *const redpack_orders) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(orders, 0, |orders| orders.orders.len()) }
}

/// One of them; NULL past the end. Borrowed: never free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_orders_order(
    orders: *const redpack_orders,
    index: usize,
) -> *const redpack_order {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(orders, ptr::null(), |orders| lend(orders.orders.get(index))) }
}

/// The attempts of one order, first to last. May be read by several threads.
///
/// Methods: redpack_attempts_*.
pub struct redpack_attempts {
    hosts: Vec<Text>,
    outcomes: Vec<Text>,
    advice: Vec<Text>,
    err_codes: Vec<Text>,
    phases: Vec<Text>,
    numbers: Vec<(i64, i64, i32)>,
    ends: Vec<(i64, bool)>,
}

impl redpack_attempts {
    pub(crate) fn new(rows: &[AttemptRow]) -> Self {
        Self {
            hosts: rows.iter().map(|row| Text::new(&*row.host)).collect(),
            outcomes: rows.iter().map(|row| Text::maybe(row.outcome.as_deref())).collect(),
            advice: rows.iter().map(|row| Text::maybe(row.advice.as_deref())).collect(),
            err_codes: rows.iter().map(|row| Text::maybe(row.err_code.as_deref())).collect(),
            phases: rows.iter().map(|row| Text::maybe(row.phase.as_deref())).collect(),
            numbers: rows
                .iter()
                .map(|row| {
                    let began = row.began_at.timestamp().unix_seconds();
                    (began, row.elapsed_ms.unwrap_or(0), row.http_status.map_or(0, i32::from))
                })
                .collect(),
            ends: rows
                .iter()
                .map(|row| (seconds(row.finished_at.map(Moment::timestamp)), row.late))
                .collect(),
        }
    }
}

/// Frees a list of attempts and all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_free(attempts: *mut redpack_attempts) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(attempts) };
}

/// How many attempts there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_count(attempts: *const redpack_attempts) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, 0, |attempts| attempts.hosts.len()) }
}

/// The host that it was to go to. NULL past the end. Valid until the list is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_host(
    attempts: *const redpack_attempts,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, ptr::null(), |attempts| text_at(&attempts.hosts, index)) }
}

/// Its outcome as a word; NULL where it was never written: then it is unknown. NULL past the end. Valid
/// until the list is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_outcome(
    attempts: *const redpack_attempts,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, ptr::null(), |attempts| text_at(&attempts.outcomes, index)) }
}

/// The err_code of the service; NULL where there was none. NULL past the end. Valid until the list is
/// freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_err_code(
    attempts: *const redpack_attempts,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, ptr::null(), |attempts| text_at(&attempts.err_codes, index)) }
}

/// How far it came, as a word of redpack_event_phase. NULL past the end. Valid until the list is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_phase(
    attempts: *const redpack_attempts,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, ptr::null(), |attempts| text_at(&attempts.phases, index)) }
}

/// When it began, in seconds since 1970 (UTC). 0 past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_began_at(attempts: *const redpack_attempts, index: usize) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, 0, |attempts| attempts.numbers.get(index).map_or(0, |row| row.0)) }
}

/// How long it took, in milliseconds. 0 past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_elapsed_ms(attempts: *const redpack_attempts, index: usize) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, 0, |attempts| attempts.numbers.get(index).map_or(0, |row| row.1)) }
}

/// The HTTP status; 0 where there was none. 0 past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_http_status(
    attempts: *const redpack_attempts,
    index: usize,
) -> i32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, 0, |attempts| attempts.numbers.get(index).map_or(0, |row| row.2)) }
}

/// Its advice as a word; NULL where it was never written. NULL past the end. Valid until the list is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_advice(
    attempts: *const redpack_attempts,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, ptr::null(), |attempts| text_at(&attempts.advice, index)) }
}

/// When its outcome was written, in seconds since 1970 (UTC); 0 where it never was, so that it is unknown. 0 past
/// the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_finished_at(
    attempts: *const redpack_attempts,
    index: usize,
) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, 0, |attempts| attempts.ends.get(index).map_or(0, |end| end.0)) }
}

/// Whether its outcome came so late that the order had been given to somebody else. false past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_attempts_late(attempts: *const redpack_attempts, index: usize) -> bool {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(attempts, false, |attempts| attempts.ends.get(index).is_some_and(|end| end.1)) }
}
