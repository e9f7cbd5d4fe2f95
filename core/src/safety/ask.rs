//! One query under the journal's lease: no attempt of the order runs meanwhile, and only here an ambiguous
//! order can be cleared.

use std::time::Duration;

use super::order::query_of;
use super::state::{not_before, refused, until, verdict};
use crate::answer::QueryResult;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Operation};
use crate::journal::{BeginQuery, Held, Journal, JournalError, Order, OrderId, QueryEnd, Told};
use crate::outcome::{Advice, Outcome};
use crate::request::Request;
use crate::secret::mask_openids_in;

/// A query that was made: its result, and the order after it.
pub(super) struct Asked {
    pub result: Result<QueryResult, Error>,
    pub order: Order,
}

impl Client {
    /// A query with a journal: what it tells is written down. An order that the journal doesn't have is
    /// asked about all the same, but what is told of it permits nothing: nobody knows who else sends it.
    pub(crate) fn query_journaled(
        &self,
        journal: &dyn Journal,
        request: &Request,
    ) -> Result<QueryResult, Error> {
        let id = OrderId::new(self.mch_id(), request.get("mch_billno").unwrap_or_default());
        let refused = |error: &JournalError| of_query(refused(error, Some(&id.mch_billno)));
        let known = journal.order(&id).map_err(|error| refused(&error))?;
        if known.is_none() {
            return self.query_once(request, None).map(|mut result| {
                if result.advice == Advice::NewOrderAllowed {
                    result.advice = Advice::AskOperator;
                }
                result
            });
        }
        let begin = BeginQuery { lease: self.lease_length(), early: true };
        let held = journal.begin_query(&id, begin).map_err(|error| refused(&error))?;
        let asked = self.ask(journal, held, Some(request)).map_err(of_query)?;
        asked.result.map(|mut result| {
            let verdict = verdict(&asked.order);
            (result.outcome, result.advice, result.scope) = (verdict.outcome, verdict.advice, verdict.scope);
            result.not_before = not_before(&asked.order);
            result
        })
    }

    /// Asks about an order whose lease is held, writes down what is told, and closes an order that failed:
    /// only then a new one is permitted.
    pub(super) fn ask(
        &self,
        journal: &dyn Journal,
        held: Held,
        request: Option<&Request>,
    ) -> Result<Asked, Error> {
        let Held { order, lease } = held;
        let own = query_of(&order);
        let permit = lease.clone();
        let result =
            self.query_once(request.unwrap_or(&own), Some(std::sync::Arc::new(move || permit.is_valid())));
        let result = result.and_then(|found| of_this_order(found, &order));
        let wait = wait_after(&order, &result);
        let end = QueryEnd {
            told: told(&result),
            send_listid: result.as_ref().ok().and_then(|found| found.order.as_ref()?.detail_id.clone()),
            wait,
        };
        let finished = journal.finish_query(&lease, &end);
        let mut order = finished.map_err(|error| refused(&error, Some(&order.id.mch_billno)))?.order;
        if order.failed
            && let Ok(closed) = journal.close(&order.id)
        {
            order = closed;
        }
        Ok(Asked { result, order })
    }
}

/// A journal that fails in a query says nothing of the order: an error of a send would say "not sent". Where
/// the journal told the order, the error speaks of that.
fn of_query(error: Error) -> Error {
    if error.order().is_some() { error } else { error.during(Operation::Query) }
}

/// The answer, unless it names another amount than the order's: then it is about something else.
fn of_this_order(found: QueryResult, order: &Order) -> Result<QueryResult, Error> {
    let told = found.order.as_ref().and_then(|record| record.total_amount);
    match told {
        Some(told) if told.0 != order.identity.total_amount => {
            let ours = order.identity.total_amount;
            let message = format!("the answer is about {told} fen, and the order is of {ours} fen");
            Err(Error::new(ErrorKind::EchoMismatch, Operation::Query, message)
                .for_order(Some(&order.id.mch_billno))
                .with_answer(found.answer)
                .with_attempts(1))
        }
        _ => Ok(found),
    }
}

/// When to ask again: soon while the money question is open, rarely once it has its answer.
fn wait_after(order: &Order, result: &Result<QueryResult, Error>) -> Option<Duration> {
    match result {
        Ok(found) if found.outcome == Outcome::Sent => Some(super::recover::next_look(order.queries)),
        Ok(found) => until(found.not_before),
        Err(error) => until(error.not_before()),
    }
}

fn told(result: &Result<QueryResult, Error>) -> Told {
    match result {
        Ok(found) => match &found.order {
            None => Told::NotFound,
            Some(order) => match &order.status {
                // Old enough orders stuck for a reason may not be attempted again: the advice says so.
                Some(status) => Told::Status(status.clone(), found.advice == Advice::RetrySameOrder),
                None => Told::Nothing,
            },
        },
        // Only what the service itself said; a time limit or an unreadable answer tells nothing.
        Err(error) if error.kind() == ErrorKind::Answer => match error.err_code() {
            Some(code) => Told::Refused(mask_openids_in(code)),
            None => Told::Nothing,
        },
        Err(_) => Told::Nothing,
    }
}
