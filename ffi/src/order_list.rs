//! Lists out of the journal: orders, and the attempts of one order.

use std::ffi::c_char;
use std::ptr;

use redpack::journal::{AttemptRow, Order};

use crate::handle::{free, get, lend};
use crate::order::redpack_order;
use crate::text::{Text, text_at};

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
    err_codes: Vec<Text>,
    phases: Vec<Text>,
    numbers: Vec<(i64, i64, i32)>,
}

impl redpack_attempts {
    pub(crate) fn new(rows: &[AttemptRow]) -> Self {
        Self {
            hosts: rows.iter().map(|row| Text::new(&*row.host)).collect(),
            outcomes: rows.iter().map(|row| Text::maybe(row.outcome.as_deref())).collect(),
            err_codes: rows.iter().map(|row| Text::maybe(row.err_code.as_deref())).collect(),
            phases: rows.iter().map(|row| Text::maybe(row.phase.as_deref())).collect(),
            numbers: rows
                .iter()
                .map(|row| {
                    let began = row.began_at.timestamp().unix_seconds();
                    (began, row.elapsed_ms.unwrap_or(0), row.http_status.map_or(0, i32::from))
                })
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

/// How far it came, as a word. NULL past the end. Valid until the list is freed.
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
