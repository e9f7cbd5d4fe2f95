//! The vocabulary of results: outcome, advice, scope.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::timestamp::Timestamp;

/// Implements the one spelling of a word: `as_str`, `Display`, `ALL`, serialisation.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that every language binding and the command line use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What is known of the money after a send.
    ///
    /// **No outcome by itself permits a new order.** Only [`Advice::NewOrderAllowed`] does.
    Outcome {
        /// The service accepted the order and took the money from the merchant.
        Sent = "sent",
        /// No byte of the request can have reached the service.
        NotSent = "not_sent",
        /// Refused, and by all evidence not held by the service.
        Rejected = "rejected",
        /// The service holds, or may hold, the order unpaid.
        Pending = "pending",
        /// Everything else, including every answer that we don't understand: the money may have moved.
        Unknown = "unknown",
    }
}

words! {
    /// What to do next.
    Advice {
        /// Nothing: the matter is settled.
        None = "none",
        /// Every further call would fail alike: stop, and mend credentials, key, settings or product.
        FixSetup = "fix_setup",
        /// Mend a field of this order; amounts and recipients under one `mch_billno` never change.
        FixOrder = "fix_order",
        /// Send again: the same `mch_billno` and the same fields, not before `not_before`.
        RetrySameOrder = "retry_same_order",
        /// Ask the service what became of the order, not before `not_before`, and keep the `mch_billno`.
        QueryFirst = "query_first",
        /// This order failed for good: a new one, under a new `mch_billno`, can't pay twice.
        NewOrderAllowed = "new_order_allowed",
        /// No machine can settle it any more: look into the merchant console.
        AskOperator = "ask_operator",
    }
}

words! {
    /// Whom else the answer concerns.
    Scope {
        /// This order only.
        Order = "order",
        /// Every order to this recipient.
        Recipient = "recipient",
        /// Every order of this merchant: pause the queue.
        Merchant = "merchant",
    }
}

words! {
    /// How long to wait before following the advice.
    Wait {
        /// No time is given.
        No = "no",
        /// One second: the least interval between two calls for the same order.
        OneSecond = "one_second",
        /// Two seconds: more than the least interval, for a service that says "too often".
        BackOff = "back_off",
        /// Two minutes: the service's own "some minutes later".
        Minutes = "minutes",
        /// Twenty minutes, as the service asks for PROCESSING.
        TwentyMinutes = "twenty_minutes",
        /// Until the next midnight in Beijing, when daily limits start anew.
        Tomorrow = "tomorrow",
    }
}

impl Wait {
    /// The earliest time to follow the advice that was given `now`.
    pub fn not_before(self, now: Timestamp) -> Option<Timestamp> {
        let seconds = match self {
            Self::No => return None,
            Self::OneSecond => 1,
            Self::BackOff => 2,
            Self::Minutes => 120,
            Self::TwentyMinutes => 1200,
            Self::Tomorrow => return Some(now.next_beijing_midnight()),
        };
        // Timestamps have whole seconds: the one under way must not count.
        Some(now.after(Duration::from_secs(seconds + 1)))
    }
}

/// One row's answer to "what is known, and what now?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// What is known of the money.
    pub outcome: Outcome,
    /// What to do next.
    pub advice: Advice,
    /// Whom else it concerns.
    pub scope: Scope,
    /// How long to wait first.
    pub wait: Wait,
}

impl Verdict {
    pub(crate) const fn new(outcome: Outcome, advice: Advice, scope: Scope, wait: Wait) -> Self {
        Self { outcome, advice, scope, wait }
    }
}
