//! What a recovery found.

use std::ptr;

use redpack::Recovered;

use crate::handle::{free, get, lend};
use crate::settlement::redpack_settlement;

/// Every order that was open and due, as it is now. May be read by several threads.
///
/// Methods: redpack_recovered_*.
pub struct redpack_recovered {
    settlements: Vec<redpack_settlement>,
    open: usize,
}

impl redpack_recovered {
    pub(crate) fn new(recovered: &Recovered) -> Self {
        Self {
            settlements: recovered.orders.iter().map(redpack_settlement::new).collect(),
            open: recovered.open().count(),
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

/// How many of them are still open: call redpack_client_recover again when the earliest is due.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_recovered_open_count(recovered: *const redpack_recovered) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(recovered, 0, |recovered| recovered.open) }
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
