//! The states of an order.

use std::fmt;

use serde::Serialize;

use crate::outcome::{Outcome, words};

words! {
    /// Where an order stands. [`super::TRANSITIONS`] says how it may move.
    State {
        /// Written down; nothing of it can have reached the service.
        Prepared = "prepared",
        /// An attempt is under way, or its process died in it.
        Sending = "sending",
        /// The service took the money; the user has not been seen to claim it.
        Sent = "sent",
        /// Refused, and by all evidence not held by the service.
        Rejected = "rejected",
        /// The service holds, or may hold, the order unpaid.
        Pending = "pending",
        /// The money may have moved.
        Unknown = "unknown",
        /// The user claimed the packet.
        Received = "received",
        /// Not claimed; the money is on its way back.
        Refunding = "refunding",
        /// Not claimed; the money is back.
        Refunded = "refunded",
        /// Promised never to be attempted again, by anyone.
        Closed = "closed",
        /// No machine can settle it any more: an operator must.
        Manual = "manual",
    }
}

impl State {
    /// The state of that name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.as_str() == word)
    }

    /// What is known of the order's money in this state.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Prepared => Outcome::NotSent,
            Self::Sent | Self::Received | Self::Refunding | Self::Refunded => Outcome::Sent,
            Self::Rejected | Self::Closed => Outcome::Rejected,
            Self::Pending => Outcome::Pending,
            Self::Sending | Self::Unknown | Self::Manual => Outcome::Unknown,
        }
    }

    /// Whether the money question has its answer: sent, or closed.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Closed) || self.outcome() == Outcome::Sent
    }
}
