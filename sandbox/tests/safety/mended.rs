//! Orders that are mended on purpose, and journals and answers that aren't what they seem.

use redpack::journal::State;
use redpack::{Advice, Clock, ErrorKind, Fen, Outcome, Query, Scope, SendRedPack};
use serde_json::json;

use crate::stage::{LONG, OPENID, Stage, builder, order};

fn of_amount(mch_billno: &str, fen: u64) -> SendRedPack {
    SendRedPack::new(mch_billno, OPENID, Fen(fen)).send_name("a").act_name("b").wishing("c").remark("d")
}

#[test]
fn a_refused_order_is_mended_under_its_number_and_then_sent_or_settled() {
    let stage = Stage::new();
    for number in ["sent", "settled"] {
        stage.fault_once("PARAM_ERROR");
        let refused = stage.client.send(&order(number)).expect_err("refused");
        assert_eq!((refused.outcome(), refused.advice()), (Outcome::Rejected, Advice::FixOrder));
        let mended = || order(number).wishing("新年快乐");
        let amended = stage.client.amend(mended()).expect("amended");
        assert_eq!((amended.advice, amended.order.state), (Advice::RetrySameOrder, State::Rejected));
        assert_eq!(amended.order.fields["wishing"], "新年快乐");
        stage.clock.sleep(std::time::Duration::from_secs(5));
        if number == "sent" {
            stage.client.send(&mended()).expect("sent");
        } else {
            let settled = stage.client.settle(mended(), LONG).expect("settled");
            assert_eq!((settled.outcome, settled.attempts, settled.queries), (Outcome::Sent, 1, 0));
        }
        assert_eq!(stage.landed(number), ("SENT".into(), 1));
        let error = stage.client.amend(order(number)).expect_err("too late");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::NotPermitted, Outcome::Sent));
    }
    let error = stage.client.amend(of_amount("sent", 101)).expect_err("its identity");
    assert_eq!(error.kind(), ErrorKind::OrderConflict);
    stage.fault_once("drop-after");
    stage.client.send(&order("ambiguous")).expect_err("lost");
    let error = stage.client.amend(order("ambiguous").wishing("x")).expect_err("held as it was, perhaps");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::NotPermitted, Outcome::Unknown));
}

#[test]
fn a_conflict_names_the_order_that_is_there() {
    let stage = Stage::new();
    let paid = stage.client.send(&of_amount("", 100).intent("invoice 7")).expect("sent");
    let error = stage.client.send(&of_amount("", 101).intent("invoice 7")).expect_err("another amount");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::OrderConflict, Outcome::NotSent));
    assert_eq!(error.mch_billno(), Some(paid.mch_billno.as_str()));
    assert_eq!(error.order().map(|order| order.state), Some(State::Sent));
    assert!(error.message().contains("of that order the journal says: sent"), "{error}");
}

#[test]
fn an_answer_of_another_amount_says_nothing_of_the_order() {
    let stage = Stage::new();
    // The journal's order is of 101 fen, and lost; the service has one of 100 fen under that number.
    stage.fault("drop", &json!({"on": "connection", "times": 1}));
    stage.client.send(&of_amount("n1", 101)).expect_err("no connection");
    let plain = builder(&stage.sandbox, &stage.clock).build().expect("a client");
    plain.send(&of_amount("n1", 100)).expect("sent");
    let error = stage.client.query(&Query::new("n1")).expect_err("another order's");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::EchoMismatch, Outcome::Unknown));
    let kept = stage.journal.order(&stage.id("n1")).expect("read").expect("there");
    assert_eq!((kept.state, kept.query_status), (State::Prepared, None));
}

#[test]
fn a_recovery_tells_what_is_left_and_when_it_is_due() {
    let stage = Stage::new();
    assert_eq!(stage.client.recover(LONG).expect("recovered").next_due, None);
    stage.fault_once("PROCESSING");
    stage.client.send(&order("n1")).expect_err("in hand");
    let recovered = stage.client.recover(LONG).expect("recovered");
    assert!(recovered.orders.is_empty(), "{recovered:?}");
    let due = recovered.next_due.expect("an open order");
    let known = stage.journal.order(&stage.id("n1")).expect("read").expect("there");
    assert_eq!(
        (recovered.waiting, Some(due)),
        (1, known.not_before.map(redpack::journal::Moment::timestamp))
    );
    stage.fault_once("PARAM_ERROR");
    stage.client.send(&order("n2")).expect_err("refused");
    let recovered = stage.client.recover(LONG).expect("recovered");
    assert_eq!(
        (recovered.waiting, recovered.next_due),
        (1, Some(due)),
        "the caller's turn, not a recovery's"
    );
}

#[test]
fn a_query_whose_journal_fails_says_nothing_of_the_order() {
    let stage = Stage::new();
    stage.client.send(&order("n1")).expect("sent");
    let path = stage.dir.path().join("journal.db");
    std::fs::rename(&path, stage.dir.path().join("elsewhere")).expect("moved");
    let error = stage.client.query(&Query::new("n1")).expect_err("no journal");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Journal, 0), "{error}");
    assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::QueryFirst));
}

#[test]
fn a_query_tells_whom_the_last_answer_concerned() {
    let stage = Stage::new();
    stage.fault_once("NOTENOUGH");
    stage.client.send(&order("n1")).expect_err("no money");
    stage.fault("NOT_FOUND", &json!({"on": "query", "times": 1}));
    let asked = stage.client.query(&Query::new("n1")).expect("answered");
    assert_eq!((asked.found(), asked.outcome, asked.scope), (false, Outcome::Pending, Scope::Merchant));
    let plain = builder(&stage.sandbox, &stage.clock).build().expect("a client");
    stage.fault("NOT_FOUND", &json!({"on": "query", "times": 1}));
    let asked = plain.query(&Query::new("n1")).expect("answered");
    assert_eq!((asked.found(), asked.outcome, asked.scope), (false, Outcome::Unknown, Scope::Order));
}

#[test]
fn a_suspected_copy_asks_for_an_operator() {
    let stage = Stage::new();
    stage.client.send(&order("n1")).expect("sent");
    std::fs::remove_file(stage.dir.path().join("journal.db.guard")).expect("removed");
    let stage = stage.restarted();
    let error = stage.client.send(&order("").intent("invoice 8")).expect_err("suspected");
    assert_eq!(error.kind(), ErrorKind::JournalSuspected);
    assert_eq!((error.outcome(), error.advice()), (Outcome::NotSent, Advice::AskOperator));
}

#[test]
fn the_file_copied_without_its_log_is_noticed() {
    let stage = Stage::new();
    stage.client.send(&order("").intent("invoice 7")).expect("sent");
    // While the program runs, and what a careless backup takes.
    let (path, elsewhere) = (stage.dir.path().join("journal.db"), stage.dir.path().join("copy.db"));
    std::fs::copy(path, &elsewhere).expect("copied");
    let copy = redpack::journal::open(&format!("sqlite:{}", elsewhere.display())).expect("a journal");
    assert!(copy.restore().expect("read").is_some());
    let client = builder(&stage.sandbox, &stage.clock).journal(copy).build().expect("a client");
    client.send(&order("").intent("invoice 7")).expect_err("nothing new from a copy");
    assert_eq!(stage.debits_of("invoice 7"), 1);
}
