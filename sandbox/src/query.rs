//! The two endpoints that ask what became of an order.

use redpack::table::Endpoint;
use redpack::{OrderStatus, Timestamp};

use crate::answer::{Answer, Refusal};
use crate::book::{Book, Context};
use crate::ledger::Order;
use crate::policy::{Colons, NotFound, Policy, WorkwxFields, Zone};
use crate::service::Merchant;

/// What the book says of that number.
pub(crate) fn answer(
    endpoint: &Endpoint,
    mch_billno: &str,
    book: &Book,
    context: Context<'_>,
    merchant: &Merchant,
) -> Result<Answer, Refusal> {
    let policy = context.policy;
    // Each query knows the packets of its own product only.
    let workwx = endpoint.name == "queryworkwxredpack";
    let kinds: &[&str] = if workwx { &["sendworkwxredpack"] } else { &["sendredpack", "sendminiprogramhb"] };
    let order = book.find(mch_billno, kinds, context).ok_or_else(|| not_found(policy))?;
    let time = |time: Timestamp| wire_time(time, policy, workwx);
    let refund_time = order.refund_time.filter(|_| order.status == OrderStatus::Refunded);
    let hb_type = match order.kind.as_str() {
        "sendminiprogramhb" => policy.mini_program_hb_type.as_str(),
        _ => "NORMAL",
    };
    let answer = Answer::success("OK", policy)
        .with("mch_billno", &order.mch_billno)
        .with("mch_id", &merchant.mch_id)
        .with("detail_id", &order.send_listid)
        .with("status", order.status.as_str())
        .with("send_type", "API");
    let typed = !workwx || policy.workwx_fields == WorkwxFields::Openapi;
    let answer = if typed { answer.with("hb_type", hb_type).with("total_num", "1") } else { answer };
    let answer = answer
        .with("total_amount", order.total_amount.to_string())
        .with_some("reason", order.reason.as_ref())
        .with("send_time", time(order.send_time))
        .with_some("refund_time", refund_time.map(time))
        .with_some("refund_amount", refund_time.map(|_| order.total_amount.to_string()));
    let answer = claimed(answer, order, order.rcv_time.map(time), workwx);
    Ok(if workwx {
        answer
            .with_some("sender_name", order.sender_name.as_ref())
            .with_some("sender_header_media_id", order.sender_header_media_id.as_ref())
    } else {
        answer
    })
}

fn not_found(policy: &Policy) -> Refusal {
    let text = "指定单号数据不存在";
    match policy.not_found {
        NotFound::NotFound => Refusal::new("NOT_FOUND", text),
        NotFound::OldForm => Refusal::communication("SYSTEMERROR", text),
    }
}

/// A time as an answer shows it.
fn wire_time(time: Timestamp, policy: &Policy, workwx: bool) -> String {
    let shown = match policy.time_zone {
        Zone::Beijing => time,
        Zone::Utc => Timestamp::from_unix_seconds(time.unix_seconds() - 8 * 3600),
    };
    let text = shown.to_wire();
    if workwx && policy.workwx_colons == Colons::FullWidth { text.replace(':', "：") } else { text }
}

/// Who claimed it, once somebody did: in a list, or flat in the WeCom answer.
fn claimed(answer: Answer, order: &Order, rcv_time: Option<String>, workwx: bool) -> Answer {
    let Some(rcv_time) = rcv_time else {
        return answer;
    };
    if workwx {
        answer
            .with("openid", &order.re_openid)
            .with("amount", order.total_amount.to_string())
            .with("rcv_time", rcv_time)
    } else {
        answer.with_claim(&order.re_openid, order.total_amount.0, rcv_time)
    }
}
