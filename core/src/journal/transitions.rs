//! Every way in which an order may move, as data. What isn't here doesn't happen: each write of a row is
//! checked against this table, and `docs/journal.md` shows it.

use super::state::State as S;

/// What moves an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// An attempt begins: state, attempt row, first time and lease in one commit.
    Begin,
    /// The attempt under way ended `not_sent`.
    NotSent,
    /// The attempt ended `sent`.
    Sent,
    /// The attempt ended `rejected`.
    Rejected,
    /// The attempt ended `pending`.
    Pending,
    /// The attempt ended `unknown`.
    Unknown,
    /// The attempt's owner died, or its lease ran out, before an outcome was written.
    Abandoned,
    /// A query told SENT.
    QuerySent,
    /// A query told RECEIVED.
    QueryReceived,
    /// A query told `RFUND_ING`.
    QueryRefunding,
    /// A query told REFUND.
    QueryRefunded,
    /// A query told SENDING.
    QuerySending,
    /// A query told FAILED.
    QueryFailed,
    /// The caller closed the order.
    Close,
    /// 29 days passed since the first attempt.
    Horizon,
    /// An operator decided.
    Resolve,
    /// The journal turned out to be an old copy.
    Restored,
}

/// One row: from a state, by a cause, to a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// Before.
    pub from: S,
    /// What happened.
    pub cause: Cause,
    /// After.
    pub to: S,
    /// What must also be true, for people.
    pub when: &'static str,
}

const fn row(from: S, cause: Cause, to: S, when: &'static str) -> Transition {
    Transition { from, cause, to, when }
}

const PERMITTED: &str =
    "the advice permits it, not_before has passed, 3 days have not, nobody holds the lease";
const CLEAN: &str = "no earlier attempt was ambiguous";
const EARLIER: &str = "an earlier attempt was ambiguous, and stays so";
const LATE: &str = "the outcome came late, after the lease was taken over";
const CONTRADICTION: &str = "contradicts what was known: an operator must look";

/// The table.
pub const TRANSITIONS: &[Transition] = &[
    row(S::Prepared, Cause::Begin, S::Sending, PERMITTED),
    row(S::Rejected, Cause::Begin, S::Sending, PERMITTED),
    row(S::Pending, Cause::Begin, S::Sending, PERMITTED),
    row(S::Unknown, Cause::Begin, S::Sending, PERMITTED),
    row(S::Sending, Cause::NotSent, S::Prepared, "it was prepared before"),
    row(S::Sending, Cause::NotSent, S::Rejected, "it was rejected before"),
    row(S::Sending, Cause::NotSent, S::Pending, "it was pending before"),
    row(S::Sending, Cause::NotSent, S::Unknown, "it was unknown before"),
    row(S::Sending, Cause::Sent, S::Sent, "always"),
    row(S::Sending, Cause::Rejected, S::Rejected, CLEAN),
    row(S::Sending, Cause::Rejected, S::Pending, EARLIER),
    row(S::Sending, Cause::Rejected, S::Unknown, EARLIER),
    row(S::Sending, Cause::Pending, S::Pending, "no earlier attempt is unknown"),
    row(S::Sending, Cause::Pending, S::Unknown, EARLIER),
    row(S::Sending, Cause::Unknown, S::Unknown, "always"),
    row(S::Sending, Cause::Abandoned, S::Unknown, "the lease has run out, or its owner is dead"),
    row(S::Prepared, Cause::Sent, S::Sent, LATE),
    row(S::Rejected, Cause::Sent, S::Sent, LATE),
    row(S::Pending, Cause::Sent, S::Sent, LATE),
    row(S::Unknown, Cause::Sent, S::Sent, LATE),
    row(S::Manual, Cause::Sent, S::Sent, LATE),
    row(S::Closed, Cause::Sent, S::Manual, CONTRADICTION),
    row(S::Prepared, Cause::QuerySent, S::Sent, "always"),
    row(S::Rejected, Cause::QuerySent, S::Sent, "always"),
    row(S::Pending, Cause::QuerySent, S::Sent, "always"),
    row(S::Unknown, Cause::QuerySent, S::Sent, "always"),
    row(S::Manual, Cause::QuerySent, S::Sent, "always"),
    row(S::Closed, Cause::QuerySent, S::Manual, CONTRADICTION),
    row(S::Prepared, Cause::QueryReceived, S::Received, "always"),
    row(S::Rejected, Cause::QueryReceived, S::Received, "always"),
    row(S::Pending, Cause::QueryReceived, S::Received, "always"),
    row(S::Unknown, Cause::QueryReceived, S::Received, "always"),
    row(S::Sent, Cause::QueryReceived, S::Received, "always"),
    row(S::Refunding, Cause::QueryReceived, S::Received, "always"),
    row(S::Manual, Cause::QueryReceived, S::Received, "always"),
    row(S::Closed, Cause::QueryReceived, S::Manual, CONTRADICTION),
    row(S::Prepared, Cause::QueryRefunding, S::Refunding, "always"),
    row(S::Rejected, Cause::QueryRefunding, S::Refunding, "always"),
    row(S::Pending, Cause::QueryRefunding, S::Refunding, "always"),
    row(S::Unknown, Cause::QueryRefunding, S::Refunding, "always"),
    row(S::Sent, Cause::QueryRefunding, S::Refunding, "always"),
    row(S::Manual, Cause::QueryRefunding, S::Refunding, "always"),
    row(S::Closed, Cause::QueryRefunding, S::Manual, CONTRADICTION),
    row(S::Prepared, Cause::QueryRefunded, S::Refunded, "always"),
    row(S::Rejected, Cause::QueryRefunded, S::Refunded, "always"),
    row(S::Pending, Cause::QueryRefunded, S::Refunded, "always"),
    row(S::Unknown, Cause::QueryRefunded, S::Refunded, "always"),
    row(S::Sent, Cause::QueryRefunded, S::Refunded, "always"),
    row(S::Refunding, Cause::QueryRefunded, S::Refunded, "always"),
    row(S::Manual, Cause::QueryRefunded, S::Refunded, "always"),
    row(S::Closed, Cause::QueryRefunded, S::Manual, CONTRADICTION),
    row(S::Prepared, Cause::QuerySending, S::Pending, "always"),
    row(S::Rejected, Cause::QuerySending, S::Pending, "always"),
    row(S::Unknown, Cause::QuerySending, S::Pending, "always"),
    row(S::Prepared, Cause::QueryFailed, S::Rejected, "clears the ambiguous flag"),
    row(S::Pending, Cause::QueryFailed, S::Rejected, "clears the ambiguous flag"),
    row(S::Unknown, Cause::QueryFailed, S::Rejected, "clears the ambiguous flag"),
    row(S::Manual, Cause::QueryFailed, S::Rejected, "clears the ambiguous flag"),
    row(S::Sent, Cause::QueryFailed, S::Rejected, "the service took the order and failed later"),
    row(S::Refunding, Cause::QueryFailed, S::Manual, CONTRADICTION),
    row(S::Received, Cause::QueryFailed, S::Manual, CONTRADICTION),
    row(S::Refunded, Cause::QueryFailed, S::Manual, CONTRADICTION),
    row(S::Prepared, Cause::Close, S::Closed, "nobody holds the lease, nothing is ambiguous"),
    row(S::Rejected, Cause::Close, S::Closed, "nobody holds the lease, nothing is ambiguous"),
    row(S::Pending, Cause::Horizon, S::Manual, "29 days since the first attempt"),
    row(S::Unknown, Cause::Horizon, S::Manual, "29 days since the first attempt"),
    row(S::Rejected, Cause::Resolve, S::Sent, "evidence: paid"),
    row(S::Pending, Cause::Resolve, S::Sent, "evidence: paid"),
    row(S::Unknown, Cause::Resolve, S::Sent, "evidence: paid"),
    row(S::Manual, Cause::Resolve, S::Sent, "evidence: paid"),
    row(S::Rejected, Cause::Resolve, S::Refunded, "evidence: refunded"),
    row(S::Pending, Cause::Resolve, S::Refunded, "evidence: refunded"),
    row(S::Unknown, Cause::Resolve, S::Refunded, "evidence: refunded"),
    row(S::Manual, Cause::Resolve, S::Refunded, "evidence: refunded"),
    row(S::Pending, Cause::Resolve, S::Closed, "evidence: not paid; 3 days since the first attempt"),
    row(S::Unknown, Cause::Resolve, S::Closed, "evidence: not paid; 3 days since the first attempt"),
    row(S::Manual, Cause::Resolve, S::Closed, "evidence: not paid"),
    row(S::Prepared, Cause::Restored, S::Unknown, "the row may be older than reality"),
    row(S::Sending, Cause::Restored, S::Unknown, "the row may be older than reality"),
    row(S::Rejected, Cause::Restored, S::Unknown, "the row may be older than reality"),
    row(S::Pending, Cause::Restored, S::Unknown, "the row may be older than reality"),
];

/// Whether the table has such a row.
pub fn is_permitted(from: S, cause: Cause, to: S) -> bool {
    TRANSITIONS.iter().any(|row| row.from == from && row.cause == cause && row.to == to)
}
