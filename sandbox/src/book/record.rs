//! All that the book knows of one number.

use redpack::{Fen, OrderStatus};
use serde::{Deserialize, Serialize};

use super::{Context, Sums};
use crate::clock::{Moment, second};
use crate::ledger::Order;

/// What time does next to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// PROCESSING ends well.
    Pay,
    /// PROCESSING ends badly, or an order that was stuck is closed.
    Fail,
    /// A packet that nobody opened begins to go back.
    Refund,
    /// It is back.
    Refunded,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub attempts: u64,
    pub hasty_attempts: u64,
    pub last_attempt: Option<Moment>,
    pub queries: u64,
    pub order: Option<Order>,
    /// When the order landed.
    pub landed: Moment,
    /// What happens next to the order, and when.
    pub next: Option<(Moment, Step)>,
    /// Requests that are lost on their way and land later.
    pub late: Vec<(Moment, Order)>,
}

impl Record {
    /// When something happens by itself.
    pub fn due(&self) -> impl Iterator<Item = Moment> {
        self.late.iter().map(|(moment, _)| *moment).chain(self.next.map(|(moment, _)| moment))
    }

    /// How long ago the order landed, in milliseconds.
    pub fn age(&self, now: Moment) -> i64 {
        now.saturating_sub(self.landed)
    }

    /// Whether the host that is asked has heard of the order: the backup host may lag behind.
    pub fn is_seen(&self, context: Context<'_>) -> bool {
        let lag = i64::try_from(context.policy.backup_lag_seconds).unwrap_or(i64::MAX);
        !context.backup || self.age(context.now) >= lag.saturating_mul(1000)
    }

    /// The money goes back.
    pub fn refund(&mut self, sums: &mut Sums, now: Moment) {
        self.next = None;
        let Some(order) = self.order.as_mut() else { return };
        order.enter(OrderStatus::Refunded, second(now));
        order.refund_time = Some(second(now));
        let amount = order.total_amount.0.saturating_mul(order.debits);
        sums.balance = Fen(sums.balance.0.saturating_add(amount));
        sums.refunded = Fen(sums.refunded.0.saturating_add(amount));
    }

    /// The order as the ledger shows it.
    pub fn shown(&self) -> Option<Order> {
        let order = self.order.as_ref()?;
        Some(Order {
            attempts: self.attempts,
            hasty_attempts: self.hasty_attempts,
            queries: self.queries,
            ..order.clone()
        })
    }
}
