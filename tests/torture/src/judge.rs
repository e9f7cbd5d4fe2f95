//! The end: journal, ledger and what the workers were told are held against each other, payment by payment.

use std::collections::{BTreeMap, BTreeSet};

use redpack::Outcome;
use redpack::journal::{Journal, Order, QUERY_HORIZON, State};
use redpack_sandbox::Ledger;

use crate::driver::remark;
use crate::operator::{all, of_intent};

/// What must not be, each with its cases.
#[derive(Debug, Default)]
pub struct Judgement {
    /// The cases of each check that were found.
    pub broken: BTreeMap<&'static str, Vec<String>>,
    /// Payments that were made, once.
    pub paid: u64,
    /// Orders that only an operator can settle, since 29 days have passed.
    pub manual: u64,
    /// Orders in the journal.
    pub orders: u64,
}

/// Every check, so that the report can say 0.
pub const CHECKS: [&str; 10] = [
    "paid twice",
    "paid and not known",
    "claimed sent and not paid",
    "new order allowed for a paid one",
    "forgotten",
    "open without a reason",
    "sent after its lease",
    "overwritten by a stale holder",
    "two at a time",
    "restore, processes, clean-up",
];

impl Judgement {
    /// Notes a case.
    pub fn broke(&mut self, check: &'static str, case: String) {
        self.broken.entry(check).or_default().push(case);
    }

    /// Judges payments 0 to below `released`. `resolved` are the orders whose payment an operator found
    /// under another number.
    pub fn of(
        ledger: &Ledger,
        journal: &dyn Journal,
        claims: &str,
        released: u64,
        resolved: &[String],
    ) -> Result<Self, String> {
        let mut judgement = Self::default();
        let mut payments: BTreeMap<u64, Vec<Order>> = BTreeMap::new();
        for order in all(journal)? {
            judgement.orders += 1;
            if let Some((payment, _)) = of_intent(&order) {
                payments.entry(payment).or_default().push(order);
            }
        }
        let debits = |number: &str| ledger.orders.get(number).map_or(0, |order| order.debits);
        for payment in 0..released {
            let orders = payments.remove(&payment).unwrap_or_default();
            let paid = ledger.remarks.get(&remark(payment)).map_or(0, |debits| debits.debits);
            judgement.paid += u64::from(paid == 1);
            let known = orders.iter().any(|order| order.outcome() == Outcome::Sent);
            if paid > 1 {
                let by: Vec<&str> = ledger
                    .orders
                    .values()
                    .filter(|order| order.debits > 0 && order.remark == remark(payment))
                    .map(|order| order.mch_billno.as_str())
                    .collect();
                judgement.broke("paid twice", format!("payment {payment}: {by:?}; {orders:?}"));
            }
            if paid > 0 && !known {
                judgement.broke("paid and not known", format!("payment {payment}: {orders:?}"));
            }
            if orders.is_empty() {
                judgement.broke("forgotten", format!("payment {payment}"));
            }
            for order in &orders {
                let number = &order.id.mch_billno;
                let sent = order.outcome() == Outcome::Sent;
                if sent && debits(number) == 0 && !resolved.contains(number) {
                    judgement.broke("claimed sent and not paid", format!("{order:?}"));
                }
                if order.state == State::Manual {
                    judgement.manual += 1;
                }
                if let Some(open) = open_without_reason(order, journal) {
                    judgement.broke("open without a reason", open);
                }
            }
            let last = orders.iter().max_by_key(|order| of_intent(order));
            if last.is_some_and(|last| last.state == State::Closed) {
                judgement
                    .broke("open without a reason", format!("payment {payment} has no order: {orders:?}"));
            }
        }
        for (payment, orders) in payments {
            judgement.broke("forgotten", format!("payment {payment} was never wanted: {orders:?}"));
        }
        let mut seen = BTreeSet::new();
        for (what, number) in claims.lines().filter_map(|line| line.split_once(' ')) {
            if !seen.insert((what, number)) {
                continue;
            }
            match what {
                "sent" if debits(number) == 0 && !resolved.iter().any(|known| known == number) => {
                    judgement.broke("claimed sent and not paid", format!("a worker was told so of {number}"));
                }
                "allowed" if debits(number) > 0 => {
                    judgement.broke("new order allowed for a paid one", number.to_owned());
                }
                "sent-late" => judgement.broke("sent after its lease", number.to_owned()),
                "overwrote" => judgement.broke("overwritten by a stale holder", number.to_owned()),
                _ => {}
            }
        }
        for case in two_at_a_time(claims) {
            judgement.broke("two at a time", case);
        }
        Ok(judgement)
    }
}

/// Attempts and queries of one order that began while an earlier one was surely under way: before its holder
/// was done, and before its lease ended. Who never said that it was done had been killed.
fn two_at_a_time(claims: &str) -> Vec<String> {
    let mut begun: BTreeMap<(&str, i64), (i64, i64, i64)> = BTreeMap::new();
    let mut ended: BTreeMap<(&str, i64), i64> = BTreeMap::new();
    for line in claims.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let numbers: Vec<i64> = words.iter().skip(2).filter_map(|word| word.parse().ok()).collect();
        match (words.as_slice(), numbers.as_slice()) {
            (["begun", order, ..], [fence, now, ends, process]) => {
                begun.insert((*order, *fence), (*now, *ends, *process));
            }
            (["ended", order, ..], [fence, now]) => {
                ended.insert((*order, *fence), *now);
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for ((order, fence), done) in ended {
        let Some((_, lease, holder)) = begun.get(&(order, fence)) else { continue };
        let over = done.min(*lease);
        for ((_, later), (now, _, process)) in begun.range((order, fence + 1)..=(order, i64::MAX)) {
            if *now < over {
                let early = over - now;
                found.push(format!(
                    "{order}: {later} of process {process} began {early} ms before {fence} of {holder} was over"
                ));
            }
        }
    }
    found
}

/// An order that is neither settled nor an operator's by the passing of 29 days.
fn open_without_reason(order: &Order, journal: &dyn Journal) -> Option<String> {
    if order.state.is_settled() {
        return None;
    }
    let now = journal.now().ok()?;
    let old = order.first_attempt_at.is_some_and(|first| now.since(first) >= QUERY_HORIZON);
    (order.state != State::Manual || !old).then(|| format!("{order:?}"))
}
