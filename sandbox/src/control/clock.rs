//! `/clock`: the gateway's time, moved ahead or held still.

use std::time::Duration;

use redpack::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, ok, read, refused};
use crate::clock::{moment, second};
use crate::server::Shared;
use crate::world::World;

/// Ten years: no test needs more, and no time leaves the calendar.
const MOST_SECONDS: f64 = 10.0 * 366.0 * 86_400.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    advance_seconds: Option<f64>,
    now: Option<Timestamp>,
    held: Option<bool>,
}

pub(super) fn shown(shared: &Shared) -> Result<Answer, Answer> {
    ok(&face(&shared.service.world()))
}

pub(super) fn change(shared: &Shared, body: &[u8]) -> Result<Answer, Answer> {
    let Change { advance_seconds, now, held } = read(body)?;
    if advance_seconds.is_none() && now.is_none() && held.is_none() {
        return Err(refused("give advance_seconds, now or held"));
    }
    if advance_seconds.is_some() && now.is_some() {
        return Err(refused("give either advance_seconds or now"));
    }
    let advance = advance_seconds.unwrap_or_default();
    if !(0.0..=MOST_SECONDS).contains(&advance) {
        return Err(refused("advance_seconds must be between 0 and ten years: the clock doesn't go back"));
    }
    let mut world = shared.service.world();
    let present = world.catch_up();
    if let Some(time) = now {
        let fresh = world.book.records().values().all(|record| record.attempts == 0);
        // The second under way may be set: it is what the clock shows.
        if time < second(present) && !fresh {
            return Err(refused(
                "now must not be earlier than the clock once there are orders: POST /reset first",
            ));
        }
        if moment(time) - present > 1000 * 10 * 366 * 86_400 {
            return Err(refused("now must be within ten years"));
        }
        if time != second(present) {
            world.clock.set(moment(time));
        }
    }
    world.clock.advance(Duration::from_secs_f64(advance));
    if let Some(held) = held {
        world.clock.hold(held);
    }
    world.catch_up();
    ok(&face(&world))
}

fn face(world: &World) -> Value {
    json!({ "now": second(world.clock.now()), "held": world.clock.is_held() })
}
