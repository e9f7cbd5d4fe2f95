//! What a query tells of an order, typed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Answer;
use crate::fen::Fen;
use crate::timestamp::Timestamp;
use crate::xml::Element;

/// The state of an order at the service. Open-ended: a status that nobody has seen is kept as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderStatus {
    /// Being sent (发放中), or stuck: see `reason`.
    Sending,
    /// Sent, waiting to be claimed (已发放待领取).
    Sent,
    /// Failed for good (发放失败).
    Failed,
    /// Claimed (已领取).
    Received,
    /// Not claimed, going back to the merchant (退款中); the wire spells it `RFUND_ING`.
    Refunding,
    /// Not claimed, back with the merchant (已退款).
    Refunded,
    /// A status that this version doesn't know.
    Other(String),
}

impl OrderStatus {
    /// The wire's spelling.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sending => "SENDING",
            Self::Sent => "SENT",
            Self::Failed => "FAILED",
            Self::Received => "RECEIVED",
            Self::Refunding => "RFUND_ING",
            Self::Refunded => "REFUND",
            Self::Other(text) => text,
        }
    }
}

impl From<&str> for OrderStatus {
    fn from(text: &str) -> Self {
        let known =
            [Self::Sending, Self::Sent, Self::Failed, Self::Received, Self::Refunding, Self::Refunded];
        known
            .into_iter()
            .find(|status| status.as_str() == text)
            .unwrap_or_else(|| Self::Other(text.to_owned()))
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for OrderStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for OrderStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

/// Somebody who claimed a packet.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Receiver {
    /// The claimer's openid.
    pub openid: Option<String>,
    /// What they got.
    pub amount: Option<Fen>,
    /// When they claimed it.
    pub rcv_time: Option<Timestamp>,
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("openid", &self.openid.as_deref().map(crate::secret::mask_openid))
            .field("amount", &self.amount)
            .field("rcv_time", &self.rcv_time)
            .finish()
    }
}

/// An order as the service knows it. Fields that are missing, or that can't be read as their type, are
/// `None`; [`super::QueryResult::answer`] has them as they came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the wire's own names; the protocol facts, section 3.2, say what they hold")]
pub struct OrderRecord {
    pub mch_id: Option<String>,
    pub detail_id: Option<String>,
    pub status: Option<OrderStatus>,
    pub send_type: Option<String>,
    pub hb_type: Option<String>,
    pub total_num: Option<u64>,
    pub total_amount: Option<Fen>,
    pub reason: Option<String>,
    pub send_time: Option<Timestamp>,
    pub refund_time: Option<Timestamp>,
    pub refund_amount: Option<Fen>,
    pub wishing: Option<String>,
    pub remark: Option<String>,
    pub act_name: Option<String>,
    pub sender_name: Option<String>,
    /// Who claimed it: the `hbinfo` elements of `hblist`, or the flat fields of a WeCom answer.
    pub receivers: Vec<Receiver>,
}

impl OrderRecord {
    pub(super) fn new(answer: &Answer) -> Self {
        let text = |name: &str| answer.text(name).map(str::to_owned);
        let fen = |name: &str| answer.text(name).and_then(|value| value.parse().ok());
        let time = |name: &str| answer.text(name).and_then(Timestamp::from_wire);
        Self {
            mch_id: text("mch_id"),
            detail_id: text("detail_id"),
            status: answer.text("status").map(OrderStatus::from),
            send_type: text("send_type"),
            hb_type: text("hb_type"),
            total_num: answer.text("total_num").and_then(|number| number.parse().ok()),
            total_amount: fen("total_amount"),
            reason: text("reason"),
            send_time: time("send_time"),
            refund_time: time("refund_time"),
            refund_amount: fen("refund_amount"),
            wishing: text("wishing"),
            remark: text("remark"),
            act_name: text("act_name"),
            sender_name: text("sender_name"),
            receivers: receivers(answer.root()),
        }
    }
}

/// Only `hblist/hbinfo` and, flat, the root are looked at: old answers nest a `status` in each `hbinfo`, so
/// a search by name anywhere would read the wrong one.
fn receivers(root: &Element) -> Vec<Receiver> {
    let listed: Vec<Receiver> =
        root.children_named("hblist").flat_map(|list| list.children_named("hbinfo")).map(receiver).collect();
    if listed.is_empty() && root.text_of("openid").is_some() { vec![receiver(root)] } else { listed }
}

fn receiver(element: &Element) -> Receiver {
    Receiver {
        openid: element.text_of("openid").map(str::to_owned),
        amount: element.text_of("amount").and_then(|amount| amount.parse().ok()),
        rcv_time: element.text_of("rcv_time").and_then(Timestamp::from_wire),
    }
}
