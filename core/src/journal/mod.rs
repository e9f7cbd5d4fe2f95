//! The journal: what makes a payment survive crashes, and be made once.
//!
//! An order is prepared, then attempted under a lease, and every step is durable before it counts: the
//! intent before the first byte leaves, the outcome before the caller hears of it. Two engines keep it, one
//! in a file ([`open`] with `sqlite:PATH`), one in a database for several hosts (`postgresql://…`); both run
//! the same rules over the same table of transitions ([`TRANSITIONS`]). `docs/journal.md` says what it
//! promises, what each engine needs, and what can't be known.
//!
//! This layer sends nothing. One attempt, as the layer above makes it:
//!
//! 1. [`Journal::prepare`] (finds the order, if it is there);
//! 2. [`Journal::begin`]: the attempt is in the journal, and a [`Lease`] comes back;
//! 3. right before the first byte, [`Lease::is_valid`]; if not, the attempt is `not_sent`;
//! 4. [`Journal::finish`] with what came of it.
//!
//! Code map: `rules/` decides (pure functions), `engine.rs` runs the rules, `sqlite/` and `postgresql/` load,
//! write conditionally and commit, `guard.rs` notices restored copies.

#![cfg_attr(
    not(all(feature = "sqlite", feature = "postgresql")),
    allow(dead_code, unused_variables, reason = "each engine uses its part")
)]

mod boot;
mod cells;
mod engine;
mod error;
mod fault;
mod guard;
mod input;
mod lease;
mod moment;
mod name;
mod open;
mod order;
#[cfg(feature = "postgresql")]
mod postgresql;
mod reply;
mod row;
mod rules;
#[cfg(feature = "sqlite")]
mod sqlite;
mod state;
mod store;
mod transitions;

pub use error::{JournalError, JournalErrorKind};
#[doc(hidden)]
pub use fault::{Fault, Faults, Point};
pub use input::{
    AttemptEnd, Begin, BeginQuery, Caps, Claim, Evidence, List, NewOrder, Number, Pause, QueryEnd, Told,
    Turn, Work,
};
pub use lease::Lease;
pub use moment::Moment;
pub use open::{Options, open, open_with};
pub use order::{AttemptRow, Decision, Fields, Holder, Identity, Order, OrderId, Purpose};
pub use reply::{Finished, Held, Prepared, Refusal, Restore};
pub use rules::{ATTEMPT_HORIZON, QUERY_HORIZON};
pub use state::State;
pub use transitions::{Cause, TRANSITIONS, Transition, is_permitted};

use std::time::Duration;

/// A journal of orders. It blocks, starts no thread, and may be shared between threads; after `fork` the
/// child re-opens it by itself at its first call.
///
/// Every `Ok` that tells of a write means: durable. A refusal is an error of kind `refused` with a
/// [`Refusal`] in it. Several merchants may share one journal.
pub trait Journal: Send + Sync {
    /// Finds an order by its intent key or number, or prepares it. The same order again is no error.
    ///
    /// # Errors
    /// [`Refusal::Conflict`], [`Refusal::Invalid`], [`Refusal::Restored`].
    fn prepare(&self, new: &NewOrder) -> Result<Prepared, JournalError>;

    /// Replaces the amendable fields, while no attempt is ambiguous or under way.
    ///
    /// # Errors
    /// [`Refusal::Ambiguous`], [`Refusal::InFlight`], or why the order is done with.
    fn amend(&self, id: &OrderId, fields: &Fields) -> Result<Order, JournalError>;

    /// Begins an attempt: state, attempt row, time of the first attempt and lease in one commit. The
    /// returned order has the fields to send.
    ///
    /// # Errors
    /// A [`Refusal`] says why no attempt may be made now.
    fn begin(&self, id: &OrderId, begin: &Begin) -> Result<Held, JournalError>;

    /// Writes how the attempt ended, and ends its lease. May be repeated after an error: the first one
    /// counts.
    ///
    /// # Errors
    /// Only of the journal itself. What can't be written is `unknown` until it is.
    fn finish(&self, lease: &Lease, end: &AttemptEnd) -> Result<Finished, JournalError>;

    /// Begins a query; no attempt of the order runs meanwhile.
    ///
    /// # Errors
    /// [`Refusal::NotPrepared`], [`Refusal::InFlight`], [`Refusal::NotYetDue`].
    fn begin_query(&self, id: &OrderId, query: BeginQuery) -> Result<Held, JournalError>;

    /// Writes what a query told, and ends its lease.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn finish_query(&self, lease: &Lease, end: &QueryEnd) -> Result<Finished, JournalError>;

    /// Promises that the order is never attempted again. Closing a closed order is no error.
    ///
    /// # Errors
    /// [`Refusal::Ambiguous`] unless a query answered FAILED; [`Refusal::Settled`]; [`Refusal::InFlight`];
    /// [`Refusal::QueryFirst`] in a suspected old copy.
    fn close(&self, id: &OrderId) -> Result<Order, JournalError>;

    /// Records an operator's decision.
    ///
    /// # Errors
    /// [`Refusal::Ambiguous`] for "not paid" before the service itself would have closed the order;
    /// [`Refusal::WrongState`] where there is nothing to decide.
    fn resolve(&self, id: &OrderId, evidence: &Evidence, who: &str, why: &str)
    -> Result<Order, JournalError>;

    /// Takes due work that nobody holds, each order with a lease for one query. Several processes may claim
    /// at once: none waits for another, and no order is given twice.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn claim(&self, claim: &Claim) -> Result<Vec<Held>, JournalError>;

    /// An order as its row says.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn order(&self, id: &OrderId) -> Result<Option<Order>, JournalError>;

    /// The order of an intent key.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn order_of_intent(&self, mch_id: &str, intent: &str) -> Result<Option<Order>, JournalError>;

    /// The attempts of an order, first to last.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn attempts(&self, id: &OrderId) -> Result<Vec<AttemptRow>, JournalError>;

    /// The operators' decisions about an order, first to last.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn decisions(&self, id: &OrderId) -> Result<Vec<Decision>, JournalError>;

    /// Orders in the order of their preparation, a page at a time.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn list(&self, list: &List) -> Result<Vec<Order>, JournalError>;

    /// Takes the merchant's next turn: at most so many a second, over all threads, processes and, on
    /// PostgreSQL, hosts. No turn is taken if it would come later than `most` from now.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn turn(&self, mch_id: &str, per_second: u32, most: Duration) -> Result<Turn, JournalError>;

    /// Stops a merchant's queue, for a while or until it is resumed: [`Journal::begin`] refuses meanwhile.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn pause(&self, mch_id: &str, length: Option<Duration>, reason: &str) -> Result<(), JournalError>;

    /// Lets a merchant's queue go on.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn resume(&self, mch_id: &str) -> Result<(), JournalError>;

    /// The merchant's pause, if its queue is stopped now.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn paused(&self, mch_id: &str) -> Result<Option<Pause>, JournalError>;

    /// What is counted today for the merchant, or for one recipient. Only attempts with [`Caps`] count.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn spent_today(&self, mch_id: &str, re_openid: Option<&str>) -> Result<crate::Fen, JournalError>;

    /// The suspicion that the journal is an old copy, until an operator accepts it.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn restore(&self) -> Result<Option<Restore>, JournalError>;

    /// An operator's word that the lost part of the journal has been dealt with: new orders of intent keys
    /// are taken again. Orders that were in the copy still have to be queried first.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] without a name or a reason.
    fn accept_restore(&self, who: &str, why: &str) -> Result<(), JournalError>;

    /// Now, by the journal's clock.
    ///
    /// # Errors
    /// Only of the journal itself.
    fn now(&self) -> Result<Moment, JournalError>;
}
