//! What an operator does, and nobody else: after a restore, finds the payments that the journal has lost in
//! the merchant's console (here the ledger), enters them, and only then accepts the restore.

use std::collections::BTreeMap;
use std::time::Duration;

use redpack::Client;
use redpack::journal::{Evidence, Journal, List, Order};

use crate::driver::order;
use crate::world::World;

/// What the operator did.
#[derive(Debug, Default)]
pub struct Operated {
    /// Orders whose payment was found under a number that the journal had lost.
    pub resolved: Vec<String>,
    /// How many lost orders were entered again, under their own numbers.
    pub entered: usize,
    /// What went wrong.
    pub troubles: Vec<String>,
}

/// How long an operator waits for a dead worker's lease to end: longer than any that recovery takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Records that the order was paid. A worker that was killed may still hold it: its lease ends by itself.
fn resolved(client: &Client, mch_billno: &str, evidence: &Evidence) -> Result<(), redpack::Error> {
    let started = std::time::Instant::now();
    loop {
        match client.resolve(mch_billno, evidence, "torture", "paid by the console") {
            Ok(_) => return Ok(()),
            Err(error) => {
                let held = error.order().is_some_and(|order| order.holder.is_some());
                if !held || started.elapsed() > PATIENCE {
                    return Err(error);
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    }
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
pub fn deal_with_restore(world: &World, client: &Client) -> Result<Operated, String> {
    let mut done = Operated::default();
    world.advance(Duration::from_secs(2 * 3600));
    let journal = client.journal().ok_or("no journal")?;
    if journal.restore().map_err(|error| error.to_string())?.is_none() {
        done.troubles.push("the old copy was not noticed".into());
        return Ok(done);
    }
    let mut latest: BTreeMap<u64, Order> = BTreeMap::new();
    let mut numbers = Vec::new();
    for order in all(&**journal)? {
        numbers.push(order.id.mch_billno.clone());
        if let Some((payment, generation)) = of_intent(&order) {
            let later =
                latest.get(&payment).and_then(of_intent).is_none_or(|(_, former)| generation >= former);
            if later {
                latest.insert(payment, order);
            }
        }
    }
    for (number, paid) in world.sandbox.ledger().orders {
        let Some(payment) = paid.remark.strip_prefix("pay-").and_then(|number| number.parse().ok()) else {
            continue;
        };
        if paid.debits == 0 || numbers.contains(&number) {
            continue;
        }
        match latest.get(&payment) {
            // Its payment was made, under the number of a later order.
            Some(open) if !open.state.is_settled() => {
                let evidence = Evidence::Paid { send_listid: Some(paid.send_listid.clone()) };
                match resolved(client, &open.id.mch_billno, &evidence) {
                    Ok(()) => done.resolved.push(open.id.mch_billno.clone()),
                    Err(error) => done.troubles.push(format!("{number} could not be resolved: {error}")),
                }
            }
            former => {
                let generation = former.and_then(of_intent).map_or(0, |(_, generation)| generation + 1);
                let entered = client.settle(order(payment, generation, &number), Duration::from_secs(3600));
                match entered {
                    Ok(_) => done.entered += 1,
                    Err(error) => done.troubles.push(format!("{number} could not be entered: {error}")),
                }
            }
        }
    }
    journal.accept_restore("torture", "the console was read").map_err(|error| error.to_string())?;
    Ok(done)
}
