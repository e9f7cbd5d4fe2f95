//! What the journal knows of an order and of its attempts.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::moment::Moment;
use super::state::State;
use crate::outcome::Outcome;
use crate::secret::mask_openid;

/// What an order is, for ever: the merchant's number and the order's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct OrderId {
    /// The merchant number.
    pub mch_id: String,
    /// The order number.
    pub mch_billno: String,
}

impl OrderId {
    /// An order's identity.
    pub fn new(mch_id: impl Into<String>, mch_billno: impl Into<String>) -> Self {
        Self { mch_id: mch_id.into(), mch_billno: mch_billno.into() }
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.mch_id, self.mch_billno)
    }
}

/// The fields that never change under one order number. Names are the wire's, `kind` the endpoint's name;
/// what a kind of packet doesn't have is empty.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the wire's own names")]
pub struct Identity {
    pub kind: String,
    pub sub_mch_id: String,
    pub wxappid: String,
    pub re_openid: String,
    pub total_amount: u64,
    pub total_num: u64,
    pub consume_mch_id: String,
}

impl Identity {
    /// The first field that differs, by its wire name.
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        let pairs = [
            ("kind", self.kind == other.kind),
            ("sub_mch_id", self.sub_mch_id == other.sub_mch_id),
            ("wxappid", self.wxappid == other.wxappid),
            ("re_openid", self.re_openid == other.re_openid),
            ("total_amount", self.total_amount == other.total_amount),
            ("total_num", self.total_num == other.total_num),
            ("consume_mch_id", self.consume_mch_id == other.consume_mch_id),
        ];
        pairs.iter().find(|(_, equal)| !equal).map(|&(name, _)| name)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("kind", &self.kind)
            .field("re_openid", &mask_openid(&self.re_openid))
            .field("total_amount", &self.total_amount)
            .finish_non_exhaustive()
    }
}

/// The fields that may be amended (`wishing`, `remark`, `client_ip` …), by their wire names.
pub type Fields = BTreeMap<String, String>;

/// What a lease permits its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// One attempt.
    Attempt,
    /// One query.
    Query,
}

/// Who works on an order, as its row says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The owner: one open journal of one process.
    pub owner: String,
    /// For what.
    pub purpose: Purpose,
    /// Until when, in milliseconds of the engine's own lease clock (the host's boot clock on SQLite, the
    /// server's on PostgreSQL). Of no use outside of the engine.
    #[serde(skip)]
    pub until: i64,
    /// The boot of the host that `until` belongs to; empty on PostgreSQL.
    #[serde(skip)]
    pub boot: String,
}

/// An order as its row says.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[allow(clippy::struct_excessive_bools, reason = "they are columns, and independent of each other")]
pub struct Order {
    /// Its identity.
    #[serde(flatten)]
    pub id: OrderId,
    /// The caller's own name of the payment.
    pub intent: Option<String>,
    /// The fields that never change.
    #[serde(flatten)]
    pub identity: Identity,
    /// The fields that may be amended.
    pub fields: Fields,
    /// Where it stands.
    pub state: State,
    /// Whether an attempt's outcome was `pending` or `unknown` and no query has cleared that.
    pub ambiguous: bool,
    /// Whether a query answered FAILED: the order is never attempted again, and may be closed.
    pub failed: bool,
    /// Whether the last advice permits an attempt, as far as no query must come first.
    pub may_attempt: bool,
    /// Whether the row may be older than reality (a restored copy): it must be queried first.
    pub suspect: bool,
    /// Attempts begun.
    pub attempts: u32,
    /// Attempts that may have reached the service.
    pub reached: u32,
    /// When it was prepared.
    pub created_at: Moment,
    /// When the row changed last.
    pub updated_at: Moment,
    /// When the first attempt that may have reached the service began.
    pub first_attempt_at: Option<Moment>,
    /// The advice of the last answer.
    pub advice: Option<String>,
    /// Whom else that answer concerned.
    pub scope: Option<String>,
    /// The service's last code.
    pub err_code: Option<String>,
    /// No attempt or query before this.
    pub not_before: Option<Moment>,
    /// The service's own number of the packet.
    pub send_listid: Option<String>,
    /// The last status that a query told.
    pub query_status: Option<String>,
    /// When a query was last answered.
    pub queried_at: Option<Moment>,
    /// Queries answered.
    pub queries: u32,
    /// The host that the ambiguous attempt went to.
    pub ambiguous_host: Option<String>,
    /// The fence of the last lease: each lease has a higher one.
    pub fence: i64,
    /// Who works on it now.
    pub holder: Option<Holder>,
    /// Its place in the order of preparation; the cursor of [`super::List::after`].
    pub seq: i64,
    /// The state to return to if the attempt under way turns out not to have left. Of an open order that no
    /// attempt is under way of: its state in the old copy that it comes from.
    #[serde(skip)]
    pub(super) state_before: Option<State>,
    /// The ambiguous flag before the attempt under way.
    #[serde(skip)]
    pub(super) ambiguous_before: bool,
    /// The ambiguous host before the attempt under way.
    #[serde(skip)]
    pub(super) host_before: Option<String>,
    /// The first attempt by the boot clock, and which boot: what a wall clock that steps can't falsify.
    #[serde(skip)]
    pub(super) first_boot: Option<(String, i64)>,
    /// The day under which the amount is counted for the caps.
    #[serde(skip)]
    pub(super) counted_day: Option<String>,
    /// Counts every write of the row; a write names the one that it replaces.
    #[serde(skip)]
    pub(super) rev: i64,
}

impl Order {
    /// What is known of the order's money.
    pub fn outcome(&self) -> Outcome {
        self.state.outcome()
    }

    /// Whether it was refused, and a recovery does nothing more: the caller closes it, mends it or sends it again.
    pub(crate) fn awaits_caller(&self) -> bool {
        self.state == State::Rejected && (self.may_attempt || self.failed)
    }

    /// Whether it is as an old copy of the journal has it. It may have been closed since, and its caller have been
    /// permitted a new order: only the caller can know, by giving this one again.
    pub(crate) fn is_from_old_copy(&self) -> bool {
        matches!(self.state, State::Pending | State::Unknown) && self.state_before.is_some()
    }

    /// How often the row was written: whether somebody else wrote between two looks, for tests.
    #[doc(hidden)]
    pub fn revision(&self) -> i64 {
        self.rev
    }
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("id", &format_args!("{}", self.id))
            .field("intent", &self.intent)
            .field("state", &self.state)
            .field("ambiguous", &self.ambiguous)
            .field("failed", &self.failed)
            .field("may_attempt", &self.may_attempt)
            .field("suspect", &self.suspect)
            .field("attempts", &self.attempts)
            .field("first_attempt_at", &self.first_attempt_at)
            .field("not_before", &self.not_before)
            .field("advice", &self.advice)
            .field("err_code", &self.err_code)
            .field("query_status", &self.query_status)
            .field("fence", &self.fence)
            .field("holder", &self.holder)
            .finish_non_exhaustive()
    }
}

/// One attempt, as its row says; rows are added and completed once, never changed after that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttemptRow {
    /// The fence that it was begun under.
    pub fence: i64,
    /// Its number within the order, from 1.
    pub number: u32,
    /// The host that it was to go to.
    pub host: String,
    /// Whose it was.
    pub owner: String,
    /// When it began.
    pub began_at: Moment,
    /// When its outcome was written; `None`: it never was, so the outcome is unknown.
    pub finished_at: Option<Moment>,
    /// Its outcome.
    pub outcome: Option<String>,
    /// Its advice.
    pub advice: Option<String>,
    /// The service's code.
    pub err_code: Option<String>,
    /// The HTTP status.
    pub http_status: Option<u16>,
    /// How far it came.
    pub phase: Option<String>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: Option<i64>,
    /// Whether the outcome came after the lease had been taken over.
    pub late: bool,
}

/// An operator's decision, as its row says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// When.
    pub at: Moment,
    /// Who decided.
    pub who: String,
    /// Why.
    pub why: String,
    /// What was decided.
    pub evidence: String,
    /// The state before.
    pub state_before: String,
}
