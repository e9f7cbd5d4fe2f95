//! The book: every order, every attempt, and the merchant's money. One lock, so that what it says is one
//! moment's truth.

mod course;
mod limits;
mod record;
mod snapshot;
mod take;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use redpack::{Fen, OrderStatus};
use serde::{Deserialize, Serialize};

use crate::clock::{Moment, second};
use crate::error::SandboxError;
use crate::ledger::Order;
use crate::policy::Policy;
use limits::Limits;
pub(crate) use record::Record;
pub(crate) use snapshot::Balances;
pub(crate) use take::too_often;

/// The least time between two attempts of one order (protocol facts, section 1).
const LEAST_INTERVAL: Duration = Duration::from_secs(1);

/// The circumstances of a request.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub policy: &'a Policy,
    pub now: Moment,
    /// Whether it came to the backup host.
    pub backup: bool,
}

/// Sums that belong to no one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sums {
    pub balance: Fen,
    pub refunded: Fen,
    pub sends: u64,
    pub queries: u64,
    pub refusals: BTreeMap<String, u64>,
}

pub(crate) struct Book {
    sums: Sums,
    records: BTreeMap<String, Record>,
    /// When something happens by itself to which number, the next first.
    due: BTreeSet<(Moment, String)>,
    limits: Limits,
    /// The numbers whose records have changed since [`Book::changed`] was asked last.
    changed: BTreeSet<String>,
}

/// What came before it, for a request that names a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    /// From 1: the how-manieth send, or query, of this order it is.
    pub attempt: u64,
    /// Whether it came less than a second after the send before.
    pub hasty: bool,
}

impl Book {
    pub fn new(balance: Fen) -> Self {
        let sums = Sums { balance, refunded: Fen(0), sends: 0, queries: 0, refusals: BTreeMap::new() };
        Self::restore(sums, BTreeMap::new())
    }

    /// The book of a former run.
    pub fn restore(sums: Sums, records: BTreeMap<String, Record>) -> Self {
        let due = records
            .iter()
            .flat_map(|(number, record)| record.due().map(move |moment| (moment, number.clone())))
            .collect();
        let mut limits = Limits::default();
        for order in records.values().filter_map(|record| record.order.as_ref()) {
            limits.count_paid(order);
        }
        Self { sums, records, due, limits, changed: BTreeSet::new() }
    }

    pub fn sums(&self) -> &Sums {
        &self.sums
    }

    pub fn set_balance(&mut self, balance: Fen) {
        self.sums.balance = balance;
    }

    pub fn add_balance(&mut self, more: Fen) {
        self.sums.balance.0 = self.sums.balance.0.saturating_add(more.0);
    }

    /// Every record.
    pub fn records(&self) -> &BTreeMap<String, Record> {
        &self.records
    }

    /// The records that have changed since this was asked last.
    pub fn changed(&mut self) -> Vec<(String, &Record)> {
        let numbers = std::mem::take(&mut self.changed);
        numbers
            .into_iter()
            .filter_map(|number| self.records.get(&number).map(|record| (number, record)))
            .collect()
    }

    /// A whole request that sends has come, under that number if it is a legal one.
    pub fn count_send(&mut self, mch_billno: Option<&str>, now: Moment) -> Counted {
        self.sums.sends += 1;
        let Some(mch_billno) = mch_billno else { return Counted { attempt: 1, hasty: false } };
        let least = i64::try_from(LEAST_INTERVAL.as_millis()).unwrap_or(i64::MAX);
        let record = self.record(mch_billno);
        let hasty = record.last_attempt.is_some_and(|last| now.saturating_sub(last) < least);
        record.attempts += 1;
        record.hasty_attempts += u64::from(hasty);
        record.last_attempt = Some(now);
        Counted { attempt: record.attempts, hasty }
    }

    /// A whole request that asks has come, about that number if it is a legal one.
    pub fn count_query(&mut self, mch_billno: Option<&str>) -> Counted {
        self.sums.queries += 1;
        let Some(mch_billno) = mch_billno else { return Counted { attempt: 1, hasty: false } };
        let record = self.record(mch_billno);
        record.queries += 1;
        Counted { attempt: record.queries, hasty: false }
    }

    pub fn count_refusal(&mut self, code: &str) {
        match self.sums.refusals.get_mut(code) {
            Some(count) => *count += 1,
            None => drop(self.sums.refusals.insert(code.to_owned(), 1)),
        }
    }

    /// An order that came to one of those endpoints, as a query sees it.
    pub fn find(&self, mch_billno: &str, kinds: &[&str], context: Context<'_>) -> Option<&Order> {
        let record = self.records.get(mch_billno)?;
        let order = record.order.as_ref().filter(|order| kinds.contains(&order.kind.as_str()))?;
        let age = record.age(context.now);
        let window = i64::try_from(context.policy.query_window_seconds).unwrap_or(i64::MAX);
        let seen = record.is_seen(context) && age <= window.saturating_mul(1000);
        seen.then_some(order)
    }

    /// The order of that number, landed or still on its way.
    pub fn known(&self, mch_billno: &str) -> Option<&Order> {
        let record = self.records.get(mch_billno)?;
        record.order.as_ref().or_else(|| record.late.first().map(|(_, order)| order))
    }

    /// The recipient opens the packet.
    pub fn claim(&mut self, mch_billno: &str, now: Moment) -> Result<(), SandboxError> {
        self.move_on(mch_billno, |record, _| {
            let order = record.order.as_mut()?;
            order.enter(OrderStatus::Received, second(now));
            order.rcv_time = Some(second(now));
            record.next = None;
            Some(())
        })
    }

    /// Nobody opened it in time: the money goes back.
    pub fn refund(&mut self, mch_billno: &str, now: Moment) -> Result<(), SandboxError> {
        self.move_on(mch_billno, |record, sums| {
            record.refund(sums, now);
            Some(())
        })
    }

    /// Moves on an order that is SENT and in no other status.
    fn move_on(
        &mut self,
        mch_billno: &str,
        how: impl FnOnce(&mut Record, &mut Sums) -> Option<()>,
    ) -> Result<(), SandboxError> {
        let missing = || SandboxError::NoSuchOrder(mch_billno.to_owned());
        let record = self.records.get_mut(mch_billno).ok_or_else(missing)?;
        let status = record.order.as_ref().ok_or_else(missing)?.status.clone();
        if status != OrderStatus::Sent {
            return Err(SandboxError::WrongStatus { mch_billno: mch_billno.to_owned(), status });
        }
        let _ = how(record, &mut self.sums);
        self.changed.insert(mch_billno.to_owned());
        Ok(())
    }

    /// The record of a number, which is going to change.
    fn record(&mut self, mch_billno: &str) -> &mut Record {
        self.changed.insert(mch_billno.to_owned());
        self.records.entry(mch_billno.to_owned()).or_default()
    }
}
