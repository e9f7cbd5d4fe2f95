//! What a crash leaves open, recovery settles or explains; and reconciliation follows what was sent.

use std::time::Duration;

use redpack::journal::{Begin, Caps, OrderId};
use redpack::{Advice, Clock, Outcome};

use crate::stage::{LONG, Stage, builder, order};

/// Begins an attempt, as a client does right before it sends, and never finishes it.
fn begin_and_die(stage: &Stage, number: &str) {
    let id = OrderId::new(stage.sandbox.mch_id(), number);
    let host = stage.sandbox.base_url().replace("https://", "");
    let begin = Begin { host, any_host: false, lease: Duration::from_secs(30), caps: Caps::default() };
    drop(stage.journal.begin(&id, &begin).expect("begun"));
}

/// An order that is prepared, and permitted to be attempted: one whose request never left.
fn prepared(stage: &Stage, number: &str) {
    stage.fault("drop", &serde_json::json!({"on": "connection", "times": 1}));
    assert_eq!(stage.client.send(&order(number)).expect_err("no connection").outcome(), Outcome::NotSent);
    stage.clock.sleep(Duration::from_secs(5));
}

#[test]
fn an_attempt_whose_process_died_is_found_to_be_paid_if_it_was() {
    let stage = Stage::new();
    for number in ["left", "kept"] {
        prepared(&stage, number);
        begin_and_die(&stage, number);
    }
    // The request of one of them left before the process died.
    let same_bytes = builder(&stage.sandbox, &stage.clock).build().expect("a client");
    same_bytes.send(&order("left")).expect("sent");
    let stage = stage.restarted();
    let sends = stage.sends();
    let recovered = stage.client.recover(LONG).expect("recovered");
    assert_eq!(recovered.orders.len(), 2, "{recovered:?}");
    assert!(recovered.open().next().is_none(), "{recovered:?}");
    assert_eq!((stage.landed("left"), stage.landed("kept")), (("SENT".into(), 1), ("SENT".into(), 1)));
    assert_eq!(stage.sends() - sends, 1, "only the one that had never left was attempted again");
}

#[test]
fn recovery_settles_everything_that_faults_left_open() {
    let stage = Stage::new();
    stage.fault("any", &serde_json::json!({"probability": 0.7, "seed": 3, "delay_ms": 5}));
    for number in 0..25 {
        let _ = stage.client.send(&order(&format!("n{number}")));
    }
    let stage = stage.restarted();
    stage.sandbox.clear_faults();
    for _ in 0..40 {
        stage.clock.sleep(Duration::from_secs(1800));
        let recovered = stage.client.recover(LONG).expect("recovered");
        assert!(recovered.orders.iter().all(|settled| settled.advice != Advice::AskOperator));
    }
    for number in 0..25 {
        let number = format!("n{number}");
        let (status, debits) = stage.landed(&number);
        let row = stage.client.settle(order(&number), LONG).expect("an answer");
        let paid = row.outcome == Outcome::Sent;
        assert_eq!((paid, debits), (debits == 1, u64::from(paid)), "{number}: {status} {row:?}");
        assert!(row.is_settled() || row.outcome == Outcome::Rejected, "{number}: {row:?}");
    }
}

#[test]
fn reconciliation_follows_what_was_sent_to_its_end() {
    let stage = Stage::new();
    for number in ["claimed", "forgotten"] {
        stage.client.send(&order(number)).expect("sent");
    }
    stage.sandbox.claim("claimed").expect("claimed");
    assert_eq!(stage.client.reconcile(LONG).expect("nothing is due").asked, 0);
    stage.clock.sleep(Duration::from_secs(25 * 3600));
    let first = stage.client.reconcile(LONG).expect("reconciled");
    let numbers = |orders: &[redpack::journal::Order]| -> Vec<String> {
        orders.iter().map(|order| order.id.mch_billno.clone()).collect()
    };
    assert_eq!((first.asked, numbers(&first.received)), (2, vec!["claimed".to_owned()]), "{first:?}");
    assert_eq!((numbers(&first.refunded), first.refunded_fen().0), (vec!["forgotten".to_owned()], 100));
    assert_eq!(stage.client.reconcile(LONG).expect("done").asked, 0);
}
