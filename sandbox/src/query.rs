//! The two endpoints that ask what became of an order.

use redpack::OrderStatus;
use redpack::table::Endpoint;

use crate::answer::{Answer, Refusal};
use crate::book::Book;
use crate::ledger::Order;
use crate::service::Merchant;

/// What the book says of that number.
pub(crate) fn answer(
    endpoint: &'static Endpoint,
    mch_billno: &str,
    book: &Book,
    merchant: &Merchant,
) -> Result<Answer, Refusal> {
    // Each query knows the packets of its own product only.
    let workwx = endpoint.name == "queryworkwxredpack";
    let kinds: &[&str] = if workwx { &["sendworkwxredpack"] } else { &["sendredpack", "sendminiprogramhb"] };
    let order = book.find(mch_billno, kinds);
    let order = order.ok_or_else(|| Refusal::new("NOT_FOUND", "指定单号数据不存在"))?;
    let refund_time = order.refund_time.filter(|_| order.status == OrderStatus::Refunded);
    let answer = Answer::success("OK")
        .with("mch_billno", &order.mch_billno)
        .with("mch_id", &merchant.mch_id)
        .with("detail_id", &order.send_listid)
        .with("status", order.status.as_str())
        .with("send_type", "API");
    let answer = if workwx { answer } else { answer.with("hb_type", "NORMAL").with("total_num", "1") };
    let answer = answer
        .with("total_amount", order.total_amount.to_string())
        .with_some("reason", order.reason.as_ref())
        .with("send_time", order.send_time.to_wire())
        .with_some("refund_time", refund_time.map(redpack::Timestamp::to_wire))
        .with_some("refund_amount", refund_time.map(|_| order.total_amount.to_string()));
    let answer = claimed(answer, order, workwx);
    Ok(if workwx {
        answer
            .with_some("sender_name", order.sender_name.as_ref())
            .with_some("sender_header_media_id", order.sender_header_media_id.as_ref())
            .signed(&merchant.api_key)
    } else {
        answer
    })
}

/// Who claimed it, once somebody did: in a list, or flat in the WeCom answer.
fn claimed(answer: Answer, order: &Order, workwx: bool) -> Answer {
    let Some(rcv_time) = order.rcv_time.map(redpack::Timestamp::to_wire) else {
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
