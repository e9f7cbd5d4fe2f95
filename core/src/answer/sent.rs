//! A successful send.

use serde::Serialize;

use super::Answer;
use crate::fen::Fen;
use crate::journal::Order;
use crate::request::WireRequest;
use crate::timestamp::Timestamp;

/// The service accepted the order and took the money. Whether the user claims the packet, or it goes back
/// after 24 hours, only a query tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SendResult {
    /// The order number.
    pub mch_billno: String,
    /// The service's own number of the packet (微信单号).
    pub send_listid: Option<String>,
    /// The amount, as echoed.
    pub total_amount: Option<Fen>,
    /// When it was sent; today's service leaves it out.
    pub send_time: Option<Timestamp>,
    /// Mini program packets: what [`crate::sign::BizRedPacket`] wants, raw.
    pub package: Option<String>,
    /// Every field as it came; none where the journal answers.
    pub answer: Answer,
    /// Whether this is the journal's record of an earlier send, and nothing was sent now.
    pub recorded: bool,
}

impl SendResult {
    pub(super) fn new(request: &WireRequest, answer: Answer) -> Self {
        let text = |name: &str| answer.text(name).map(str::to_owned);
        Self {
            mch_billno: request.expected.mch_billno.clone().unwrap_or_default(),
            send_listid: text("send_listid"),
            total_amount: answer.text("total_amount").and_then(|amount| amount.parse().ok()),
            send_time: answer.text("send_time").and_then(Timestamp::from_wire),
            package: text("package"),
            answer,
            recorded: false,
        }
    }

    /// What the journal has of an order that was sent before.
    pub(crate) fn recorded(order: &Order) -> Self {
        Self {
            mch_billno: order.id.mch_billno.clone(),
            send_listid: order.send_listid.clone(),
            total_amount: Some(Fen(order.identity.total_amount)),
            send_time: None,
            package: None,
            answer: Answer::default(),
            recorded: true,
        }
    }
}
