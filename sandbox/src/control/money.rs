//! `/balance` and `/reset`.

use redpack::Fen;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, ok, read, refused};
use crate::server::Shared;
use crate::world::Part;

pub(super) fn balance(shared: &Shared) -> Result<Answer, Answer> {
    let mut world = shared.service.world();
    world.catch_up();
    ok(&json!({ "balance": world.book.sums().balance }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    balance: Option<Fen>,
    add: Option<Fen>,
}

pub(super) fn change(shared: &Shared, body: &[u8]) -> Result<Answer, Answer> {
    let mut world = shared.service.world();
    world.catch_up();
    match read(body)? {
        Change { balance: Some(balance), add: None } => world.book.set_balance(balance),
        Change { balance: None, add: Some(more) } => world.book.add_balance(more),
        _ => return Err(refused("give either balance or add, in fen")),
    }
    drop(world);
    balance(shared)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    #[serde(default)]
    keep: Vec<Part>,
    balance: Option<Fen>,
}

pub(super) fn reset(shared: &Shared, body: &[u8]) -> Result<Answer, Answer> {
    let Reset { keep, balance } = read(body)?;
    shared.service.world().reset(balance.unwrap_or(shared.balance), &keep);
    shared.traffic.reset();
    self::balance(shared)
}
