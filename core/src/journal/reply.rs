//! What the journal answers.

use std::time::Duration;

use super::input::Pause;
use super::lease::Lease;
use super::moment::Moment;
use super::order::Order;
use crate::fen::Fen;

/// An order that is in the journal now.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The order. With an intent key that was used before it is that key's, whatever number was offered.
    pub order: Order,
    /// Whether it was not there before.
    pub created: bool,
    /// The amendable fields whose values differ from the stored ones, which hold until they are amended.
    /// `client_ip` is never among them.
    pub differs: Vec<String>,
}

/// A lease, and the order as it is under it.
#[derive(Debug, Clone)]
pub struct Held {
    /// The order.
    pub order: Order,
    /// The permission, to be checked right before the first byte leaves.
    pub lease: Lease,
}

/// How the journal took the end of an attempt or a query.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The order as it is now.
    pub order: Order,
    /// Whether the lease had been taken over meanwhile: the end was noted with its attempt, but speaks for
    /// the order only where it is `sent`.
    pub late: bool,
}

/// Why an operation is not to be. Nothing was changed, save that what was overdue was noted (an abandoned
/// attempt as `unknown`, an order of 29 days as `manual`).
#[derive(Debug, Clone)]
pub enum Refusal {
    /// There is no such order.
    NotPrepared,
    /// The same number or intent key with another value of this identity field.
    Conflict {
        /// The field's name on the wire; `mch_billno` or `intent` where those contradict each other.
        field: &'static str,
        /// The order that is there.
        order: Box<Order>,
    },
    /// The money was sent: here is the record.
    Settled(Box<Order>),
    /// The order is closed.
    Closed(Box<Order>),
    /// A query answered FAILED: the order is never attempted again; it may be closed.
    Failed(Box<Order>),
    /// Somebody works on it.
    InFlight {
        /// The order.
        order: Box<Order>,
        /// When the lease ends at the latest, from now.
        wait: Duration,
    },
    /// `not_before` lies ahead.
    NotYetDue {
        /// The order.
        order: Box<Order>,
        /// From now.
        wait: Duration,
    },
    /// A query must come first.
    QueryFirst(Box<Order>),
    /// Three days have passed since the first attempt, or the clock can't tell: only queries.
    HorizonPassed(Box<Order>),
    /// An operator must settle it.
    Manual(Box<Order>),
    /// An attempt is ambiguous: no closing, no amending.
    Ambiguous(Box<Order>),
    /// The state doesn't permit it.
    WrongState(Box<Order>),
    /// The ambiguous attempt went to another host, which the order stays with.
    OtherHost {
        /// The order.
        order: Box<Order>,
        /// That host.
        host: String,
    },
    /// The merchant's queue is stopped.
    Paused(Pause),
    /// A local limit would be passed.
    CapReached {
        /// `order`, `recipient_day` or `merchant_day`.
        cap: &'static str,
        /// What is counted already.
        spent: Fen,
    },
    /// The journal is a suspected old copy: new orders of intent keys wait for an operator
    /// ([`super::Journal::accept_restore`]).
    Restored(Restore),
    /// An input that the journal doesn't take.
    Invalid {
        /// Which one.
        field: String,
        /// What is wrong with it, as the end of a sentence that starts with the name.
        rule: &'static str,
    },
}

impl Refusal {
    /// The order, where one was found.
    pub fn order(&self) -> Option<&Order> {
        match self {
            Self::Conflict { order, .. }
            | Self::InFlight { order, .. }
            | Self::NotYetDue { order, .. }
            | Self::OtherHost { order, .. }
            | Self::Settled(order)
            | Self::Closed(order)
            | Self::Failed(order)
            | Self::QueryFirst(order)
            | Self::HorizonPassed(order)
            | Self::Manual(order)
            | Self::Ambiguous(order)
            | Self::WrongState(order) => Some(order),
            Self::NotPrepared
            | Self::Paused(_)
            | Self::CapReached { .. }
            | Self::Restored(_)
            | Self::Invalid { .. } => None,
        }
    }
}

/// A suspicion that the journal is an old copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restore {
    /// When it was noticed.
    pub at: Moment,
    /// What gave it away.
    pub evidence: String,
}
