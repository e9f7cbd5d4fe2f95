//! The permission to work on one order for a while.

use std::time::Duration;

use super::boot;
use super::order::{OrderId, Purpose};

/// The permission to make one attempt, or one query, of one order. It ends by itself, and the journal gives
/// the order to another owner only after that.
///
/// **Ask [`Lease::is_valid`] right before the first byte leaves**; if it says no, the attempt is `not_sent`.
/// What an expired holder does later is refused by its fence.
#[derive(Debug, Clone)]
pub struct Lease {
    pub(super) id: OrderId,
    pub(super) fence: i64,
    pub(super) purpose: Purpose,
    /// By this host's boot clock, taken before the journal was asked, so never later than the journal's.
    pub(super) expires_ms: i64,
    pub(super) process: u32,
}

impl Lease {
    /// Whether it permits to send now: in time by the boot clock, and in the process that took it.
    pub fn is_valid(&self) -> bool {
        !self.left().is_zero()
    }

    /// How long it permits to send.
    pub fn left(&self) -> Duration {
        if self.process != std::process::id() {
            return Duration::ZERO;
        }
        let left = self.expires_ms.saturating_sub(boot::now_ms());
        Duration::from_millis(u64::try_from(left).unwrap_or(0))
    }

    /// The order.
    pub fn id(&self) -> &OrderId {
        &self.id
    }

    /// Its fence: each lease of an order has a higher one than the last.
    pub fn fence(&self) -> i64 {
        self.fence
    }

    /// What it permits.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }
}
