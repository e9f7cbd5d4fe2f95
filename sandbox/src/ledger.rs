//! What the gateway has seen and done, as tests compare it with what a client believes.

use std::collections::BTreeMap;

use redpack::{Fen, OrderStatus, Timestamp};
use serde::{Deserialize, Serialize};

/// A snapshot of everything that the gateway knows. Amounts are fen, times RFC 3339 in Beijing time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// The merchant.
    pub mch_id: String,
    /// Its appid.
    pub appid: String,
    /// What it can still spend.
    pub balance: Fen,
    /// Counts over everything.
    pub totals: Totals,
    /// Every order that landed, by `mch_billno`.
    pub orders: BTreeMap<String, Order>,
    /// How often a legal `mch_billno` was sent of which no order landed, by that number.
    pub not_landed: BTreeMap<String, u64>,
    /// How many requests are lost on their way, and will land later by the gateway's clock.
    pub landing_later: u64,
    /// What was paid to each `re_openid`.
    pub recipients: BTreeMap<String, Debits>,
    /// What was paid under each `remark`: a test that writes its own name of a payment there sees whether
    /// that payment was made twice under two numbers.
    pub remarks: BTreeMap<String, Debits>,
    /// How often each `err_code` was answered.
    pub refusals: BTreeMap<String, u64>,
    /// How often each fault has struck, by its name.
    pub faults: BTreeMap<String, u64>,
}

/// Counts over everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// TCP connections to the gateway.
    pub connections: u64,
    /// TLS handshakes that were completed.
    pub tls_handshakes: u64,
    /// HTTP requests, whatever was answered.
    pub requests: u64,
    /// Whole requests to an endpoint that sends, refused ones too.
    pub sends: u64,
    /// Whole requests to an endpoint that asks, refused ones too.
    pub queries: u64,
    /// How often money was taken.
    pub debits: u64,
    /// How much was taken.
    pub debited: Fen,
    /// How much came back unclaimed.
    pub refunded: Fen,
}

/// How often money was taken, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Debits {
    /// How often.
    pub debits: u64,
    /// How much, returns not deducted.
    pub debited: Fen,
}

impl Default for Debits {
    fn default() -> Self {
        Self { debits: 0, debited: Fen(0) }
    }
}

impl Debits {
    pub(crate) fn add(&mut self, order: &Order) {
        self.debits += order.debits;
        self.debited.0 = self.debited.0.saturating_add(order.total_amount.0.saturating_mul(order.debits));
    }
}

/// An order that landed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its number.
    pub mch_billno: String,
    /// The endpoint that it came to, such as `sendredpack`.
    pub kind: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// Why it stands there, if it is stuck.
    pub reason: Option<String>,
    /// Sends that named this number, refused ones too.
    pub attempts: u64,
    /// Of these, the ones less than a second after the one before.
    pub hasty_attempts: u64,
    /// Queries that named this number, unanswered ones too.
    pub queries: u64,
    /// How often it was paid for: 0 or 1, unless the policy lets the service forget numbers.
    pub debits: u64,
    /// The recipient.
    pub re_openid: String,
    /// What it holds.
    pub total_amount: Fen,
    /// The remark of the first send.
    pub remark: String,
    /// The appid that it was sent under.
    pub wxappid: String,
    /// The sub-merchant, in service-provider mode.
    pub sub_mch_id: Option<String>,
    /// In whose name it was sent (WeCom).
    pub sender_name: Option<String>,
    /// That sender's picture (WeCom).
    pub sender_header_media_id: Option<String>,
    /// The service's own number of it, in queries called `detail_id`.
    pub send_listid: String,
    /// When it was paid for; before that, when it landed.
    pub send_time: Timestamp,
    /// When it was claimed.
    pub rcv_time: Option<Timestamp>,
    /// When its money came back.
    pub refund_time: Option<Timestamp>,
    /// Every status that it has had, with the time.
    pub states: Vec<State>,
}

/// A status and when it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The wire's word.
    pub status: OrderStatus,
    /// When it began.
    pub since: Timestamp,
}

impl Order {
    /// Moves it to a status, at that time.
    pub(crate) fn enter(&mut self, status: OrderStatus, since: Timestamp) {
        if self.states.last().map(|state| &state.status) != Some(&status) {
            self.states.push(State { status: status.clone(), since });
        }
        self.status = status;
    }
}
