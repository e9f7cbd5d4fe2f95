//! What the answer to a query says of the order.

use serde::Serialize;

use super::{Answer, OrderRecord, ResultCodes, error_with, open, result_of, service_text, table};
use crate::error::{Error, ErrorKind, Received};
use crate::outcome::{Advice, Outcome, Scope, Verdict};
use crate::request::WireRequest;
use crate::secret::Secret;
use crate::timestamp::Timestamp;

/// A query that the service answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryResult {
    /// The order that was asked about.
    pub mch_billno: String,
    /// The order, or `None` for NOT_FOUND, **which is not a failure**: the order may still be on its way,
    /// or older than 30 days.
    pub order: Option<OrderRecord>,
    /// What is known of the order's money.
    pub outcome: Outcome,
    /// What to do next; [`Advice::NewOrderAllowed`] only where the service says FAILED.
    pub advice: Advice,
    /// Whom else that concerns. The service's answer is about one order; with a journal it may be the answer
    /// to the last attempt that concerned more.
    pub scope: Scope,
    /// The earliest time to follow the advice, where one is given.
    pub not_before: Option<Timestamp>,
    /// Every field as it came.
    pub answer: Answer,
}

impl QueryResult {
    /// Whether the service knows the order.
    pub fn found(&self) -> bool {
        self.order.is_some()
    }
}

/// Judges the answer to a query. A pure function but for the clock, which it is given.
///
/// # Errors
/// Whatever is not an answer about this order. An error of a query never speaks of the order.
pub fn read_query(
    request: &WireRequest,
    received: &Received,
    key: &Secret,
    now: Timestamp,
) -> Result<QueryResult, Error> {
    judge(request, received, key, now).map_err(|error| error.without_key(key))
}

fn judge(
    request: &WireRequest,
    received: &Received,
    key: &Secret,
    now: Timestamp,
) -> Result<QueryResult, Error> {
    let answer = open(request, received, key)?;
    let failed = |kind, message: String| error_with(kind, request, received, &answer, message);
    let refused = || {
        // The code's scope is worth knowing (a wrong key stops everything); the advice stays "ask again".
        let scope = table::code_verdict(answer.text("err_code")).scope;
        failed(ErrorKind::Answer, service_text(&answer)).judged(table::QUERY_SAYS_NOTHING).with_scope(scope)
    };
    if answer.echo_mismatch(&request.expected, &["mch_billno", "mch_id"]).is_some() {
        return Err(failed(ErrorKind::EchoMismatch, "the answer is about another order".into()));
    }
    let order = match result_of(&answer) {
        ResultCodes::Success => {
            // FAILED of another order would permit a second payment of ours: no name, no belief.
            if answer.text("mch_billno").is_none() {
                return Err(failed(
                    ErrorKind::EchoMismatch,
                    "the answer does not say which order it is about".into(),
                ));
            }
            if request.signed_answer && answer.text("sign").is_none() {
                return Err(failed(
                    ErrorKind::BadSignature,
                    "the answer lacks the signature that it must carry".into(),
                ));
            }
            Some(OrderRecord::new(&answer))
        }
        ResultCodes::Refused if answer.text("err_code") == Some("NOT_FOUND") => None,
        ResultCodes::Refused | ResultCodes::NoCommunication => return Err(refused()),
        ResultCodes::NotUnderstood(why) => return Err(failed(ErrorKind::Malformed, why.into())),
    };
    let Verdict { outcome, advice, scope, wait } =
        order.as_ref().map_or(table::QUERY_SAYS_NOTHING, |o| verdict(o, now));
    Ok(QueryResult {
        mch_billno: request.expected.mch_billno.clone().unwrap_or_default(),
        order,
        outcome,
        advice,
        scope,
        not_before: wait.not_before(now),
        answer,
    })
}

fn verdict(order: &OrderRecord, now: Timestamp) -> Verdict {
    let status = order.status.as_ref().map(super::OrderStatus::as_str);
    let fresh = order
        .send_time
        .is_some_and(|sent| now.unix_seconds() - sent.unix_seconds() < table::ATTEMPT_HORIZON_SECONDS);
    if status == Some("SENDING") && order.reason.is_some() && fresh {
        return table::SENDING_WITH_REASON;
    }
    table::status_verdict(status)
}
