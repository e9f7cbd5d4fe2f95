//! One attempt, or none: durable before its first byte leaves, its outcome durable before the caller hears.

use std::time::{Duration, Instant};

use super::order::{new_order, request_of};
use super::state::{not_permitted, of_order, refused, unwritten};
use crate::answer::SendResult;
use crate::client::{Client, Host};
use crate::error::{Error, ErrorKind, Operation};
use crate::journal::{AttemptEnd, Begin, Held, Journal, NewOrder, Order, OrderId, Refusal, Turn};
use crate::outcome::{Advice, Outcome, Scope};
use crate::request::Request;
use crate::secret::code_told_by_service;
use crate::transport::current_trace;

/// How often an order in other hands is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// An attempt that was made, with the order after it.
pub(super) struct Made {
    pub result: Result<SendResult, Error>,
    pub order: Order,
    pub host: String,
}

/// Why there was no attempt.
pub(super) enum NotMade {
    /// The journal refused: what it said, and why.
    Refused(Box<Refusal>, Error),
    /// Nothing is known that wasn't before.
    Failed(Error),
}

impl NotMade {
    pub fn into_error(self) -> Error {
        match self {
            Self::Refused(_, error) | Self::Failed(error) => error,
        }
    }
}

impl Client {
    /// A send with a journal: the recorded result, or the next attempt if it is permitted, or the order's
    /// present state.
    pub(crate) fn send_journaled(
        &self,
        journal: &dyn Journal,
        request: &Request,
    ) -> Result<SendResult, Error> {
        let started = Instant::now();
        let order = self.prepare(journal, request)?;
        if order.outcome() == Outcome::Sent {
            return Ok(SendResult::recorded(&order));
        }
        if self.rules().paced_sends {
            self.take_turn(journal, &order.id).map_err(|error| held_back(error, &order))?;
        }
        loop {
            match self.attempt(journal, &order.id) {
                Ok(made) => return made.result,
                Err(NotMade::Refused(refusal, error)) => match *refusal {
                    Refusal::Settled(order) => return Ok(SendResult::recorded(&order)),
                    // In flight, here or elsewhere: whoever works on it tells how it ends.
                    Refusal::InFlight { .. } if started.elapsed() < self.limits().attempt => {
                        self.clock().sleep(LOOK);
                    }
                    _ => return Err(error),
                },
                Err(not_made) => return Err(not_made.into_error()),
            }
        }
    }

    /// The order in the journal, found or written.
    pub(super) fn prepare(&self, journal: &dyn Journal, request: &Request) -> Result<Order, Error> {
        let merchant = self.merchant(Operation::Send)?;
        let new: NewOrder = new_order(request, &merchant)?;
        let prepared = journal.prepare(&new).map_err(|error| refused(&error, Some(new.number.as_str())))?;
        if !prepared.differs.is_empty() {
            let fields = prepared.differs.join(", ");
            log::warn!(target: "redpack", "order={} is sent as it was prepared: {fields} given now differ", prepared.order.id);
        }
        Ok(prepared.order)
    }

    /// Makes one attempt if the journal permits it. Where the primary host can't be reached, and nothing can
    /// have left, a second one goes to the backup host: still one wire send at the most.
    pub(super) fn attempt(&self, journal: &dyn Journal, id: &OrderId) -> Result<Made, NotMade> {
        let order =
            journal.order(id).map_err(|error| NotMade::Failed(refused(&error, Some(&id.mch_billno))))?;
        let bound = order
            .as_ref()
            .filter(|order| order.ambiguous && !self.may_change_host())
            .and_then(|order| order.ambiguous_host.clone());
        let first = match bound {
            Some(name) => self.host_named(&name).unwrap_or(self.preferred_host()),
            None => self.preferred_host(),
        };
        // A stopped queue or a limit speaks of this call; what is known of the order stays as it is.
        let made = self.attempt_at(journal, id, first).map_err(|not_made| match (not_made, &order) {
            (NotMade::Refused(refusal, error), Some(order)) if refusal.order().is_none() => {
                NotMade::Refused(refusal, held_back(error, order))
            }
            (not_made, _) => not_made,
        })?;
        match &made.result {
            Err(error) if self.should_fail_over(error) && !made.order.ambiguous => {}
            _ => return Ok(made),
        }
        match self.attempt_at(journal, id, first.other()) {
            Ok(second) => {
                self.note_reached(first.other(), second.result.as_ref().err());
                Ok(second)
            }
            // The first attempt was made, and its outcome stands.
            Err(_) => Ok(made),
        }
    }

    fn attempt_at(&self, journal: &dyn Journal, id: &OrderId, host: Host) -> Result<Made, NotMade> {
        let begin = Begin {
            host: self.host_name(host).to_owned(),
            any_host: self.may_change_host(),
            lease: self.lease_length(),
            caps: self.rules().caps,
        };
        let Held { order, lease } = journal.begin(id, &begin).map_err(|error| {
            let told = refused(&error, Some(&id.mch_billno));
            match error.refusal() {
                Some(refusal) => NotMade::Refused(Box::new(refusal.clone()), told),
                None => NotMade::Failed(told),
            }
        })?;
        let started = Instant::now();
        let permit = lease.clone();
        let result = match request_of(&order) {
            Ok(request) => self.send_once(&request, host, move || permit.is_valid()),
            Err(error) => Err(error),
        };
        let end = end_of(
            &result,
            started.elapsed(),
            result.as_ref().is_err_and(|error| self.should_fail_over(error)),
        );
        // A journal that is away for a moment is asked again: the lease is ours for a while yet.
        let finished = loop {
            match journal.finish(&lease, &end) {
                Err(error)
                    if super::state::is_passing(&error)
                        && lease.is_valid()
                        && started.elapsed() < self.limits().attempt =>
                {
                    self.clock().sleep(LOOK);
                }
                finished => break finished,
            }
        };
        match finished {
            Ok(finished) => {
                let result = told(result, &finished.order);
                Ok(Made { result, order: finished.order, host: begin.host })
            }
            Err(error) => {
                let of = match result {
                    Err(error) => error,
                    Ok(sent) => Error::new(ErrorKind::Answer, Operation::Send, "sent")
                        .for_order(Some(&sent.mch_billno))
                        .with_answer(sent.answer)
                        .with_attempts(1),
                };
                Err(NotMade::Failed(if of.outcome() == Outcome::NotSent {
                    of
                } else {
                    unwritten(&error, &of)
                }))
            }
        }
    }

    /// How long a lease must last: both limits of a call, and more.
    pub(super) fn lease_length(&self) -> Duration {
        let limits = self.limits();
        limits.connect + limits.attempt + self.rules().lease_margin
    }

    /// Waits for the merchant's next turn.
    pub(super) fn take_turn(&self, journal: &dyn Journal, id: &OrderId) -> Result<(), Error> {
        let most = self.limits().attempt;
        match journal.turn(&id.mch_id, self.rules().pace, most) {
            Ok(Turn::After(wait)) => {
                self.clock().sleep(wait);
                Ok(())
            }
            Ok(Turn::TooFar(wait)) => {
                let message = format!("the merchant's pace leaves no turn for {wait:?}");
                Err(Error::new(ErrorKind::HeldBack, Operation::Send, message).for_order(Some(&id.mch_billno)))
            }
            Err(error) => Err(refused(&error, Some(&id.mch_billno))),
        }
    }
}

/// Nothing was sent now, which says nothing of an order whose earlier attempt may have reached the service.
fn held_back(error: Error, order: &Order) -> Error {
    if order.outcome() == Outcome::NotSent { error } else { of_order(error, order) }
}

/// What the caller hears: of an order that was not sent, its state; of one that was sent, the attempt's own
/// answer, or the record if another attempt did it.
fn told(result: Result<SendResult, Error>, order: &Order) -> Result<SendResult, Error> {
    match result {
        Ok(sent) if order.outcome() == Outcome::Sent => Ok(sent),
        Ok(_) => Err(not_permitted(order, "the answer says sent, which contradicts what was known")),
        Err(_) if order.outcome() == Outcome::Sent => Ok(SendResult::recorded(order)),
        Err(error) => Err(of_order(error, order)),
    }
}

fn end_of(result: &Result<SendResult, Error>, elapsed: Duration, at_once: bool) -> AttemptEnd {
    let phase = current_trace().phase;
    match result {
        Ok(sent) => AttemptEnd {
            outcome: Outcome::Sent,
            advice: Advice::None,
            scope: Scope::Order,
            err_code: sent.answer.text("err_code").map(|code| code_told_by_service(code).into_owned()),
            send_listid: sent.send_listid.clone(),
            wait: None,
            http_status: Some(200),
            phase,
            elapsed,
        },
        Err(error) => AttemptEnd {
            outcome: error.outcome(),
            advice: error.advice(),
            scope: error.scope(),
            err_code: error.err_code().map(str::to_owned),
            send_listid: None,
            // The other host is tried at once.
            wait: super::state::until(error.not_before()).filter(|_| !at_once),
            http_status: error.http_status(),
            phase,
            elapsed,
        },
    }
}
