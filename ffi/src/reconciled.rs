//! What a reconciliation found.

use std::ptr;

use redpack::Reconciled;

use crate::handle::{free, get, lend};
use crate::order::redpack_order;
use crate::text::fen;

/// Which orders of a reconciliation are meant.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "C reads these numbers")]
pub enum redpack_group {
    /// Those that were claimed.
    REDPACK_GROUP_RECEIVED = 0,
    /// Those that nobody has claimed yet.
    REDPACK_GROUP_UNCLAIMED = 1,
    /// Those whose money came back, or is on its way.
    REDPACK_GROUP_REFUNDED = 2,
    /// Those of which the service says otherwise than the journal: an operator must look.
    REDPACK_GROUP_CONTRADICTING = 3,
}

/// What became of orders that were sent. May be read by several threads.
///
/// Methods: redpack_reconciled_*.
pub struct redpack_reconciled {
    asked: u32,
    failed: u32,
    refunded_fen: i64,
    groups: [Vec<redpack_order>; 4],
}

impl redpack_reconciled {
    pub(crate) fn new(reconciled: &Reconciled) -> Self {
        let groups =
            [&reconciled.received, &reconciled.unclaimed, &reconciled.refunded, &reconciled.contradicting];
        Self {
            asked: reconciled.asked,
            failed: reconciled.failed,
            refunded_fen: fen(Some(reconciled.refunded_fen())),
            groups: groups.map(|orders| orders.iter().map(redpack_order::new).collect()),
        }
    }

    fn group(&self, group: i32) -> &[redpack_order] {
        usize::try_from(group).ok().and_then(|group| self.groups.get(group)).map_or(&[], Vec::as_slice)
    }
}

/// Frees a reconciliation and all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_reconciled_free(reconciled: *mut redpack_reconciled) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(reconciled) };
}

/// How many orders were asked about.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_reconciled_asked(reconciled: *const redpack_reconciled) -> u32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(reconciled, 0, |reconciled| reconciled.asked) }
}

/// How many queries failed; their orders stay due.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_reconciled_failed(reconciled: *const redpack_reconciled) -> u32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(reconciled, 0, |reconciled| reconciled.failed) }
}

/// The money that came back, or is on its way, in fen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_reconciled_refunded_fen(reconciled: *const redpack_reconciled) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(reconciled, 0, |reconciled| reconciled.refunded_fen) }
}

/// How many orders are in a group (redpack_group); 0 where there is no such group.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_reconciled_count(
    reconciled: *const redpack_reconciled,
    group: i32,
) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(reconciled, 0, |reconciled| reconciled.group(group).len()) }
}

/// An order of a group (redpack_group); NULL past the end, and where there is no such group. Borrowed:
/// never free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_reconciled_order(
    reconciled: *const redpack_reconciled,
    group: i32,
    index: usize,
) -> *const redpack_order {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(reconciled, ptr::null(), |reconciled| lend(reconciled.group(group).get(index))) }
}
