//! `send`, `settle` and `query` with a journal: paid once, whatever is typed how often.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use redpack::Fen;
use serde_json::{Value, json};
use support::{Run, World, order, order_with};

fn send(world: &World, billno: &str, more: &[&str]) -> Run {
    world.journaled("send", &[&order(billno)[..], more].concat())
}

/// A proper order without a number.
fn unnumbered(intent: &str) -> Vec<&str> {
    [&["--intent", intent][..], &order("-")[2..]].concat()
}

/// Outcome, advice, state, wire sends.
fn told(run: &Run) -> (i32, String, String, String, Value) {
    let json = run.json();
    let [outcome, advice, state] =
        ["outcome", "advice", "state"].map(|key| json[key].as_str().unwrap_or("-").to_owned());
    (run.status, outcome, advice, state, json["attempts"].clone())
}

fn expect(run: &Run, status: i32, words: [&str; 3], attempts: u32) {
    let [outcome, advice, state] = words.map(str::to_owned);
    assert_eq!(told(run), (status, outcome, advice, state, json!(attempts)), "{run:?}");
}

#[test]
fn the_same_order_again_is_the_recorded_result() {
    let world = World::new();
    let first = send(&world, "a1", &[]);
    expect(&first, 0, ["sent", "none", "sent"], 1);
    assert_eq!(
        (&first.json()["recorded"], &first.json()["attempt_outcome"]),
        (&json!(false), &json!("sent"))
    );
    let again = send(&world, "a1", &[]);
    expect(&again, 0, ["sent", "none", "sent"], 0);
    assert_eq!((&again.json()["recorded"], &again.json()["attempt_outcome"]), (&json!(true), &Value::Null));
    assert_eq!(again.json()["send_listid"], first.json()["send_listid"]);
    assert_eq!(world.requests(), 1);

    world.sandbox.claim("a1").expect("claimed");
    let asked = world.journaled("query", &["--billno", "a1"]);
    assert_eq!((asked.status, &asked.json()["status"]), (0, &json!("RECEIVED")), "{asked:?}");
    expect(&send(&world, "a1", &[]), 0, ["sent", "none", "received"], 0);
}

#[test]
fn an_intent_key_is_paid_once_and_names_its_order() {
    let world = World::new();
    let first = world.journaled("send", &unnumbered("invoice 7"));
    expect(&first, 0, ["sent", "none", "sent"], 1);
    let number = first.json()["mch_billno"].as_str().expect("a number").to_owned();
    assert_eq!(first.json()["intent"], "invoice 7");
    let again = world.journaled("send", &unnumbered("invoice 7"));
    expect(&again, 0, ["sent", "none", "sent"], 0);
    assert_eq!(again.json()["mch_billno"], number.as_str());
    let settled = world.journaled("settle", &["--intent", "invoice 7"]);
    expect(&settled, 0, ["sent", "none", "sent"], 0);
    assert_eq!(settled.json()["mch_billno"], number.as_str());
    let unknown = world.journaled("settle", &["--intent", "invoice 8"]);
    assert_eq!((unknown.status, &unknown.json()["problems"][0]["field"]), (12, &json!("intent")));
    let other = world.journaled("settle", &["--intent", "invoice 7", "--billno", "x1"]);
    assert_eq!(other.status, 12, "{other:?}");
    assert_eq!(world.requests(), 1);

    // Without a journal nobody would know the key the next time.
    for more in [&unnumbered("invoice 9")[..], &[&["--intent", "invoice 9"], &order("b1")[..]].concat()] {
        let run = world.run("send", more);
        assert_eq!((run.status, &run.json()["outcome"]), (10, &json!("not_sent")), "{run:?}");
        assert!(run.json()["message"].as_str().is_some_and(|text| text.contains("journal")), "{run:?}");
    }
    let empty = world.journaled("send", &unnumbered(""));
    assert_eq!((empty.status, &empty.json()["problems"][0]["field"]), (10, &json!("intent")));
    let nameless = world.journaled("send", &order("-")[2..]);
    assert_eq!((nameless.status, &nameless.json()["problems"][0]["field"]), (10, &json!("mch_billno")));
    assert_eq!(world.requests(), 1);
}

#[test]
fn another_amount_or_recipient_under_the_number_is_a_conflict() {
    let world = World::new();
    send(&world, "c1", &[]);
    for change in [("--amount-fen", "200"), ("--openid", "oAnother")] {
        for subcommand in ["send", "settle"] {
            let run = world.journaled(subcommand, &order_with("c1", &[change]));
            assert_eq!((run.status, &run.json()["kind"]), (10, &json!("order_conflict")), "{run:?}");
            assert_eq!(run.json()["advice"], "fix_order");
        }
    }
    assert_eq!(world.requests(), 1);
}

#[test]
fn a_lost_answer_is_settled_and_not_paid_again() {
    let world = World::new();
    world.sandbox.add_faults(&json!({"fault": "drop-after", "times": 1})).expect("a fault");
    let lost = send(&world, "d1", &[]);
    expect(&lost, 12, ["unknown", "query_first", "unknown"], 1);
    let settled = world.journaled("settle", &["--billno", "d1"]);
    expect(&settled, 0, ["sent", "none", "sent"], 0);
    assert_eq!((&settled.json()["queries"], &settled.json()["hosts"]), (&json!(1), &json!([])));
    assert_eq!(settled.json()["look_again"], Value::Null);
    assert_eq!(world.sandbox.ledger().orders["d1"].total_amount, Fen(100));

    // Lost before it landed: WeChat doesn't know the order yet, and the next attempt is minutes away.
    world.sandbox.add_faults(&json!({"fault": "drop-before", "times": 1})).expect("a fault");
    let open = world.journaled("settle", &order("d2"));
    expect(&open, 12, ["unknown", "query_first", "unknown"], 1);
    assert_eq!(
        (&open.json()["queries"], open.json()["hosts"].as_array().map(Vec::len)),
        (&json!(1), Some(1))
    );
    assert!(open.json()["look_again"].is_string() && open.json()["trouble"].is_string(), "{open:?}");
}

#[test]
fn not_enough_money_waits_for_more() {
    let world = World::new();
    world.sandbox.set_balance(Fen(0));
    let short = send(&world, "e1", &[]);
    expect(&short, 13, ["pending", "retry_same_order", "pending"], 1);
    assert_eq!(
        (&short.json()["err_code"], &short.json()["scope"]),
        (&json!("NOTENOUGH"), &json!("merchant"))
    );
    // Before it is due nothing is sent, and the order's state is the answer.
    let early = send(&world, "e1", &[]);
    expect(&early, 13, ["pending", "retry_same_order", "pending"], 0);
    assert_eq!(early.json()["attempt_outcome"], Value::Null);
    assert!(early.json()["not_before"].is_string(), "{early:?}");
    let brief = world.journaled("settle", &["--billno", "e1", "--deadline", "0"]);
    assert_eq!((brief.status, &brief.json()["outcome"]), (13, &json!("pending")), "{brief:?}");
    assert_eq!(brief.json()["look_again"], brief.json()["not_before"]);
    assert!(world.sandbox.ledger().totals.requests <= 3);
}

#[test]
fn local_limits_hold_orders_back() {
    let world = World::new();
    let run = send(&world, "f1", &["--cap-order-fen", "99"]);
    assert_eq!((run.status, &run.json()["kind"]), (10, &json!("held_back")), "{run:?}");
    assert_eq!(send(&world, "f2", &["--cap-merchant-day-fen", "100"]).status, 0);
    let run = send(&world, "f3", &["--cap-merchant-day-fen", "150"]);
    assert_eq!((run.status, &run.json()["kind"]), (10, &json!("held_back")), "{run:?}");
    assert_eq!(world.requests(), 1);
}

#[test]
fn the_backup_host_takes_over_unless_it_is_off() {
    let world = World::new();
    let backup = world.sandbox.backup_url();
    let down = ["--base-url", "https://127.0.0.1:1", "--backup-url", &backup];
    let off = send(&world, "g1", &[&down[..], &["--failover", "off"]].concat());
    expect(&off, 10, ["not_sent", "retry_same_order", "prepared"], 0);
    let on = world.journaled("settle", &[&order("g2")[..], &down].concat());
    expect(&on, 0, ["sent", "none", "sent"], 1);
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_not_sent() {
    let world = World::new();
    for url in ["sqlite:/dev/full", "sqlite:/proc/journal.db", "sqlite:"] {
        let run = world.run("send", &[&["--journal", url][..], &order("h1")].concat());
        assert_eq!((run.status, &run.json()["outcome"]), (10, &json!("not_sent")), "{url}: {run:?}");
    }
    assert_eq!(world.requests(), 0);
}

#[test]
fn people_read_of_the_journal_in_their_language() {
    let world = World::new();
    let (config, journal) = (world.config(), world.journal());
    let fields = order("i1");
    let people = |subcommand: &str, lang: &str, more: &[&str]| {
        let head = [subcommand, "--config", &config, "--journal", &journal, "--lang", lang];
        support::run([&head[..], more].concat())
    };
    let sent = people("send", "en", &fields);
    assert!(sent.stdout.contains("\n  state "), "{sent:?}");
    let settled = people("settle", "zh", &["--billno", "i1"]);
    assert!(settled.stdout.starts_with("sent：已发放"), "{settled:?}");
    assert!(!settled.everything().contains(support::OPENID), "{settled:?}");
}
