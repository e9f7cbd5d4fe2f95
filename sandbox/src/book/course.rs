//! What time does to orders by itself: late landings, the end of PROCESSING, closing, and return.

use redpack::{Fen, OrderStatus};

use super::record::Step;
use super::{Book, Context};
use crate::clock::Moment;
use crate::clock::{later, second};
use crate::policy::Policy;

impl Book {
    /// Lets everything happen that is due, in its order and at its own moment.
    pub fn catch_up(&mut self, now: Moment, policy: &Policy) {
        while let Some((moment, _)) = self.due.first()
            && *moment <= now
            && let Some((moment, mch_billno)) = self.due.pop_first()
        {
            // Whoever asks, it happens at the primary host.
            let context = Context { policy, now: moment, backup: false };
            self.land_late(&mch_billno, context);
            self.take_next_step(&mch_billno, context);
        }
    }

    fn land_late(&mut self, mch_billno: &str, context: Context<'_>) {
        let Some(record) = self.records.get_mut(mch_billno) else { return };
        let arrives = |(moment, _): &mut (Moment, _)| *moment <= context.now;
        let arrived: Vec<_> = record.late.extract_if(.., arrives).collect();
        for (_, order) in arrived {
            self.changed.insert(mch_billno.to_owned());
            // Nobody waits for this answer. The order itself shows what became of it.
            let _ = self.take(order, context);
        }
    }

    fn take_next_step(&mut self, mch_billno: &str, context: Context<'_>) {
        let Some(record) = self.records.get_mut(mch_billno) else { return };
        let Some((_, step)) = record.next.take_if(|(moment, _)| *moment <= context.now) else { return };
        let Some(order) = record.order.as_mut() else { return };
        self.changed.insert(mch_billno.to_owned());
        let time = second(context.now);
        match step {
            Step::Fail => {
                order.enter(OrderStatus::Failed, time);
                // A failure of next day is told without a reason (protocol facts, section 6).
                order.reason = None;
            }
            Step::Refund => {
                order.enter(OrderStatus::Refunding, time);
                let back = later(context.now, context.policy.refunding_seconds);
                record.next = Some((back, Step::Refunded));
                self.due.insert((back, mch_billno.to_owned()));
            }
            Step::Refunded => record.refund(&mut self.sums, context.now),
            Step::Pay => {
                let order = order.clone();
                match self.sums.balance.0.checked_sub(order.total_amount.0) {
                    Some(left) => {
                        self.sums.balance = Fen(left);
                        self.paid(order, context);
                    }
                    None => {
                        if let Some(order) = self.records.get_mut(mch_billno).and_then(|r| r.order.as_mut()) {
                            order.enter(OrderStatus::Failed, time);
                        }
                    }
                }
            }
        }
    }
}
