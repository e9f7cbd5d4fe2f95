//! Settling: attempts and queries of one order until the money question has its answer, or the time is over.

use std::time::Duration;

use serde::Serialize;

use super::attempt::NotMade;
use super::clock::jittered;
use super::state::{is_passing, not_before, refused, verdict};
use crate::client::Client;
use crate::error::{Error, ErrorKind, Operation};
use crate::journal::{BeginQuery, Evidence, Journal, Order, OrderId, Refusal, State};
use crate::outcome::{Advice, Outcome, Scope, Verdict};
use crate::request::Request;
use crate::timestamp::Timestamp;

/// How long the merchant's queue is stopped where every further order would be answered alike.
const MERCHANT_PAUSE: Duration = Duration::from_secs(60);
/// The shortest wait between two looks at an order.
const LEAST_WAIT: Duration = Duration::from_millis(50);
/// An interval that nothing gives.
const USUAL_WAIT: Duration = Duration::from_secs(1);

/// What a settlement came to.
#[derive(Debug, Clone, Serialize)]
pub struct Settlement {
    /// The order as the journal has it now.
    pub order: Order,
    /// What is known of its money.
    pub outcome: Outcome,
    /// What to do next.
    pub advice: Advice,
    /// Whom else that concerns.
    pub scope: Scope,
    /// When to look again; `None` where nothing is left to look at.
    pub look_again: Option<Timestamp>,
    /// How many attempts this settlement made.
    pub attempts: u32,
    /// How many queries it made.
    pub queries: u32,
    /// The hosts that its attempts went to.
    pub hosts: Vec<String>,
    /// The last trouble on the way, for people.
    pub trouble: Option<String>,
}

impl Settlement {
    /// What is to be said of an order as the journal has it, without attempt or query.
    pub fn of(order: Order) -> Self {
        let mut settlement = Self {
            outcome: Outcome::Unknown,
            advice: Advice::QueryFirst,
            scope: Scope::Order,
            look_again: None,
            attempts: 0,
            queries: 0,
            hosts: Vec::new(),
            trouble: None,
            order,
        };
        settlement.judge();
        settlement
    }

    /// Takes the order's state over into what is said of it.
    fn judge(&mut self) {
        let Verdict { outcome, advice, scope, .. } = verdict(&self.order);
        (self.outcome, self.advice, self.scope) = (outcome, advice, scope);
        let open = !self.order.state.is_settled() && self.order.state != State::Manual;
        if self.order.state.is_settled() {
            // What stood in the way is over.
            self.trouble = None;
        }
        self.look_again = not_before(&self.order).or_else(|| open.then(Timestamp::now));
    }

    /// Whether the money question has its answer: sent, or closed.
    pub fn is_settled(&self) -> bool {
        self.order.state.is_settled()
    }
}

/// Who wants an order to be settled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Who gives the order itself, or its number.
    Caller,
    /// A recovery, which finds it in the journal.
    Recovery,
}

/// What to do next with an order.
enum Next {
    Attempt,
    Ask,
    Stop,
}

impl Client {
    /// Makes attempts and queries of an order until its money question has an answer (sent, or closed) or
    /// the time is over. Call it again with the same order at any time, from any process.
    ///
    /// It never makes a second order, never attempts one whose outcome is unknown before a query has said
    /// that nothing is known of it, and never later than 3 days after the first attempt.
    ///
    /// # Errors
    /// Only where nothing can be said of the order: no journal, a broken field, another order under the same
    /// number. An order that could not be settled in time is `Ok`: read its outcome and advice.
    pub fn settle(&self, order: impl Into<Request>, limit: Duration) -> Result<Settlement, Error> {
        let request = order.into();
        let journal = self.journal_for(Operation::Send)?;
        let order = self.prepare(&*journal, &request)?;
        self.settle_order(&*journal, order, limit, By::Caller)
    }

    /// As [`Client::settle`], of an order that is in the journal.
    ///
    /// # Errors
    /// As [`Client::settle`]; also if the journal has no such order.
    pub fn settle_number(&self, mch_billno: &str, limit: Duration) -> Result<Settlement, Error> {
        let journal = self.journal_for(Operation::Send)?;
        let order = self.order_in(&*journal, mch_billno)?;
        self.settle_order(&*journal, order, limit, By::Caller)
    }

    /// Promises that the order is never attempted again, by anyone; then a new one is permitted.
    ///
    /// # Errors
    /// Of kind `not_permitted` while it may still be paid for: it was sent, is under way, or is ambiguous.
    pub fn close(&self, mch_billno: &str) -> Result<Settlement, Error> {
        let journal = self.journal_for(Operation::Send)?;
        let id = OrderId::new(self.mch_id(), mch_billno);
        journal.close(&id).map(Settlement::of).map_err(|error| refused(&error, Some(mch_billno)))
    }

    /// Records an operator's decision about an order, with who decided and why.
    ///
    /// # Errors
    /// Of kind `not_permitted` where there is nothing to decide, or nobody can know yet.
    pub fn resolve(
        &self,
        mch_billno: &str,
        evidence: &Evidence,
        who: &str,
        why: &str,
    ) -> Result<Settlement, Error> {
        let journal = self.journal_for(Operation::Send)?;
        let id = OrderId::new(self.mch_id(), mch_billno);
        let order = journal.resolve(&id, evidence, who, why);
        order.map(Settlement::of).map_err(|error| refused(&error, Some(mch_billno)))
    }

    pub(super) fn order_in(&self, journal: &dyn Journal, mch_billno: &str) -> Result<Order, Error> {
        let id = OrderId::new(self.mch_id(), mch_billno);
        let found = journal.order(&id).map_err(|error| refused(&error, Some(mch_billno)))?;
        found.ok_or_else(|| {
            Error::new(ErrorKind::NotPermitted, Operation::Send, "the journal has no such order")
                .for_order(Some(mch_billno))
        })
    }

    pub(super) fn settle_order(
        &self,
        journal: &dyn Journal,
        order: Order,
        limit: Duration,
        by: By,
    ) -> Result<Settlement, Error> {
        let clock = self.clock();
        let started = clock.elapsed();
        let mut settlement = Settlement::of(order);
        loop {
            if clock.is_stopped() {
                return Ok(settlement);
            }
            let wait = match next(&settlement, by) {
                Next::Stop => return Ok(settlement),
                Next::Attempt => self.settle_attempt(journal, &mut settlement),
                Next::Ask => self.settle_query(journal, &mut settlement),
            };
            settlement.judge();
            if matches!(next(&settlement, by), Next::Stop) {
                return Ok(settlement);
            }
            let left = limit.saturating_sub(clock.elapsed().saturating_sub(started));
            match wait.map(|wait| jittered(wait).max(LEAST_WAIT)) {
                // Not longer than the caller has time for: the answer is then "not yet".
                Some(wait) if wait < left => clock.sleep(wait),
                _ => return Ok(settlement),
            }
        }
    }

    /// One attempt. Tells how long to wait before the next step; `None`: this one ends the settlement.
    fn settle_attempt(&self, journal: &dyn Journal, settlement: &mut Settlement) -> Option<Duration> {
        let id = settlement.order.id.clone();
        if let Err(error) = self.take_turn(journal, &id) {
            settlement.trouble = Some(error.message().to_owned());
            return None;
        }
        // Waiting for the turn may have been cut short.
        if self.clock().is_stopped() {
            return None;
        }
        match self.attempt(journal, &id) {
            Ok(made) => {
                settlement.attempts += 1;
                settlement.hosts.push(made.host.clone());
                if let Err(error) = &made.result {
                    settlement.trouble = Some(error.message().to_owned());
                    slow_down(journal, &id, &made.order);
                }
                settlement.order = made.order;
                due(journal, &settlement.order)
            }
            Err(NotMade::Refused(refusal, error)) => {
                settlement.trouble = Some(error.message().to_owned());
                if let Some(order) = refusal.order() {
                    settlement.order = order.clone();
                }
                match *refusal {
                    Refusal::InFlight { wait, .. } => Some(wait.min(USUAL_WAIT)),
                    Refusal::NotYetDue { wait, .. } => Some(wait),
                    Refusal::QueryFirst(_) | Refusal::HorizonPassed(_) => {
                        settlement.order.may_attempt = false;
                        Some(Duration::ZERO)
                    }
                    _ => None,
                }
            }
            Err(NotMade::Failed(error)) => {
                settlement.trouble = Some(error.message().to_owned());
                settlement.attempts += error.attempts();
                // The journal itself is in trouble: what it has of the order is asked once more, later.
                if let Ok(Some(order)) = journal.order(&id) {
                    settlement.order = order;
                }
                Some(USUAL_WAIT)
            }
        }
    }

    fn settle_query(&self, journal: &dyn Journal, settlement: &mut Settlement) -> Option<Duration> {
        let id = settlement.order.id.clone();
        let begin = BeginQuery { lease: self.lease_length(), early: false };
        let held = match journal.begin_query(&id, begin) {
            Ok(held) => held,
            Err(error) => {
                settlement.trouble = Some(error.message().to_owned());
                let refusal = error.refusal();
                if let Some(order) = refusal.and_then(Refusal::order) {
                    settlement.order = order.clone();
                }
                return match refusal {
                    Some(Refusal::InFlight { wait, .. }) => Some((*wait).min(USUAL_WAIT)),
                    Some(Refusal::NotYetDue { wait, .. }) => Some(*wait),
                    Some(_) => None,
                    None => is_passing(&error).then_some(USUAL_WAIT),
                };
            }
        };
        match self.ask(journal, held, None) {
            Ok(asked) => {
                settlement.queries += 1;
                if let Err(error) = &asked.result {
                    settlement.trouble = Some(error.message().to_owned());
                }
                settlement.order = asked.order;
                due(journal, &settlement.order)
            }
            Err(error) => {
                settlement.trouble = Some(error.message().to_owned());
                Some(USUAL_WAIT)
            }
        }
    }
}

/// How long until the order's next step, by the journal's clock.
fn due(journal: &dyn Journal, order: &Order) -> Option<Duration> {
    let Some(not_before) = order.not_before else { return Some(LEAST_WAIT) };
    journal.now().ok().map(|now| not_before.since(now).max(LEAST_WAIT))
}

/// What concerns the whole merchant stops the queue, not this order alone.
fn slow_down(journal: &dyn Journal, id: &OrderId, order: &Order) {
    let Verdict { scope, advice, .. } = verdict(order);
    if scope != Scope::Merchant || order.state.is_settled() {
        return;
    }
    let code = order.err_code.as_deref().unwrap_or("no code");
    let (length, why) = match (advice, code) {
        // Too fast, for everybody: a moment's rest.
        (_, "FREQ_LIMIT") => (Duration::from_secs(2), format!("{code}: slowed down")),
        (Advice::FixSetup, _) => (MERCHANT_PAUSE, format!("{code}: every further call would fail alike")),
        _ => (MERCHANT_PAUSE, format!("{code}: concerns every order of the merchant")),
    };
    if let Err(error) = journal.pause(&id.mch_id, Some(length), &why) {
        log::warn!(target: "redpack", "the merchant's queue could not be stopped: {error}");
    }
}

/// What the order's row leaves to do without an operator or a caller who mends something.
fn next(settlement: &Settlement, by: By) -> Next {
    let order = &settlement.order;
    if order.state.is_settled() || order.state == State::Manual {
        return Next::Stop;
    }
    match (order.state, settlement.advice) {
        // What must be mended is not for us to try again.
        (State::Rejected, Advice::FixOrder | Advice::FixSetup) => Next::Stop,
        (_, Advice::FixOrder | Advice::FixSetup) if settlement.attempts > 0 => Next::Stop,
        // Refused for a field, which has been mended since.
        (State::Rejected, Advice::RetrySameOrder) if order.may_attempt => Next::Attempt,
        // Refused, and asked about once: the caller closes it, or sends it again.
        (State::Rejected, _) if settlement.queries > 0 => Next::Stop,
        // A record of an attempt under way may be a crashed process's: only the journal can say.
        (State::Rejected | State::Sending, _) => Next::Ask,
        // Asked about; the rest is for the caller, who may have been told of its closing after the copy was made.
        _ if by == By::Recovery && order.is_from_old_copy() => Next::Stop,
        _ if order.may_attempt && !order.suspect => Next::Attempt,
        _ => Next::Ask,
    }
}
