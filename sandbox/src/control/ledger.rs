//! `GET /ledger`: what the gateway has seen and done.

use std::sync::atomic::Ordering::Relaxed;

use super::{Answer, ok, problem, refused};
use crate::book::Balances;
use crate::ledger::{Ledger, Totals};
use crate::server::Shared;

/// Answers `/ledger` and `/ledger?mch_billno=…`.
pub(super) fn answer(shared: &Shared, query: &str) -> Result<Answer, Answer> {
    match query {
        "" => ok(&snapshot(shared)),
        query => match query.strip_prefix("mch_billno=") {
            None => Err(refused("the only parameter is mch_billno")),
            Some(mch_billno) => {
                let mut world = shared.service.world();
                world.catch_up();
                match world.book.order(mch_billno) {
                    Some(order) => ok(&order),
                    None => problem(hyper::StatusCode::NOT_FOUND, "no order of that mch_billno landed"),
                }
            }
        },
    }
}

/// The ledger of this moment.
pub(crate) fn snapshot(shared: &Shared) -> Ledger {
    let mut world = shared.service.world();
    world.catch_up();
    let Balances { sums, debits, orders, not_landed, landing_later, recipients, remarks } =
        world.book.balances();
    let faults = world.faults.struck().clone();
    drop(world);
    let traffic = &shared.traffic;
    let totals = Totals {
        connections: traffic.connections.load(Relaxed),
        tls_handshakes: traffic.tls_handshakes.load(Relaxed),
        requests: traffic.requests.load(Relaxed),
        sends: sums.sends,
        queries: sums.queries,
        debits: debits.debits,
        debited: debits.debited,
        refunded: sums.refunded,
    };
    Ledger {
        mch_id: shared.service.merchant.mch_id.clone(),
        appid: shared.service.merchant.appid.clone(),
        balance: sums.balance,
        totals,
        orders,
        not_landed,
        landing_later,
        recipients,
        remarks,
        refusals: sums.refusals,
        faults,
    }
}
