//! The three endpoints that send: the order that a request makes, and the answer when it is paid for.

use redpack::sign::sign;
use redpack::table::Endpoint;
use redpack::{Fen, OrderStatus, SignType, Timestamp};

use crate::answer::Answer;
use crate::fields::Fields;
use crate::ledger::Order;
use crate::service::Merchant;

/// The order that a checked request asks for.
pub(crate) fn order(endpoint: &'static Endpoint, fields: &Fields<'_>) -> Order {
    let text = |name: &str| fields.text(name).to_owned();
    // A field that the endpoint doesn't know says nothing, even if it is there.
    let optional =
        |name: &str| Some(text(name)).filter(|text| endpoint.position(name).is_some() && !text.is_empty());
    Order {
        mch_billno: text("mch_billno"),
        kind: endpoint.name,
        status: OrderStatus::Sending,
        reason: None,
        attempts: 0,
        hasty_attempts: 0,
        debits: 0,
        re_openid: text("re_openid"),
        total_amount: Fen(u64::try_from(fields.number("total_amount")).unwrap_or_default()),
        remark: text("remark"),
        wxappid: text("wxappid"),
        sub_mch_id: optional("sub_mch_id"),
        sender_name: optional("sender_name"),
        sender_header_media_id: optional("sender_header_media_id"),
        send_listid: String::new(),
        send_time: Timestamp::now(),
        rcv_time: None,
        refund_time: None,
    }
}

/// The answer to a send that was paid for, now or before.
pub(crate) fn answer(endpoint: &'static Endpoint, order: &Order, merchant: &Merchant) -> Answer {
    let answer = Answer::success("发放成功")
        .with("mch_billno", &order.mch_billno)
        .with("mch_id", &merchant.mch_id)
        .with("wxappid", &order.wxappid)
        .with("re_openid", &order.re_openid)
        .with("total_amount", order.total_amount.to_string())
        .with("send_listid", &order.send_listid);
    match endpoint.name {
        "sendminiprogramhb" => answer.with("package", package(order, merchant)),
        "sendworkwxredpack" => answer
            .with_some("sender_name", order.sender_name.as_ref())
            .with_some("sender_header_media_id", order.sender_header_media_id.as_ref())
            .signed(&merchant.api_key),
        _ => answer,
    }
}

/// What the mini program claims the packet with. Made from the order, so that a repeat gives the same.
fn package(order: &Order, merchant: &Merchant) -> String {
    let part = |number: &str| {
        let fields = [("mch_billno", &*order.mch_billno), ("part", number)];
        sign(fields, &merchant.api_key, SignType::HmacSha256).to_lowercase()
    };
    let (sendid, first, second) = (part("1"), part("2"), part("3"));
    let (mch_id, appid) = (&merchant.mch_id, &order.wxappid);
    format!("sendid={sendid}&ver=8&sign={first}{second}&mchid={mch_id}&appid={appid}")
}
