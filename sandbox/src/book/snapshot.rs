//! The book as the ledger shows it.

use std::collections::BTreeMap;

use super::{Book, Sums};
use crate::ledger::{Debits, Order};

/// The part of the ledger that the book knows.
pub(crate) struct Balances {
    pub sums: Sums,
    pub debits: Debits,
    pub orders: BTreeMap<String, Order>,
    pub not_landed: BTreeMap<String, u64>,
    pub landing_later: u64,
    pub recipients: BTreeMap<String, Debits>,
    pub remarks: BTreeMap<String, Debits>,
}

impl Book {
    /// One order, as the ledger shows it.
    pub fn order(&self, mch_billno: &str) -> Option<Order> {
        self.records.get(mch_billno)?.shown()
    }

    pub fn balances(&self) -> Balances {
        let mut balances = Balances {
            sums: self.sums.clone(),
            debits: Debits::default(),
            orders: BTreeMap::new(),
            not_landed: BTreeMap::new(),
            landing_later: 0,
            recipients: BTreeMap::new(),
            remarks: BTreeMap::new(),
        };
        for (number, record) in &self.records {
            balances.landing_later += u64::try_from(record.late.len()).unwrap_or(u64::MAX);
            let Some(order) = record.shown() else {
                if record.attempts > 0 {
                    balances.not_landed.insert(number.clone(), record.attempts);
                }
                continue;
            };
            if order.debits > 0 {
                balances.debits.add(&order);
                balances.recipients.entry(order.re_openid.clone()).or_default().add(&order);
                balances.remarks.entry(order.remark.clone()).or_default().add(&order);
            }
            balances.orders.insert(number.clone(), order);
        }
        balances
    }
}
