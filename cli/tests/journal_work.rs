//! `recover` and `reconcile` after a crash and on an ordinary day, and a clean stop of long work.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use redpack::Fen;
use serde_json::{Value, json};
use support::{Run, World, command, finish, order};

fn start(world: &World, subcommand: &str, more: &[&str]) -> Child {
    let mut started = command();
    started
        .args([subcommand, "--json", "--config", &world.config(), "--journal", &world.journal()])
        .args(more);
    started.spawn().expect("started")
}

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A signal to a child of this test, by its number.
fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status();
    assert!(status.expect("kill").success());
}

/// The orders, and the summary behind them.
fn split(run: &Run) -> (Vec<Value>, Value) {
    let mut lines = run.lines();
    let summary = lines.pop().unwrap_or_else(|| panic!("no summary: {run:?}"));
    assert!(summary["summary"].is_string(), "{run:?}");
    (lines, summary)
}

#[test]
fn nothing_to_do_is_said_too() {
    let world = World::new();
    let (orders, summary) = split(&world.journaled("recover", &[]));
    assert_eq!((orders.len(), &summary["open"], &summary["orders"]), (0, &json!(0), &json!(0)));
    let reconciled = world.journaled("reconcile", &[]);
    assert_eq!((reconciled.status, &split(&reconciled).1["asked"]), (0, &json!(0)));
    // Sent today: not due yet, but not at its end either.
    world.journaled("send", &order("a1"));
    let reconciled = world.journaled("reconcile", &[]);
    let summary = split(&reconciled).1;
    assert_eq!(
        (reconciled.status, &summary["asked"], &summary["open"]),
        (12, &json!(0), &json!(1)),
        "{summary}"
    );
    assert_eq!(world.journaled("recover", &[]).status, 0);
    // Once it is known to be claimed, nothing is left.
    world.sandbox.claim("a1").expect("claimed");
    assert_eq!(world.journaled("query", &["--billno", "a1"]).status, 0);
    assert_eq!(world.journaled("reconcile", &[]).status, 0);
}

#[cfg(unix)]
#[test]
fn a_killed_send_is_recovered_and_paid_once() {
    let world = World::new();
    world.sandbox.add_faults(&json!({"fault": "hang-after", "times": 1})).expect("a fault");
    let mut hanging = start(&world, "send", &order("b1"));
    wait_for("the order lands", || world.sandbox.ledger().orders.contains_key("b1"));
    hanging.kill().expect("killed");
    hanging.wait().expect("reaped");

    let listed = world.journaled("orders", &[]).json();
    assert_eq!((&listed["state"], &listed["outcome"]), (&json!("sending"), &json!("unknown")), "{listed}");
    let recovered = world.journaled("recover", &[]);
    let (orders, summary) = split(&recovered);
    assert_eq!((recovered.status, orders.len(), &summary["open"]), (0, 1, &json!(0)), "{recovered:?}");
    assert_eq!((&orders[0]["mch_billno"], &orders[0]["outcome"]), (&json!("b1"), &json!("sent")));
    let ledger = world.sandbox.ledger();
    assert_eq!((ledger.orders.len(), ledger.orders["b1"].total_amount), (1, Fen(100)));
    let again = world.journaled("send", &order("b1"));
    assert_eq!((again.status, &again.json()["recorded"]), (0, &json!(true)));
}

#[test]
fn what_stays_open_is_named_with_its_next_step() {
    let world = World::new();
    world.sandbox.set_balance(Fen(0));
    assert_eq!(world.journaled("send", &order("c1")).status, 13);
    let recovered = world.journaled("recover", &["--deadline", "0"]);
    let (orders, summary) = split(&recovered);
    assert_eq!((recovered.status, orders.len(), &summary["open"]), (12, 1, &json!(1)), "{recovered:?}");
    assert_eq!((&orders[0]["mch_billno"], &orders[0]["outcome"]), (&json!("c1"), &json!("pending")));
    assert!(orders[0]["advice"].is_string() && orders[0]["look_again"].is_string());
    assert!(summary["message"].as_str().is_some_and(|text| text.contains("redpack recover")), "{summary}");

    let people = support::run([
        "recover",
        "--deadline",
        "0",
        "--lang",
        "zh",
        "--config",
        &world.config(),
        "--journal",
        &world.journal(),
    ]);
    assert_eq!(people.status, 12, "{people:?}");
    assert!(people.stdout.contains("还有 1 个未结订单"), "{people:?}");
    assert_eq!(people.stderr, "", "no progress line where nobody looks");
}

#[cfg(unix)]
#[test]
fn a_signal_stops_long_work_and_everything_is_said() {
    let world = World::new();
    // Every answer is lost, the queries' too: only the deadline would end it.
    world.sandbox.add_faults(&json!({"fault": "drop"})).expect("a fault");
    world.sandbox.add_faults(&json!({"fault": "drop", "on": "query"})).expect("a fault");
    for (number, name) in [("d1", "INT"), ("d2", "TERM")] {
        let before = world.requests();
        let settle = start(&world, "settle", &[&order(number)[..], &["--deadline", "3600"]].concat());
        wait_for("the first call", || world.requests() > before);
        signal(&settle, name);
        let run = finish(settle);
        assert_eq!((run.status, &run.json()["outcome"]), (12, &json!("unknown")), "{run:?}");
        assert_eq!((&run.json()["mch_billno"], &run.json()["attempts"]), (&json!(number), &json!(1)));
        assert!(run.stderr.contains("stopping"), "{run:?}");
    }
    // Both are due again soon after their last query.
    std::thread::sleep(Duration::from_secs(3));
    let before = world.requests();
    let recover = start(&world, "recover", &["--deadline", "3600"]);
    wait_for("the first query", || world.requests() > before);
    signal(&recover, "INT");
    let run = finish(recover);
    let (orders, summary) = split(&run);
    assert_eq!((run.status, &summary["open"], orders.len()), (12, &json!(2), 2), "{run:?}");
}
