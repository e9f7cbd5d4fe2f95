//! What the journal is asked and told.

use std::time::Duration;

use super::order::{Fields, Identity};
use super::state::State;
use crate::answer::OrderStatus;
use crate::fen::Fen;
use crate::outcome::{Advice, Outcome, Scope};
use crate::transport::Phase;

/// The number of an order that is to be prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Number {
    /// The caller's own: the same payment always comes with the same number.
    Given(String),
    /// A new one, to be used only if the intent key has no order yet. While the journal is a suspected old
    /// copy, such orders are refused: the one that the key led to may be among what was lost.
    Candidate(String),
}

impl Number {
    /// The number itself.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Given(number) | Self::Candidate(number) => number,
        }
    }
}

/// An order to prepare, or to find.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// The merchant number.
    pub mch_id: String,
    /// The order number.
    pub number: Number,
    /// The caller's own name of the payment; required with [`Number::Candidate`].
    pub intent: Option<String>,
    /// The fields that never change.
    pub identity: Identity,
    /// All other business fields, by their wire names; never a signature.
    pub fields: Fields,
}

/// Local limits, checked when an order is attempted for the first time and counted in the journal, by the
/// day in Beijing. `None` is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caps {
    /// For one order.
    pub order: Option<Fen>,
    /// For one recipient of one merchant and day.
    pub recipient_day: Option<Fen>,
    /// For one merchant and day.
    pub merchant_day: Option<Fen>,
}

/// An attempt to begin.
#[derive(Debug, Clone)]
pub struct Begin {
    /// The host that it will go to.
    pub host: String,
    /// Whether an order with an ambiguous attempt may go to another host than that attempt's.
    pub any_host: bool,
    /// How long the lease must last: longer than connect and attempt limits together.
    pub lease: Duration,
    /// Local limits.
    pub caps: Caps,
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub struct AttemptEnd {
    /// What is known of the money.
    pub outcome: Outcome,
    /// What to do next.
    pub advice: Advice,
    /// Whom else it concerns.
    pub scope: Scope,
    /// The service's code.
    pub err_code: Option<String>,
    /// The service's own number of the packet.
    pub send_listid: Option<String>,
    /// How long to wait before following the advice. The journal adds it to its own clock.
    pub wait: Option<Duration>,
    /// The HTTP status.
    pub http_status: Option<u16>,
    /// How far the attempt came.
    pub phase: Phase,
    /// How long it took.
    pub elapsed: Duration,
}

/// A query to begin.
#[derive(Debug, Clone, Copy)]
pub struct BeginQuery {
    /// How long the lease must last: longer than connect and attempt limits together.
    pub lease: Duration,
    /// Whether to ask although `not_before` has not passed, because a person wants to know.
    pub early: bool,
}

/// What a query told of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A status, and whether a `reason` came with it.
    Status(OrderStatus, bool),
    /// NOT_FOUND, which is not a failure. The same order may be attempted again.
    NotFound,
    /// The service answered the query with a code that it is known to use. The same order may be attempted.
    Refused(String),
    /// The query itself failed: nothing is known that wasn't before.
    Nothing,
}

/// How a query ended.
#[derive(Debug, Clone)]
pub struct QueryEnd {
    /// What it told.
    pub told: Told,
    /// The service's own number of the packet (`detail_id`), where told.
    pub send_listid: Option<String>,
    /// How long to wait before the next attempt or query of this order.
    pub wait: Option<Duration>,
}

/// What an operator found out, outside of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// The money was paid.
    Paid {
        /// The service's own number of the packet.
        send_listid: Option<String>,
    },
    /// It was paid, not claimed, and is back.
    Refunded,
    /// It was not paid, and can't be any more. Closes the order.
    NotPaid,
}

impl Evidence {
    /// The word in the journal.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Paid { .. } => "paid",
            Self::Refunded => "refunded",
            Self::NotPaid => "not_paid",
        }
    }
}

/// Which work to claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Orders whose money question is open: sending with a dead holder, unknown, pending, or rejected with
    /// a query still to come.
    Recover,
    /// Orders sent, of which it isn't known yet whether they were claimed.
    Reconcile,
}

/// A claim of work: due orders that nobody holds, each with a lease for a query.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Which work.
    pub work: Work,
    /// Of this merchant only.
    pub mch_id: Option<String>,
    /// At most so many orders.
    pub limit: u32,
    /// How long each lease must last: long enough for all of them, if they are worked on one by one.
    pub lease: Duration,
}

/// Which orders to list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Of this merchant only.
    pub mch_id: Option<String>,
    /// In this state only.
    pub state: Option<State>,
    /// Those prepared after the one with this [`super::Order::seq`].
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}

/// A merchant's stopped queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Until when; `None`: until somebody resumes it.
    pub until: Option<super::Moment>,
    /// Why.
    pub reason: String,
}

/// A turn in the merchant's pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The turn is the caller's, after this wait.
    After(Duration),
    /// No turn was taken: the next one is further away than the caller wants to wait.
    TooFar(Duration),
}
