//! Taking an order in, or recognising it: one number is paid for once.

use redpack::{Fen, OrderStatus};
use sha2::{Digest, Sha256};

use super::record::Step;
use super::{Book, Context};
use crate::answer::Refusal;
use crate::clock::{later, second};
use crate::ledger::Order;
use crate::policy::Repeat;

/// The codes after which an order has been seen to land as SENDING, with the text as its reason: limits,
/// balance and risk control (protocol facts, section 10, question 2).
const LIMITS: [&str; 8] = [
    "NOTENOUGH",
    "SENDNUM_LIMIT",
    "RCVDAMOUNT_LIMIT",
    "SENDAMOUNT_LIMIT",
    "NO_AUTH",
    "V2_ACCOUNT_SIMPLE_BAN",
    "NAME_MISMATCH",
    "AMOUNT_LIMIT",
];
/// The refusals of which nobody knows whether the order lands.
const REFUSALS: [&str; 3] = ["MONEY_LIMIT", "OPENID_ERROR", "PARAM_ERROR"];

impl Book {
    /// Takes an order in and pays for it, or answers for the one that is there.
    ///
    /// The same number with the same recipient and amount is the same order. If it was paid for, the policy
    /// says what is answered; if it was stuck, it is paid for now if it can be.
    pub fn take(&mut self, mut order: Order, context: Context<'_>) -> Result<Order, Refusal> {
        let policy = context.policy;
        let record = self.records.get(&order.mch_billno);
        let former = record.and_then(|record| record.order.as_ref().map(|order| (record, order)));
        if let Some((record, former)) = former {
            let known =
                policy.remember_seconds.is_none_or(|seconds| later(record.landed, seconds) > context.now)
                    && (record.is_seen(context) || !policy.backup_pays_unseen);
            if known {
                let same = former.kind == order.kind
                    && former.re_openid == order.re_openid
                    && former.total_amount == order.total_amount;
                if !same {
                    return Err(Refusal::new("FATAL_ERROR", "更换了openid或金额，但商户单号未更新"));
                }
                match former.status {
                    // No reason, so it is not stuck: the service is still at work on it.
                    OrderStatus::Sending if former.reason.is_none() => return Err(processing()),
                    OrderStatus::Sending => order = former.clone(),
                    OrderStatus::Failed => return Err(failed()),
                    _ => return repeated(former, policy.repeat_after_success),
                }
            } else {
                // Forgotten, or not heard of: the number is paid for anew, which the ledger shows.
                order.debits = former.debits;
                order.states.clone_from(&former.states);
            }
        }
        if order.send_listid.is_empty() {
            order.send_listid = send_listid(&order, context.now);
        }
        if let Some((code, text)) = self.limits.today(&order, context) {
            return Err(self.refuse(order, Refusal::new(code, text), context));
        }
        let Some(left) = self.sums.balance.0.checked_sub(order.total_amount.0) else {
            let refusal = Refusal::new("NOTENOUGH", "帐号余额不足，请到商户平台充值后再重试");
            return Err(self.refuse(order, refusal, context));
        };
        self.sums.balance = Fen(left);
        Ok(self.paid(order, context))
    }

    /// The order is refused with that code. Whether it lands all the same, the policy says.
    pub fn refuse(&mut self, mut order: Order, refusal: Refusal, context: Context<'_>) -> Refusal {
        let policy = context.policy;
        let code = &*refusal.code;
        let lands = LIMITS.contains(&code) && policy.limit_failures_land
            || code == "FREQ_LIMIT" && policy.freq_limit_lands
            || REFUSALS.contains(&code) && policy.refusals_land
            || code == "SEND_FAILED";
        let former = self.records.get(&order.mch_billno).and_then(|record| record.order.as_ref());
        let untouched = former.is_none_or(|former| former.status == OrderStatus::Sending);
        if lands && untouched && order.total_amount.0 > 0 {
            order.send_listid = send_listid(&order, context.now);
            if code == "SEND_FAILED" {
                order.enter(OrderStatus::Failed, second(context.now));
                self.land(order, None, context);
            } else {
                // The console shows 帐号余额不足 where the answer said more.
                let reason = if code == "NOTENOUGH" { "帐号余额不足" } else { &*refusal.text };
                order.reason = Some(reason.to_owned());
                order.enter(OrderStatus::Sending, second(context.now));
                let closes = later(context.now, policy.close_after_seconds);
                self.land(order, Some((closes, Step::Fail)), context);
            }
        }
        refusal
    }

    /// The order is held unpaid, without a reason, until PROCESSING ends.
    pub fn process(&mut self, mut order: Order, paid: bool, seconds: u64, context: Context<'_>) -> Refusal {
        let record = self.records.get(&order.mch_billno);
        if record.is_none_or(|record| record.order.is_none()) {
            order.send_listid = send_listid(&order, context.now);
            order.enter(OrderStatus::Sending, second(context.now));
            let step = if paid { Step::Pay } else { Step::Fail };
            self.land(order, Some((later(context.now, seconds), step)), context);
        }
        processing()
    }

    /// The request is lost on its way and lands after so many seconds.
    pub fn take_later(&mut self, order: Order, seconds: u64, context: Context<'_>) {
        let due = later(context.now, seconds);
        self.due.insert((due, order.mch_billno.clone()));
        self.record(&order.mch_billno.clone()).late.push((due, order));
    }

    /// Counts a send, and refuses it if the second has seen too many.
    pub fn too_many(&mut self, context: Context<'_>) -> Option<Refusal> {
        self.limits.too_many(context).then(too_often)
    }

    /// The money is taken: the order is SENT.
    pub(super) fn paid(&mut self, mut order: Order, context: Context<'_>) -> Order {
        order.debits += 1;
        order.reason = None;
        order.send_time = second(context.now);
        order.enter(OrderStatus::Sent, order.send_time);
        self.limits.count_paid(&order);
        let refund = later(context.now, context.policy.refund_after_seconds);
        self.land(order.clone(), Some((refund, Step::Refund)), context);
        order
    }

    /// Writes the order down, with what time does to it next.
    fn land(&mut self, order: Order, next: Option<(i64, Step)>, context: Context<'_>) {
        let mch_billno = order.mch_billno.clone();
        if let Some((moment, _)) = next {
            self.due.insert((moment, mch_billno.clone()));
        }
        let record = self.record(&mch_billno);
        let paid_anew = order.debits > 1;
        if record.order.is_none() || paid_anew {
            record.landed = context.now;
        }
        // An order that was stuck keeps the moment at which it is closed.
        let stuck = |order: &Order| order.status == OrderStatus::Sending && order.reason.is_some();
        let again = stuck(&order) && record.order.as_ref().is_some_and(stuck);
        if !again {
            record.next = next;
        }
        record.order = Some(order);
    }
}

pub(crate) fn too_often() -> Refusal {
    Refusal::new("FREQ_LIMIT", "超过频率限制，请稍后再试")
}

fn processing() -> Refusal {
    Refusal::new("PROCESSING", "请求已受理，请稍后使用原单号查询发放结果")
}

fn failed() -> Refusal {
    Refusal::new("SEND_FAILED", "该订单已经过期，请更换商户单号")
}

/// The answer to a send of an order that was paid for before.
fn repeated(former: &Order, policy: Repeat) -> Result<Order, Refusal> {
    match policy {
        Repeat::Success => Ok(former.clone()),
        Repeat::SendFailed => Err(Refusal::new("SEND_FAILED", "红包发放失败,请更换单号再重试")),
        Repeat::FatalError => Err(Refusal::new("FATAL_ERROR", "该商户单号已被使用")),
        Repeat::UnknownCode => Err(Refusal::new("ALREADY_RECEIVED", "该红包已被领取")),
    }
}

/// A number like the service's own: 30 digits with the day in them. Made from the order's own number, so
/// that it doesn't depend on what else happens.
fn send_listid(order: &Order, now: i64) -> String {
    let digest = Sha256::digest(&order.mch_billno);
    let number = digest[..8].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let day = &second(now).to_wire().replace('-', "")[..8];
    format!("1000000000{day}{:012}", number % 1_000_000_000_000)
}
