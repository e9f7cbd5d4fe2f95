//! `/faults` and `/policy`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Answer, ok, read, refused};
use crate::faults::{Fault, Faults, On, Rule};
use crate::policy::Policy;
use crate::server::Shared;

pub(super) fn faults(shared: &Shared) -> Result<Answer, Answer> {
    ok(&shown(&shared.service.world().faults))
}

pub(super) fn add_faults(shared: &Shared, body: &[u8]) -> Result<Answer, Answer> {
    let rules = Rule::read_all(&Value::Object(read(body)?)).map_err(refused)?;
    let mut world = shared.service.world();
    let added = world.faults.add(rules).map_err(refused)?;
    let mut answer = shown(&world.faults);
    answer["added"] = added.into();
    ok(&answer)
}

pub(super) fn clear_faults(shared: &Shared) -> Result<Answer, Answer> {
    let mut world = shared.service.world();
    world.faults.clear();
    ok(&shown(&world.faults))
}

fn shown(faults: &Faults) -> Value {
    let rules: Vec<Value> = faults
        .rules()
        .iter()
        .map(|(id, rule)| {
            let mut rule = serde_json::to_value(rule).unwrap_or_default();
            rule["id"] = (*id).into();
            rule
        })
        .collect();
    let names = |on| Fault::names(on);
    json!({
        "rules": rules,
        "struck": faults.struck(),
        "names": { "send": names(On::Send), "query": names(On::Query), "connection": names(On::Connection) },
    })
}

pub(super) fn policy(shared: &Shared) -> Result<Answer, Answer> {
    ok(&*shared.service.world().policy)
}

pub(super) fn change_policy(shared: &Shared, body: &[u8]) -> Result<Answer, Answer> {
    let changes: Map<String, Value> = read(body)?;
    let mut world = shared.service.world();
    // What was due before the change happens under the policy of before.
    world.catch_up();
    let policy = world.policy.with(&changes).map_err(refused)?;
    world.policy = Arc::new(policy);
    ok(&*world.policy)
}

pub(super) fn default_policy(shared: &Shared) -> Result<Answer, Answer> {
    let mut world = shared.service.world();
    world.catch_up();
    world.policy = Arc::new(Policy::default());
    ok(&*world.policy)
}
