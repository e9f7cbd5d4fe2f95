//! The ledger over plain HTTP, for tests in other languages. It can be read, not changed.

use std::sync::atomic::Ordering::Relaxed;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use serde::Serialize;

use crate::book::Balances;
use crate::gateway::typed;
use crate::ledger::{Ledger, Totals};
use crate::server::Shared;

/// Answers `GET /ledger` and `GET /ledger?mch_billno=…`.
pub(crate) fn answer(shared: &Shared, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    if request.uri().path() != "/ledger" {
        return problem(StatusCode::NOT_FOUND, "there is /ledger and nothing else");
    }
    if request.method() != Method::GET {
        return problem(StatusCode::METHOD_NOT_ALLOWED, "the ledger can be read only: GET");
    }
    match request.uri().query().unwrap_or_default() {
        "" => json(StatusCode::OK, &snapshot(shared)),
        query => match query.strip_prefix("mch_billno=") {
            None => problem(StatusCode::BAD_REQUEST, "the only parameter is mch_billno"),
            Some(mch_billno) => match shared.service.book().order(mch_billno) {
                Some(order) => json(StatusCode::OK, &order),
                None => problem(StatusCode::NOT_FOUND, "no order of that mch_billno landed"),
            },
        },
    }
}

/// The ledger of this moment.
pub(crate) fn snapshot(shared: &Shared) -> Ledger {
    let Balances {
        balance,
        sends,
        queries,
        debits,
        refunded,
        orders,
        not_landed,
        recipients,
        remarks,
        refusals,
    } = shared.service.book().balances();
    let traffic = &shared.traffic;
    let totals = Totals {
        connections: traffic.connections.load(Relaxed),
        tls_handshakes: traffic.tls_handshakes.load(Relaxed),
        requests: traffic.requests.load(Relaxed),
        sends,
        queries,
        debits: debits.debits,
        debited: debits.debited,
        refunded,
    };
    let (mch_id, appid) = (shared.service.merchant.mch_id.clone(), shared.service.merchant.appid.clone());
    Ledger { mch_id, appid, balance, totals, orders, not_landed, recipients, remarks, refusals }
}

fn problem(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    json(status, &serde_json::json!({ "error": text }))
}

fn json(status: StatusCode, value: &impl Serialize) -> Response<Full<Bytes>> {
    match serde_json::to_vec_pretty(value) {
        Ok(text) => typed(status, "application/json", text),
        Err(error) => typed(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", error.to_string()),
    }
}
