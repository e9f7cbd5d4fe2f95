//! What an operator does, and nobody else: after a restore, finds the payments that the journal has lost in
//! the merchant's console (here the ledger), enters them under the intent keys that the callers have come to, and
//! only then accepts the restore.

use std::time::Duration;

use redpack::Client;
use redpack::journal::{Journal, List, Order};

use crate::driver::order;
use crate::permits::Permits;
use crate::world::World;

/// What the operator did.
#[derive(Debug, Default)]
pub struct Operated {
    /// How many lost orders were entered again, under their own numbers.
    pub entered: usize,
    /// What went wrong.
    pub troubles: Vec<String>,
}

/// Every order of the journal.
pub fn all(journal: &dyn Journal) -> Result<Vec<Order>, String> {
    let mut found = Vec::new();
    loop {
        let after = found.last().map_or(0, |order: &Order| order.seq);
        let page = journal.list(&List { after, limit: 500, ..List::default() });
        let page = page.map_err(|error| error.to_string())?;
        if page.is_empty() {
            return Ok(found);
        }
        found.extend(page);
    }
}

/// Payment and generation of an intent key.
pub fn of_intent(order: &Order) -> Option<(u64, u32)> {
    let (payment, generation) = order.intent.as_deref()?.strip_prefix("pay-")?.split_once('/')?;
    Some((payment.parse().ok()?, generation.parse().ok()?))
}

/// Deals with a restore, while no worker runs. An hour and more passes first: what was on its way has landed,
/// and the service has finished what it was at.
pub fn deal_with_restore(world: &World, client: &Client, permits: &Permits) -> Result<Operated, String> {
    let mut done = Operated::default();
    world.advance(Duration::from_secs(2 * 3600));
    let journal = client.journal().ok_or("no journal")?;
    if journal.restore().map_err(|error| error.to_string())?.is_none() {
        done.troubles.push("the old copy was not noticed".into());
        return Ok(done);
    }
    let numbers: Vec<String> = all(&**journal)?.into_iter().map(|order| order.id.mch_billno).collect();
    let permitted = permits.all();
    for (number, paid) in world.sandbox.ledger().orders {
        let payment = paid.remark.strip_prefix("pay-").and_then(|number| number.parse().ok());
        let Some(payment) = payment.filter(|_| paid.debits > 0 && !numbers.contains(&number)) else {
            continue;
        };
        // Under the intent key that the caller has come to: no earlier order can have been paid for.
        let generation = permitted.get(&payment).copied().unwrap_or(0);
        match client.settle(order(payment, generation, &number), Duration::from_secs(3600)) {
            Ok(_) => done.entered += 1,
            Err(error) => done.troubles.push(format!("{number} could not be entered: {error}")),
        }
    }
    journal.accept_restore("torture", "the console was read").map_err(|error| error.to_string())?;
    Ok(done)
}
