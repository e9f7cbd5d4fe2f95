//! The three endpoints that send: the order that a request makes, what becomes of it, and the answer.

use redpack::sign::sign;
use redpack::table::Endpoint;
use redpack::{Fen, OrderStatus, SignType};

use crate::answer::{Answer, Refusal};
use crate::book::{Book, Context, Counted, too_often};
use crate::clock::{Moment, second};
use crate::codes::text_of;
use crate::faults::{Effect, Strike};
use crate::fields::Fields;
use crate::ledger::Order;
use crate::policy::{Hasty, Policy};
use crate::service::Merchant;

/// The order that a checked request asks for.
pub(crate) fn order(endpoint: &Endpoint, fields: &Fields<'_>, now: Moment) -> Order {
    let text = |name: &str| fields.text(name).to_owned();
    // A field that the endpoint doesn't know says nothing, even if it is there.
    let optional =
        |name: &str| Some(text(name)).filter(|text| endpoint.position(name).is_some() && !text.is_empty());
    Order {
        mch_billno: text("mch_billno"),
        kind: endpoint.name.to_owned(),
        status: OrderStatus::Sending,
        reason: None,
        attempts: 0,
        hasty_attempts: 0,
        queries: 0,
        debits: 0,
        re_openid: text("re_openid"),
        total_amount: Fen(u64::try_from(fields.number("total_amount")).unwrap_or_default()),
        remark: text("remark"),
        wxappid: text("wxappid"),
        sub_mch_id: optional("sub_mch_id"),
        sender_name: optional("sender_name"),
        sender_header_media_id: optional("sender_header_media_id"),
        send_listid: String::new(),
        send_time: second(now),
        rcv_time: None,
        refund_time: None,
        states: Vec::new(),
    }
}

/// Brings the order into the book, as far as the policy and the fault that strikes let it come.
pub(crate) fn take(
    book: &mut Book,
    order: Order,
    context: Context<'_>,
    counted: Counted,
    strike: Option<&Strike>,
) -> Result<Order, Refusal> {
    let hasty = counted.hasty
        && match context.policy.hasty {
            Hasty::Answered => false,
            Hasty::RefusedBySendredpack => order.kind == "sendredpack",
            Hasty::Refused => true,
        };
    let too_many = book.too_many(context);
    if let Some(refusal) = too_many.or_else(|| hasty.then(too_often)) {
        return Err(book.refuse(order, refusal, context));
    }
    let Some(Strike { fault, after_seconds, .. }) = strike else {
        return book.take(order, context);
    };
    let code = fault.code.as_deref();
    match fault.effect {
        Effect::ByCode => Err(book.refuse(order, refusal_of(code.unwrap_or_default()), context)),
        Effect::Processing { paid } => Err(book.process(order, paid, *after_seconds, context)),
        Effect::After => {
            let taken = book.take(order, context)?;
            code.map_or(Ok(taken), |code| Err(refusal_of(code)))
        }
        Effect::Late => {
            book.take_later(order, *after_seconds, context);
            Err(refusal_of("SYSTEMERROR"))
        }
        // Whatever comes back of a request that was lost says nothing of its order.
        Effect::Before => Err(refusal_of(code.unwrap_or("SYSTEMERROR"))),
    }
}

/// What the service says with that code: a numeric one stands beside `return_code` FAIL (protocol facts,
/// section 3.1).
pub(crate) fn refusal_of(code: &str) -> Refusal {
    let numeric = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    Refusal { communication: numeric, ..Refusal::new(code.to_owned(), text_of(code)) }
}

/// The answer to a send that was paid for, now or before.
pub(crate) fn answer(endpoint: &Endpoint, order: &Order, merchant: &Merchant, policy: &Policy) -> Answer {
    let answer = Answer::success("发放成功", policy)
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
            .with_some("sender_header_media_id", order.sender_header_media_id.as_ref()),
        _ => answer,
    }
}

/// What the mini program claims the packet with. Made from the order, so that a repeat gives the same.
pub(crate) fn package(order: &Order, merchant: &Merchant) -> String {
    let part = |number: &str| {
        let fields = [("mch_billno", &*order.mch_billno), ("part", number)];
        sign(fields, &merchant.api_key, SignType::HmacSha256).to_lowercase()
    };
    let (sendid, first, second) = (part("1"), part("2"), part("3"));
    let (mch_id, appid) = (&merchant.mch_id, &order.wxappid);
    format!("sendid={sendid}&ver=8&sign={first}{second}&mchid={mch_id}&appid={appid}")
}
