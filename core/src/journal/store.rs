//! What an engine must be able to do, and what it is given: decisions are made by the rules, engines only
//! load, write conditionally and commit.

use std::sync::Arc;
use std::time::Duration;

use super::error::JournalError;
use super::input::{AttemptEnd, Claim, List, Pause, Turn};
use super::moment::Moment;
use super::order::{AttemptRow, Decision, Order, OrderId};
use super::reply::{Refusal, Restore};

/// What a rule sees.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// The order by its number.
    pub order: Option<Order>,
    /// The order by the intent key.
    pub by_intent: Option<Order>,
    /// The attempt of [`Step::attempt`].
    pub attempt: Option<AttemptRow>,
    /// Whether an operator has decided about the order, where [`Step::resolved`] asks.
    pub resolved: bool,
    /// Now, by the engine's clock.
    pub now: Moment,
    /// The boot clock, where the engine lives on one host.
    pub boot: Option<(String, i64)>,
    /// How long the order's holder may still go on; `None`: nobody holds it, or the holder is dead.
    pub holder_left: Option<Duration>,
    /// A fence higher than any before.
    pub fence: i64,
    /// Whose lease it would be.
    pub owner: String,
    /// Now, by the clock of leases.
    pub lease_now: i64,
    /// The merchant's pause.
    pub pause: Option<Pause>,
    /// The suspicion that the journal is an old copy.
    pub restore: Option<Restore>,
    /// What is counted today, in fen: of the recipient, of the merchant.
    pub spent: (u64, u64),
}

/// The amount of an order, counted for the caps or taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spend {
    pub day: String,
    pub openid: String,
    pub fen: i64,
}

/// What becomes of an attempt's row.
#[derive(Debug, Clone)]
pub(crate) enum AttemptWrite {
    Begin { fence: i64, number: u32, host: String },
    End { fence: i64, end: AttemptEnd, late: bool },
}

/// One atomic, conditional write.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    /// The row as it is to be; inserted where [`Seen::order`] is none, else written over the revision seen.
    pub order: Order,
    pub attempt: Option<AttemptWrite>,
    pub spend: Option<Spend>,
    pub decision: Option<Decision>,
    /// Whether forgetting this write (by restoring an older copy) could cost money.
    pub guarded: bool,
    /// What the caller is told although something was written.
    pub refusal: Option<Refusal>,
}

impl Write {
    pub fn new(order: Order) -> Self {
        Self { order, attempt: None, spend: None, decision: None, guarded: false, refusal: None }
    }

    pub fn guarded(mut self) -> Self {
        self.guarded = true;
        self
    }
}

/// A rule's verdict.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "made and taken apart once per operation: boxing would cost more than moving"
)]
pub(crate) enum Decided {
    /// Nothing to write: this is how it stands.
    Keep(Box<Order>),
    /// Nothing to write, and no.
    Refuse(Refusal),
    /// This is to be written.
    Write(Box<Write>),
}

/// A rule with its input.
pub(crate) type Rule = Arc<dyn Fn(&Seen) -> Decided + Send + Sync>;

/// One operation on one order.
#[derive(Clone)]
pub(crate) struct Step {
    pub id: OrderId,
    /// Also look for the order of this intent key.
    pub intent: Option<String>,
    /// Also look for the attempt begun under this fence.
    pub attempt: Option<i64>,
    /// Also look whether an operator has decided about the order.
    pub resolved: bool,
    /// Whether the rule wants to know what is counted today for this recipient.
    pub spent_of: Option<String>,
    pub rule: Rule,
}

/// What came of a step.
#[derive(Debug, Clone)]
pub(crate) struct Stepped {
    pub order: Order,
    /// Whether this step's own write is there.
    pub wrote: bool,
}

/// An engine.
pub(crate) trait Store: Send + Sync {
    /// Loads, decides, writes if the rule wants it, commits. `Ok` only if the commit is known to be durable;
    /// a refusal is an error of kind `refused`.
    fn step(&self, step: &Step) -> Result<Stepped, JournalError>;
    /// Claims work, each order by the rule given; skips what others are claiming.
    fn claim(&self, claim: &Claim, rule: &Rule) -> Result<Vec<Order>, JournalError>;
    fn order(&self, id: &OrderId) -> Result<Option<Order>, JournalError>;
    fn order_of_intent(&self, mch_id: &str, intent: &str) -> Result<Option<Order>, JournalError>;
    fn attempts(&self, id: &OrderId) -> Result<Vec<AttemptRow>, JournalError>;
    fn decisions(&self, id: &OrderId) -> Result<Vec<Decision>, JournalError>;
    fn list(&self, list: &List) -> Result<Vec<Order>, JournalError>;
    fn turn(&self, mch_id: &str, interval: Duration, most: Duration) -> Result<Turn, JournalError>;
    fn set_pause(&self, mch_id: &str, pause: Option<(Option<Duration>, String)>) -> Result<(), JournalError>;
    fn pause(&self, mch_id: &str) -> Result<Option<Pause>, JournalError>;
    fn spent(&self, mch_id: &str, day: Option<&str>, openid: &str) -> Result<u64, JournalError>;
    fn restore(&self) -> Result<Option<Restore>, JournalError>;
    fn accept_restore(&self, who: &str, why: &str) -> Result<(), JournalError>;
    fn now(&self) -> Result<Moment, JournalError>;
}
