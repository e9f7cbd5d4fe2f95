//! After a crash: every order that it left open is settled or explained. And later: what became of those
//! that were sent.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use super::settle::{By, Settlement};
use super::state::refused;
use crate::answer::OrderStatus;
use crate::client::Client;
use crate::error::{Error, Operation};
use crate::fen::Fen;
use crate::journal::{Claim, Held, Journal, JournalError, List, Moment, Order, OrderId, State, Work};
use crate::outcome::Outcome;
use crate::timestamp::Timestamp;

/// Why a recovery leaves an order open that it could attempt.
const OF_OLD_COPY: &str = "it comes from a restored journal: give it again if no other order was made for it";
/// How many orders are taken at once: few, so that other processes get their share.
const AT_ONCE: u32 = 8;
/// How many open orders are read at a time to find out when the next one is due.
const A_PAGE: u32 = 500;
/// The first looks at an order that was sent come at these intervals, then the last one again and again.
/// Unclaimed money goes back after 24 hours.
const LOOKS: [Duration; 5] = [
    Duration::from_secs(24 * 3600 + 600),
    Duration::from_secs(3600),
    Duration::from_secs(3 * 3600),
    Duration::from_secs(12 * 3600),
    Duration::from_secs(48 * 3600),
];

/// How long to wait before an order that was sent is looked at again, after so many looks.
pub(super) fn next_look(looks: u32) -> Duration {
    let index = usize::try_from(looks).unwrap_or(usize::MAX).min(LOOKS.len() - 1);
    LOOKS[index]
}

/// What a recovery found and did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Recovered {
    /// Every order that was open and due, as it is now.
    pub orders: Vec<Settlement>,
    /// How many more were attempted, are open, and not due yet or in other hands: call again. An order that was
    /// refused and waits for the caller, who closes or mends it, is not among them.
    pub waiting: u32,
    /// When the first of those that are still open is due; `None`: a recovery has nothing left to do.
    pub next_due: Option<Timestamp>,
}

impl Recovered {
    /// Those whose money question is still open.
    pub fn open(&self) -> impl Iterator<Item = &Settlement> {
        self.orders.iter().filter(|settlement| !settlement.is_settled())
    }
}

/// What a reconciliation found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Reconciled {
    /// How many orders were asked about.
    pub asked: u32,
    /// Orders that were claimed.
    pub received: Vec<Order>,
    /// Orders that nobody has claimed yet.
    pub unclaimed: Vec<Order>,
    /// Orders whose money came back, or is on its way.
    pub refunded: Vec<Order>,
    /// Orders of which the service says otherwise than the journal: an operator must look.
    pub contradicting: Vec<Order>,
    /// How many queries failed; their orders stay due.
    pub failed: u32,
}

impl Reconciled {
    /// The money that came back, or is on its way.
    pub fn refunded_fen(&self) -> Fen {
        let sum = self.refunded.iter().map(|order| order.identity.total_amount);
        Fen(sum.fold(0, u64::saturating_add))
    }
}

impl Client {
    /// Settles, or explains, the orders that are open and due: after a crash at the start of a program, and
    /// from time to time. Several processes may do it at once; each order is one's.
    ///
    /// It begins with a query for each, and goes on as [`Client::settle`] does, for `limit` in all.
    /// What a restored journal held open is only asked about: it may have been closed in the part that was lost,
    /// and its caller have been permitted a new order. It is attempted if the caller gives it again.
    ///
    /// # Errors
    /// Where there is no journal, or it can't be read.
    pub fn recover(&self, limit: Duration) -> Result<Recovered, Error> {
        let journal = self.journal_for(Operation::Send)?;
        let mut recovered = self.recover_due(&*journal, limit)?;
        self.look_ahead(&*journal, &mut recovered).map_err(|error| refused(&error, None))?;
        Ok(recovered)
    }

    /// What is left, and when to come back for it.
    fn look_ahead(&self, journal: &dyn Journal, recovered: &mut Recovered) -> Result<(), JournalError> {
        let seen: BTreeSet<OrderId> =
            recovered.orders.iter().map(|settled| settled.order.id.clone()).collect();
        for state in [State::Sending, State::Rejected, State::Pending, State::Unknown] {
            let mut list = List { mch_id: Some(self.mch_id()), state: Some(state), after: 0, limit: A_PAGE };
            loop {
                let page = journal.list(&list)?;
                // What was refused is asked about once; then it is the caller's turn.
                for order in page.iter().filter(|order| !order.awaits_caller()) {
                    recovered.waiting += u32::from(!seen.contains(&order.id));
                    let due = order.not_before.map_or_else(Timestamp::now, Moment::timestamp);
                    recovered.next_due = Some(recovered.next_due.map_or(due, |first| first.min(due)));
                }
                match page.last() {
                    Some(last) if page.len() >= usize::try_from(A_PAGE).unwrap_or(usize::MAX) => {
                        list.after = last.seq;
                    }
                    _ => break,
                }
            }
        }
        Ok(())
    }

    fn recover_due(&self, journal: &dyn Journal, limit: Duration) -> Result<Recovered, Error> {
        let clock = self.clock();
        let started = clock.elapsed();
        let mut recovered = Recovered::default();
        let mut seen = BTreeSet::new();
        loop {
            let left = limit.saturating_sub(clock.elapsed().saturating_sub(started));
            let claimed = self.claim(Work::Recover)?;
            if claimed.is_empty() {
                return Ok(recovered);
            }
            let again = claimed.iter().all(|held| seen.contains(&held.order.id));
            for held in claimed {
                let id = held.order.id.clone();
                if clock.is_stopped() {
                    // Not asked any more, but told.
                    if seen.insert(id) {
                        recovered.orders.push(Settlement::of(held.order));
                    }
                    continue;
                }
                let row = held.order.clone();
                let time = limit.saturating_sub(clock.elapsed().saturating_sub(started));
                let settled = self
                    .ask(journal, held, None)
                    .and_then(|asked| self.settle_order(journal, asked.order, time, By::Recovery));
                // One order's trouble must not hide what is known of the others.
                let mut settlement = settled.unwrap_or_else(|error| Settlement {
                    trouble: Some(error.message().to_owned()),
                    ..Settlement::of(row)
                });
                settlement.queries += 1;
                if settlement.trouble.is_none() && settlement.order.is_from_old_copy() {
                    settlement.trouble = Some(OF_OLD_COPY.to_owned());
                }
                if seen.insert(id) {
                    recovered.orders.push(settlement);
                } else if let Some(former) =
                    recovered.orders.iter_mut().find(|former| former.order.id == settlement.order.id)
                {
                    *former = settlement;
                }
            }
            if left.is_zero() || again || clock.is_stopped() {
                return Ok(recovered);
            }
        }
    }

    /// Asks what became of orders that were sent and are due to be looked at: claimed, going back, or back.
    /// Each is looked at a day after it was sent, and then at growing intervals.
    ///
    /// # Errors
    /// Where there is no journal, or it can't be read.
    pub fn reconcile(&self, limit: Duration) -> Result<Reconciled, Error> {
        let journal = self.journal_for(Operation::Query)?;
        let clock = self.clock();
        let started = clock.elapsed();
        let failed = OrderStatus::Failed.as_str();
        let mut reconciled = Reconciled::default();
        while clock.elapsed().saturating_sub(started) < limit {
            let claimed = self.claim(Work::Reconcile)?;
            if claimed.is_empty() {
                break;
            }
            for held in claimed {
                if clock.is_stopped() {
                    return Ok(reconciled);
                }
                let asked = self.ask(&*journal, held, None)?;
                reconciled.asked += 1;
                reconciled.failed += u32::from(asked.result.is_err());
                let list = match asked.order.state {
                    State::Received => &mut reconciled.received,
                    State::Refunding | State::Refunded => &mut reconciled.refunded,
                    // An operator resolved it as paid, and the service calls its number failed.
                    State::Sent if asked.order.query_status.as_deref() == Some(failed) => {
                        &mut reconciled.contradicting
                    }
                    _ if asked.order.outcome() == Outcome::Sent => &mut reconciled.unclaimed,
                    _ => &mut reconciled.contradicting,
                };
                list.push(asked.order);
            }
        }
        Ok(reconciled)
    }

    fn claim(&self, work: Work) -> Result<Vec<Held>, Error> {
        let journal = self.journal_for(Operation::Send)?;
        let claim = Claim {
            work,
            mch_id: Some(self.mch_id()),
            limit: AT_ONCE,
            // They are worked on one by one.
            lease: self.lease_length() * AT_ONCE,
        };
        journal.claim(&claim).map_err(|error| refused(&error, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_come_more_rarely_and_never_stop() {
        assert_eq!(next_look(0), LOOKS[0]);
        assert_eq!(next_look(3), LOOKS[3]);
        assert_eq!(next_look(u32::MAX), LOOKS[4]);
    }
}
