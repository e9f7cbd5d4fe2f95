//! The end: journal, ledger and what the workers were told are held against each other, payment by payment.

use std::collections::{BTreeMap, BTreeSet};

use redpack::Outcome;
use redpack::journal::{Journal, Order, OrderId, QUERY_HORIZON, State};
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

    /// Judges payments 0 to below `released`.
    pub fn of(ledger: &Ledger, journal: &dyn Journal, claims: &str, released: u64) -> Result<Self, String> {
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
                let story = story(&remark(payment), ledger, journal, claims);
                judgement.broke("paid twice", format!("payment {payment}: {story}"));
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
                if sent && debits(number) == 0 {
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
                "sent" if debits(number) == 0 => {
                    judgement.broke("claimed sent and not paid", format!("a worker was told so of {number}"));
                }
                "allowed" if debits(number) > 0 => {
                    let remark = ledger.orders.get(number).map_or("", |order| &order.remark);
                    let story = story(remark, ledger, journal, claims);
                    judgement.broke("new order allowed for a paid one", format!("{number}: {story}"));
                }
                "sent-late" => judgement.broke("sent after its lease", number.to_owned()),
                "overwrote" => judgement.broke("overwritten by a stale holder", number.to_owned()),
                _ => {}
            }
        }
        for (number, case) in two_at_a_time(claims) {
            let story = of_number(number, ledger, journal, claims);
            judgement.broke("two at a time", format!("{number}: {case}{story}"));
        }
        Ok(judgement)
    }
}

/// All that is known of a payment: what the ledger, the journal and the workers have of its orders.
fn story(remark: &str, ledger: &Ledger, journal: &dyn Journal, claims: &str) -> String {
    let mut numbers: Vec<String> = Vec::new();
    for order in ledger.orders.values().filter(|order| order.remark == remark) {
        numbers.push(order.mch_billno.clone());
    }
    for order in all(journal).unwrap_or_default() {
        let payment = of_intent(&order).map(|(payment, _)| self::remark(payment));
        if payment.as_deref() == Some(remark) && !numbers.contains(&order.id.mch_billno) {
            numbers.push(order.id.mch_billno);
        }
    }
    numbers.iter().map(|number| of_number(number, ledger, journal, claims)).collect()
}

/// All that is known of an order.
fn of_number(number: &str, ledger: &Ledger, journal: &dyn Journal, claims: &str) -> String {
    let mut told = vec![String::new()];
    if let Some(order) = ledger.orders.get(number) {
        told.push(format!("ledger: {order:?}"));
    }
    let id = OrderId::new(&*ledger.mch_id, number);
    match journal.order(&id) {
        Ok(Some(order)) => told.push(format!("journal: {order:?}")),
        Ok(None) => told.push("journal: nothing".to_owned()),
        Err(error) => told.push(format!("journal: {error}")),
    }
    for attempt in journal.attempts(&id).unwrap_or_default() {
        told.push(format!("attempt: {attempt:?}"));
    }
    for decision in journal.decisions(&id).unwrap_or_default() {
        told.push(format!("decision: {decision:?}"));
    }
    for (line, text) in claims.lines().enumerate() {
        let mut words = text.split(' ');
        let (what, about) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if about == number || ["copied", "restored", "accepted"].contains(&what) {
            told.push(format!("told, line {}: {text}", line + 1));
        }
    }
    told.join("\n          ")
}

/// Attempts and queries of one order that began while an earlier one was surely under way: before its holder
/// was done, and before its lease ended. Who never said that it was done had been killed.
fn two_at_a_time(claims: &str) -> Vec<(&str, String)> {
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
                let case = format!(
                    "{later} of process {process} began {early} ms before {fence} of {holder} was over"
                );
                found.push((order, case));
            }
        }
    }
    found
}

/// Whether its money question is open, and a machine's.
pub fn is_open(order: &Order) -> bool {
    !order.state.is_settled() && order.state != State::Manual
}

/// An order that is neither settled nor an operator's by the passing of 29 days.
fn open_without_reason(order: &Order, journal: &dyn Journal) -> Option<String> {
    if !is_open(order) && order.state != State::Manual {
        return None;
    }
    let now = journal.now().ok()?;
    let old = order.first_attempt_at.is_some_and(|first| now.since(first) >= QUERY_HORIZON);
    (order.state != State::Manual || !old).then(|| format!("{order:?}"))
}
