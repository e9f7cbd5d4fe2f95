//! What a recovery found.

use std::ptr;

use redpack::Recovered;

use crate::handle::{free, get, lend};
use crate::settlement::redpack_settlement;
use crate::text::seconds;

/// Every order that was open and due, as it is now. May be read by several threads.
///
/// Methods: redpack_recovered_*.
pub struct redpack_recovered {
    settlements: Vec<redpack_settlement>,
    open: usize,
    waiting: u32,
    next_due: i64,
}

impl redpack_recovered {
    pub(crate) fn new(recovered: &Recovered) -> Self {
        Self {
            settlements: recovered.orders.iter().map(redpack_settlement::new).collect(),
            open: recovered.open().count(),
            waiting: recovered.waiting,
            next_due: seconds(recovered.next_due),
        }
    }
}

/// Frees a recovery and all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_recovered_free(recovered: *mut redpack_recovered) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(recovered) };
}

/// How many orders were open and due.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_recovered_count(recovered: *const redpack_recovered) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(recovered, 0, |recovered| recovered.settlements.len()) }
}

/// How many of them are still open: not sent, and not closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_recovered_open_count(recovered: *const redpack_recovered) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(recovered, 0, |recovered| recovered.open) }
}

/// How many orders beside them were attempted and are open: not due yet, or worked on by somebody else. Call
/// redpack_client_recover again. Orders that were refused and wait for you are not counted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_recovered_waiting(recovered: *const redpack_recovered) -> u32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(recovered, 0, |recovered| recovered.waiting) }
}

/// When to call redpack_client_recover again, because the first of all those orders is due, in seconds since 1970
/// (UTC); it may be now. 0 where a recovery has nothing left to do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_recovered_next_due(recovered: *const redpack_recovered) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(recovered, 0, |recovered| recovered.next_due) }
}

/// What became of one of them; NULL past the end. Borrowed: never free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_recovered_settlement(
    recovered: *const redpack_recovered,
    index: usize,
) -> *const redpack_settlement {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(recovered, ptr::null(), |recovered| lend(recovered.settlements.get(index))) }
}
