//! The same seed gives the same ledger, whatever happens at the same time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use redpack::{Advice, Client, Query};
use serde_json::{Value, json};

use crate::stage::{Stage, client, order};

const ORDERS: usize = 160;

/// What a literal-minded program does with one order: attempts and queries, three of each at the most.
fn pay(client: &Client, number: &str) {
    for _ in 0..3 {
        if client.send(&order(number)).is_ok() {
            return;
        }
        match client.query(&Query::new(number)) {
            Ok(answer) if answer.advice == Advice::None => return,
            Ok(answer) if answer.advice == Advice::NewOrderAllowed => return,
            _ => {}
        }
    }
}

/// The whole ledger after a run with so many threads, but for what counts connections.
fn run(stage: &Stage, threads: usize, seed: u64) -> Value {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let client = client(&stage.sandbox, &stage.sandbox.base_url());
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= ORDERS {
                        return;
                    }
                    pay(&client, &format!("s{seed}n{number}"));
                }
            });
        }
    });
    stage.sandbox.advance(Duration::from_secs(2000));
    let mut ledger = serde_json::to_value(stage.ledger()).expect("JSON");
    for count in ["connections", "tls_handshakes"] {
        ledger["totals"].as_object_mut().expect("totals").remove(count);
    }
    ledger
}

/// A gateway whose clock stands still and where half of everything goes wrong.
fn stage(seed: u64) -> Stage {
    let stage = Stage::new();
    stage
        .sandbox
        .hold_clock_at(redpack::Timestamp::from_rfc3339("2026-11-24T08:00:00+08:00").expect("a time"));
    for on in ["send", "query"] {
        stage.fault("any", &json!({"on": on, "probability": 0.5, "seed": seed, "delay_ms": 5}));
    }
    stage
}

#[test]
fn one_thread_and_thirty_two_leave_the_same_ledger() {
    let one = run(&stage(42), 1, 42);
    let many = run(&stage(42), 32, 42);
    assert_eq!(one, many);
    let faults = one["faults"].as_object().expect("faults");
    assert!(faults.len() > 25, "{faults:?}");
    let orders = one["orders"].as_object().expect("orders");
    assert!(orders.len() > ORDERS / 2 && orders.values().all(|order| order["debits"].as_u64() <= Some(1)));
}

#[test]
fn another_seed_leaves_another_ledger() {
    let faults = |ledger: Value| ledger["faults"].clone();
    assert_ne!(faults(run(&stage(1), 8, 1)), faults(run(&stage(2), 8, 1)));
}
