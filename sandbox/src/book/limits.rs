//! How much and how often the merchant may send: by second, by recipient and day, by day (protocol facts,
//! section 7).

use std::collections::HashMap;

use redpack::Fen;

use super::Context;
use crate::clock::second;
use crate::ledger::Order;

/// What has been sent lately.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// The second under way, and how many sends it has seen.
    second: (i64, u64),
    /// The day under way in Beijing.
    day: String,
    /// Packets and fen of that day, by recipient.
    recipients: HashMap<String, (u64, u64)>,
    /// Fen of that day.
    merchant: u64,
}

impl Limits {
    /// Counts a send; whether it is more than the second's share.
    pub fn too_many(&mut self, context: Context<'_>) -> bool {
        let second = context.now.div_euclid(1000);
        if self.second.0 != second {
            self.second = (second, 0);
        }
        self.second.1 += 1;
        context.policy.sends_per_second.is_some_and(|most| self.second.1 > most)
    }

    /// The code and the text for a packet that is too much for today, if it is.
    pub fn today(&mut self, order: &Order, context: Context<'_>) -> Option<(&'static str, &'static str)> {
        self.turn_to(&second(context.now).beijing_day());
        let (packets, fen) = self.recipients.get(&order.re_openid).copied().unwrap_or_default();
        let amount = order.total_amount.0;
        let over = |most: Option<u64>, sum: u64| most.is_some_and(|most| sum > most);
        if over(context.policy.recipient_packets_per_day, packets + 1) {
            return Some(("SENDNUM_LIMIT", "该用户今日领取红包个数超过限制"));
        }
        if over(context.policy.recipient_fen_per_day, fen.saturating_add(amount)) {
            return Some(("RCVDAMOUNT_LIMIT", "该用户今日领取金额超过限制"));
        }
        if over(context.policy.merchant_fen_per_day, self.merchant.saturating_add(amount)) {
            return Some(("SENDAMOUNT_LIMIT", "您的商户号今日发放金额超过限制"));
        }
        None
    }

    /// A packet was paid for, at its `send_time`.
    pub fn count_paid(&mut self, order: &Order) {
        if order.debits == 0 {
            return;
        }
        let day = order.send_time.beijing_day();
        // Packets of a former run come in any order: an older day's don't count.
        if day < self.day {
            return;
        }
        self.turn_to(&day);
        let Fen(amount) = order.total_amount;
        let (packets, fen) = self.recipients.entry(order.re_openid.clone()).or_default();
        *packets += 1;
        *fen = fen.saturating_add(amount);
        self.merchant = self.merchant.saturating_add(amount);
    }

    fn turn_to(&mut self, day: &str) {
        if self.day != day {
            *self = Self { second: self.second, day: day.to_owned(), ..Self::default() };
        }
    }
}
