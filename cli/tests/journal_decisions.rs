//! `close`, `resolve`, `orders` and `accept-restore`: what is refused, and what is shown.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::{OPENID, Run, World, order, order_with, run};

fn send(world: &World, billno: &str) -> Run {
    world.journaled("send", &order(billno))
}

fn close(world: &World, billno: &str) -> (i32, Value) {
    let run = world.journaled("close", &["--billno", billno]);
    (run.status, run.json())
}

#[test]
fn only_an_order_that_cannot_be_paid_is_closed() {
    let world = World::new();
    send(&world, "a1");
    let (status, json) = close(&world, "a1");
    assert_eq!(
        (status, &json["outcome"], &json["kind"]),
        (1, &json!("sent"), &json!("not_permitted")),
        "{json}"
    );

    world.sandbox.add_faults(&json!({"fault": "drop-after", "times": 1})).expect("a fault");
    send(&world, "a2");
    let (status, json) = close(&world, "a2");
    assert_eq!(
        (status, &json["state"], &json["advice"]),
        (1, &json!("unknown"), &json!("query_first")),
        "{json}"
    );

    let refused = world.journaled("send", &order_with("a3", &[("--amount-fen", "50")]));
    assert_eq!((refused.status, &refused.json()["state"]), (11, &json!("rejected")));
    let (status, json) = close(&world, "a3");
    assert_eq!((status, &json["state"], &json["advice"]), (0, &json!("closed"), &json!("new_order_allowed")));
    assert_eq!(close(&world, "a3").0, 0, "closing a closed order is no error");
    let requests = world.requests();
    let again = world.journaled("send", &order_with("a3", &[("--amount-fen", "50")]));
    assert_eq!((again.status, &again.json()["advice"]), (11, &json!("new_order_allowed")), "{again:?}");
    assert_eq!(world.requests(), requests);

    let (status, json) = close(&world, "nobody");
    assert_eq!((status, &json["outcome"]), (1, &json!("unknown")), "{json}");
}

#[test]
fn an_operator_decides_what_can_be_decided() {
    let world = World::new();
    world.sandbox.add_faults(&json!({"fault": "drop-after", "times": 2})).expect("a fault");
    let resolve = |billno: &str, evidence: &[&str]| {
        let who = ["--billno", billno, "--who", "wang", "--why", "seen in the console"];
        world.journaled("resolve", &[&who[..], evidence].concat())
    };
    send(&world, "b1");
    let early = resolve("b1", &["--not-paid"]);
    assert_eq!((early.status, &early.json()["kind"]), (1, &json!("not_permitted")), "{early:?}");
    let paid = resolve("b1", &["--paid", "--send-listid", "1000041701"]);
    assert_eq!((paid.status, &paid.json()["outcome"]), (0, &json!("sent")), "{paid:?}");
    assert_eq!(paid.json()["send_listid"], "1000041701");
    send(&world, "b2");
    let refunded = resolve("b2", &["--refunded"]);
    assert_eq!((refunded.status, &refunded.json()["state"]), (0, &json!("refunded")), "{refunded:?}");

    // Exactly one piece of evidence, and who and why.
    for evidence in [&[][..], &["--paid", "--refunded"], &["--refunded", "--send-listid", "1"]] {
        assert_eq!(resolve("b1", evidence).status, 2);
    }
    assert_eq!(world.journaled("resolve", &["--billno", "b1", "--paid"]).status, 2);
    assert_ne!(resolve("nobody", &["--paid"]).status, 0);
}

#[test]
fn orders_are_listed_as_a_table_and_as_json() {
    let world = World::new();
    let (config, journal) = (world.config(), world.journal());
    let table = |more: &[&str]| {
        run([&["orders", "--config", &config, "--journal", &journal, "--lang", "en"][..], more].concat())
    };
    assert_eq!(table(&[]).stdout, "no orders\n");
    for billno in ["c1", "c2", "c3"] {
        send(&world, billno);
    }
    world.journaled("send", &order_with("c4", &[("--amount-fen", "50")]));
    let all = table(&[]);
    let lines: Vec<&str> = all.stdout.lines().collect();
    assert_eq!((all.status, lines.len()), (0, 5), "{all:?}");
    assert!(lines[0].starts_with("seq") && lines[4].contains("MONEY_LIMIT"), "{all:?}");
    assert!(all.stdout.contains("oxTW***6E") && !all.stdout.contains(OPENID), "{all:?}");

    let rejected = world.journaled("orders", &["--state", "rejected"]);
    assert_eq!(
        (&rejected.json()["mch_billno"], &rejected.json()["err_code"]),
        (&json!("c4"), &json!("MONEY_LIMIT"))
    );
    let page = world.journaled("orders", &["--limit", "2"]);
    assert!(!page.everything().contains(OPENID), "{page:?}");
    let rows = page.lines();
    let numbers: Vec<&Value> = rows.iter().map(|row| &row["mch_billno"]).collect();
    assert_eq!(numbers, [&json!("c1"), &json!("c2")]);
    let rest = world.journaled("orders", &["--after", &rows[1]["seq"].to_string()]);
    assert_eq!(rest.lines().len(), 2);
    let cut = table(&["--limit", "2"]);
    assert!(cut.stdout.contains(&format!("--after {}", rows[1]["seq"])), "{cut:?}");

    assert_eq!(world.journaled("orders", &["--state", "paid"]).status, 2);
    assert_eq!(world.journaled("orders", &["--mch-id", "1900000110"]).stdout, "", "another merchant's");
    assert_eq!(world.run("orders", &[]).status, 1);
}

#[test]
fn an_old_copy_pays_nobody_until_it_is_accepted() {
    let world = World::new();
    let keyed = |intent: &'static str| {
        let order = [&["--intent", intent][..], &order("-")[2..]].concat();
        world.journaled("send", &order)
    };
    let accept = || world.journaled("accept-restore", &["--who", "wang", "--why", "rows compared"]);
    let calm = accept();
    assert_eq!((calm.status, &calm.json()["suspected"]), (0, &json!(false)), "{calm:?}");
    assert_eq!(keyed("k1").status, 0);
    let names = ["journal.db", "journal.db-wal", "journal.db-shm"];
    let path = |name: &str| world.dir.path().join(name);
    let old: Vec<_> = names.map(|name| (name, std::fs::read(path(name)).ok())).into();
    assert_eq!(keyed("k2").status, 0);
    for (name, content) in old {
        match content {
            Some(content) => std::fs::write(path(name), content).expect("restored"),
            None => drop(std::fs::remove_file(path(name))),
        }
    }
    let requests = world.requests();
    let held = keyed("k2");
    assert_eq!((held.status, &held.json()["kind"]), (10, &json!("journal_suspected")), "{held:?}");
    assert_eq!(world.requests(), requests);
    let accepted = accept();
    assert_eq!((accepted.status, &accepted.json()["suspected"]), (0, &json!(true)), "{accepted:?}");
    assert_eq!(keyed("k3").status, 0);
}

#[test]
fn without_a_journal_there_is_nothing_to_do() {
    let world = World::new();
    for (args, status) in [
        (&["settle", "--billno", "d1"][..], 12),
        (&["close", "--billno", "d1"], 1),
        (&["resolve", "--billno", "d1", "--paid", "--who", "w", "--why", "y"], 1),
        (&["recover"], 1),
        (&["reconcile"], 1),
        (&["orders"], 1),
        (&["accept-restore", "--who", "w", "--why", "y"], 1),
    ] {
        let run = world.run(args[0], &args[1..]);
        assert_eq!((run.status, run.everything().contains("--journal")), (status, true), "{run:?}");
    }
    for deadline in ["-1", "x", "86401", "1e3"] {
        assert_eq!(world.journaled("recover", &["--deadline", deadline]).status, 2, "{deadline}");
    }
}
