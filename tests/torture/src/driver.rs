//! A driver that follows our advice to the letter: a new order of a payment whenever the advice is
//! `new_order_allowed`, and only then; and never again the one before it.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use redpack::{Advice, Client, Error, Fen, Outcome, Query, SendRedPack, Settlement};

use crate::chance::Chance;
use crate::operator::of_intent;
use crate::permits::Permits;

/// What every worker writes down at once, to be held against the ledger at the end. One `write` for a line,
/// appended: lines of several processes don't mix, and a kill loses none that was written.
#[derive(Debug)]
pub struct Claims(File);

impl Claims {
    /// Opens the file of claims.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self(OpenOptions::new().append(true).create(true).open(path)?))
    }

    /// Writes one.
    pub fn note(&self, what: &str, about: &str) {
        let _told = (&self.0).write_all(format!("{what} {about}\n").as_bytes());
    }
}

/// Pays payments through one client.
pub struct Driver {
    /// The client, with its journal.
    pub client: Client,
    /// What it claims.
    pub claims: Claims,
    /// What it was permitted.
    pub permits: Permits,
    /// Its chance.
    pub chance: Chance,
}

/// The remark of a payment: the same for each of its orders, so that the ledger counts the payment.
pub fn remark(payment: u64) -> String {
    format!("pay-{payment}")
}

/// The intent key of a payment's how-manieth order.
pub fn intent(payment: u64, generation: u32) -> String {
    format!("pay-{payment}/{generation}")
}

/// The order of a payment, without a number.
pub fn order(payment: u64, generation: u32, number: &str) -> SendRedPack {
    SendRedPack::new(number, format!("oTorture{payment}").as_str(), Fen(100 + payment % 50))
        .send_name("天虹百货")
        .act_name("猜灯谜")
        .wishing("节日快乐")
        .remark(remark(payment))
        .intent(intent(payment, generation))
}

impl Driver {
    /// Some steps on one payment: the order that it has come to, and those that are allowed after it. Tells
    /// whether it was told that the payment is made.
    pub fn drive(&mut self, payment: u64, steps: u32) -> bool {
        let mut generation = self.permits.generation(payment);
        for _ in 0..steps {
            match self.step(payment, generation) {
                // The one and only permission, kept before it is used.
                Advice::NewOrderAllowed => {
                    generation += 1;
                    self.permits.note(payment, generation);
                }
                Advice::None => return true,
                Advice::AskOperator => return false,
                _ if self.chance.permille(400) => return false,
                _ => {}
            }
        }
        false
    }

    fn step(&mut self, payment: u64, generation: u32) -> Advice {
        let wanted = order(payment, generation, "");
        let number = self.number(payment, generation);
        match (self.chance.below(100), number) {
            (0..40, _) | (_, None) => {
                let sent = self.client.send(&wanted);
                match sent {
                    Ok(sent) => self.heard(Outcome::Sent, Advice::None, &sent.mch_billno),
                    Err(error) => self.refused(&error),
                }
            }
            (40..65, _) => {
                let limit = self.chance.pick(&[200, 2_000, 60_000]).unwrap_or(200);
                match self.client.settle(wanted, Duration::from_millis(limit)) {
                    Ok(settled) => self.settled(&settled),
                    Err(error) => self.refused(&error),
                }
            }
            (65..85, Some(number)) => match self.client.query(&Query::new(&number)) {
                Ok(found) => self.heard(found.outcome, found.advice, &number),
                Err(error) => self.refused(&error),
            },
            (_, Some(number)) => match self.client.close(&number) {
                Ok(closed) => self.settled(&closed),
                Err(error) => self.refused(&error),
            },
        }
    }

    /// Orders that a crash left open, and orders that were sent: whoever finds them.
    pub fn clean_up(&mut self, limit: Duration) -> usize {
        if self.chance.permille(500) {
            let _seen = self.client.reconcile(limit);
        }
        let recovered = self.client.recover(limit).map(|recovered| recovered.orders).unwrap_or_default();
        for settled in &recovered {
            let advice = self.settled(settled);
            if let (Advice::NewOrderAllowed, Some((payment, generation))) =
                (advice, of_intent(&settled.order))
            {
                self.permits.note(payment, generation + 1);
            }
        }
        recovered.len()
    }

    fn number(&self, payment: u64, generation: u32) -> Option<String> {
        let journal = self.client.journal()?;
        let found = journal.order_of_intent(&self.client.mch_id(), &intent(payment, generation));
        found.ok().flatten().map(|order| order.id.mch_billno)
    }

    fn settled(&self, settled: &Settlement) -> Advice {
        self.heard(settled.outcome, settled.advice, &settled.order.id.mch_billno)
    }

    fn refused(&self, error: &Error) -> Advice {
        match error.mch_billno() {
            Some(number) => self.heard(error.outcome(), error.advice(), number),
            // Nothing was said of any order.
            None => Advice::QueryFirst,
        }
    }

    /// Writes down what the ledger can contradict.
    fn heard(&self, outcome: Outcome, advice: Advice, number: &str) -> Advice {
        if outcome == Outcome::Sent {
            self.claims.note("sent", number);
        }
        if advice == Advice::NewOrderAllowed {
            self.claims.note("allowed", number);
        }
        advice
    }
}
