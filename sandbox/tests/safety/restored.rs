//! A journal restored from an old copy, and an operator's word: neither may lead to a second payment.

use std::fs;
use std::time::Duration;

use redpack::journal::{Evidence, State};
use redpack::{Advice, Clock, Outcome, Query};

use crate::stage::{LONG, Stage, order};

/// Lets `meanwhile` happen, restores the journal as it was before, and has the restore accepted.
fn restored(stage: Stage, meanwhile: impl Fn(&Stage)) -> Stage {
    let file = |stage: &Stage, suffix: &str| stage.dir.path().join(format!("journal.db{suffix}"));
    for suffix in ["", "-wal"] {
        fs::copy(file(&stage, suffix), file(&stage, &format!("{suffix}.copy"))).expect("copied");
    }
    meanwhile(&stage);
    for suffix in ["", "-wal", "-shm"] {
        fs::remove_file(file(&stage, suffix)).expect("removed");
    }
    for suffix in ["", "-wal"] {
        fs::rename(file(&stage, &format!("{suffix}.copy")), file(&stage, suffix)).expect("restored");
    }
    let stage = stage.restarted();
    assert!(stage.journal.restore().expect("read").is_some());
    stage.journal.accept_restore("zhang", "the console was read").expect("accepted");
    stage
}

/// What a recovery does until it has nothing to do, or gives up.
fn recover(stage: &Stage) {
    for _ in 0..20 {
        stage.client.recover(LONG).expect("recovered");
        stage.clock.sleep(Duration::from_secs(600));
    }
}

#[test]
fn what_a_copy_holds_open_is_attempted_only_if_its_caller_gives_it_again() {
    for fault in ["PARAM_ERROR", "drop"] {
        let stage = Stage::new();
        // Refused, or never sent: in the copy it is open, and was never ambiguous.
        match fault {
            "drop" => stage.fault("drop", &serde_json::json!({"on": "connection", "times": 1})),
            fault => stage.fault_once(fault),
        }
        stage.client.send(&order("n1").intent("invoice 7")).expect_err("not paid");
        let stage = restored(stage, |stage| {
            let closed = stage.client.close("n1").expect("closed");
            assert_eq!(closed.advice, Advice::NewOrderAllowed);
        });
        let before = stage.sends();
        recover(&stage);
        let left = stage.journal.order(&stage.id("n1")).expect("read").expect("there");
        assert_eq!((left.state, left.suspect), (State::Unknown, false), "asked about: {fault}");
        assert_eq!(stage.sends(), before, "{fault}");
        // Its caller remembers that a new order was permitted, and makes it.
        let next = || order("n2").intent("invoice 7, second");
        assert_eq!(stage.client.settle(next(), LONG).expect("settled").outcome, Outcome::Sent);
        recover(&stage);
        assert_eq!(stage.debits_of("invoice 7"), 1, "{fault}");
    }
}

#[test]
fn a_caller_who_knows_of_no_closing_gives_the_order_again() {
    let stage = Stage::new();
    stage.fault_once("PARAM_ERROR");
    stage.client.send(&order("n1")).expect_err("refused");
    let stage = restored(stage, |_| {});
    let settled = stage.client.settle(order("n1"), LONG).expect("settled");
    assert_eq!((settled.outcome, settled.attempts), (Outcome::Sent, 1));
    assert_eq!(stage.debits_of("invoice 7"), 1);
}

#[test]
fn a_lost_order_that_is_entered_again_is_asked_about_and_not_sent_by_a_recovery() {
    let stage = Stage::new();
    stage.client.send(&order("n0")).expect("sent");
    fs::remove_file(stage.dir.path().join("journal.db.guard")).expect("removed");
    let stage = stage.restarted();
    stage.client.send(&order("n1")).expect_err("an order of a suspected journal is asked about first");
    stage.journal.accept_restore("zhang", "the console was read").expect("accepted");
    recover(&stage);
    assert_eq!((stage.sends(), stage.landed("n1")), (1, (String::new(), 0)));
}

#[test]
fn an_order_that_an_operator_found_paid_is_not_permitted_anew_by_its_numbers_failure() {
    let stage = Stage::new();
    // Held unpaid, then closed by the service after some days.
    stage.fault_once("NOTENOUGH");
    stage.client.send(&order("n1")).expect_err("no money");
    let evidence = Evidence::Paid { send_listid: None };
    stage.client.resolve("n1", &evidence, "zhang", "paid under another number").expect("resolved");
    stage.clock.sleep(Duration::from_secs(4 * 86_400));
    let found = stage.client.query(&Query::new("n1")).expect("answered");
    assert_eq!((found.outcome, found.advice), (Outcome::Sent, Advice::None));
    stage.clock.sleep(Duration::from_secs(2 * 86_400));
    let reconciled = stage.client.reconcile(LONG).expect("reconciled");
    assert_eq!(reconciled.contradicting.len(), 1, "an operator must look: {reconciled:?}");
    let kept = &reconciled.contradicting[0];
    assert_eq!((kept.state, kept.query_status.as_deref()), (State::Sent, Some("FAILED")));
    let again = stage.client.settle(order("n1"), LONG).expect("settled");
    assert_eq!((again.outcome, again.advice, stage.sends()), (Outcome::Sent, Advice::None, 1));
}
