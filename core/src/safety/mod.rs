//! Money safety: one payment, paid once, whatever crashes. Built on a [`crate::journal`]; a client that has
//! one ([`crate::ClientBuilder::journal`]) does all of this for its sends, and offers what stands here.
//!
//! - `attempt.rs`: one attempt or none, durable before its first byte leaves and before its caller hears.
//! - `ask.rs`: one query, under the same lease.
//! - `settle.rs`: attempts and queries until the money question has an answer or the time is over.
//! - `recover.rs`: the orders that a crash left open; and what became of those that were sent.
//! - `order.rs`: from a request to the journal's row and back, so that every attempt writes the same bytes.
//! - `state.rs`: what an order's row means to a caller.

mod amend;
mod ask;
mod attempt;
mod clock;
mod order;
mod recover;
mod settle;
mod state;

pub use clock::{Clock, SystemClock};
pub use recover::{Reconciled, Recovered};
pub use settle::Settlement;

use std::time::Duration;

use crate::journal::Caps;

/// How long a settlement takes at the most unless told otherwise.
pub const DEFAULT_SETTLE_LIMIT: Duration = Duration::from_secs(60);
/// How many attempts a second one merchant makes at the most, over everything that is built on settling:
/// what the service itself permits (protocol facts, section 7).
pub const DEFAULT_PACE: u32 = 30;

/// More than the limits of a call, so that a lease outlasts what it permits.
const LEASE_MARGIN: Duration = Duration::from_secs(15);

/// What a client with a journal may do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// Local limits.
    pub caps: Caps,
    /// Attempts a second for settlements.
    pub pace: u32,
    /// Whether plain sends keep that pace too.
    pub paced_sends: bool,
    /// How much longer than the limits of a call a lease lasts.
    pub lease_margin: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self { caps: Caps::default(), pace: DEFAULT_PACE, paced_sends: false, lease_margin: LEASE_MARGIN }
    }
}
