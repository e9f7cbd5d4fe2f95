//! A plain send with a journal: recorded, refused, or attempted once; never twice by itself.

use std::time::Duration;

use redpack::journal::State;
use redpack::{Advice, Clock, ErrorKind, Fen, Outcome, Query, SendRedPack};

use crate::stage::{OPENID, Stage, builder, order};

#[test]
fn an_order_that_was_sent_is_recorded_and_not_sent_again() {
    let stage = Stage::new();
    let first = stage.client.send(&order("n1")).expect("sent");
    let again = stage.client.send(&order("n1")).expect("recorded");
    assert!(!first.recorded && again.recorded);
    assert_eq!(again.send_listid, first.send_listid);
    assert_eq!((stage.sends(), stage.landed("n1")), (1, ("SENT".into(), 1)));
}

#[test]
fn an_intent_key_leads_to_one_order_for_ever() {
    let stage = Stage::new();
    let intended = || order("").intent("invoice 7");
    let first = stage.client.send(&intended()).expect("sent");
    let again = stage.client.send(&intended()).expect("recorded");
    assert_eq!((first.mch_billno.len(), &again.mch_billno), (28, &first.mch_billno));
    let stage = stage.restarted();
    assert_eq!(stage.client.send(&intended()).expect("recorded").mch_billno, first.mch_billno);
    assert_eq!((stage.sends(), stage.debits_of("invoice 7")), (1, 1));
    let other = SendRedPack::new("", OPENID, Fen(101)).send_name("a").act_name("b").wishing("c").remark("d");
    let error = stage.client.send(&other.intent("invoice 7")).expect_err("another amount");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::OrderConflict, Outcome::NotSent));
    assert!(error.message().contains("total_amount"), "{error}");
    assert_eq!(stage.sends(), 1);
}

#[test]
fn an_unknown_order_is_asked_about_before_anything_else() {
    let stage = Stage::new();
    stage.fault_once("drop-after");
    let error = stage.client.send(&order("n1")).expect_err("lost");
    assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::QueryFirst));
    assert_eq!(error.order().map(|order| (order.state, order.ambiguous)), Some((State::Unknown, true)));
    stage.clock.sleep(Duration::from_secs(5));
    let error = stage.client.send(&order("n1")).expect_err("not before a query");
    assert_eq!((error.kind(), error.advice()), (ErrorKind::NotPermitted, Advice::QueryFirst));
    assert_eq!((stage.sends(), error.outcome()), (1, Outcome::Unknown));
    let found = stage.client.query(&Query::new("n1")).expect("answered");
    assert_eq!((found.outcome, found.advice), (Outcome::Sent, Advice::None));
    assert!(stage.client.send(&order("n1")).expect("recorded").recorded);
    assert_eq!(stage.landed("n1"), ("SENT".into(), 1));
}

#[test]
fn no_later_answer_clears_an_ambiguous_attempt() {
    let stage = Stage::new();
    stage.fault_once("drop-before");
    stage.client.send(&order("n1")).expect_err("lost");
    // Nothing is known of it, so the same order may be attempted; and that attempt is refused.
    stage.clock.sleep(Duration::from_secs(5));
    let asked = stage.client.query(&Query::new("n1")).expect("answered");
    assert_eq!((asked.found(), asked.outcome), (false, Outcome::Unknown));
    stage.clock.sleep(Duration::from_secs(200));
    stage.fault_once("PARAM_ERROR");
    let error = stage.client.send(&order("n1")).expect_err("refused");
    assert_eq!((error.attempt_outcome(), error.outcome()), (Outcome::Rejected, Outcome::Unknown));
    assert_eq!(error.advice(), Advice::QueryFirst, "its fields can't be mended");
    let error = stage.client.close("n1").expect_err("ambiguous");
    assert_eq!(error.kind(), ErrorKind::NotPermitted);
}

#[test]
fn a_refused_order_that_was_never_ambiguous_can_be_closed_and_then_replaced() {
    let stage = Stage::new();
    let small = SendRedPack::new("n1", OPENID, Fen(50)).send_name("a").act_name("b").wishing("c").remark("d");
    let error = stage.client.send(&small).expect_err("below the least amount");
    assert_eq!((error.outcome(), error.advice()), (Outcome::Rejected, Advice::QueryFirst));
    let closed = stage.client.close("n1").expect("closed");
    assert_eq!((closed.order.state, closed.advice), (State::Closed, Advice::NewOrderAllowed));
    let error = stage.client.send(&small).expect_err("closed for ever");
    assert_eq!((error.kind(), error.advice()), (ErrorKind::NotPermitted, Advice::NewOrderAllowed));
    assert_eq!(stage.sends(), 1);
    stage.client.send(&order("n2")).expect("the new order");
}

#[test]
fn what_breaks_a_rule_never_comes_into_the_journal() {
    let stage = Stage::new();
    let error = stage.client.send(&order("n1").client_ip("nowhere")).expect_err("broken");
    assert_eq!((error.kind(), error.problems().len()), (ErrorKind::InvalidRequest, 1));
    assert_eq!(
        stage.journal.list(&redpack::journal::List { limit: 9, ..Default::default() }).expect("read").len(),
        0
    );
    stage.client.send(&order("n1")).expect("sent, mended");
}

#[test]
fn threads_that_send_one_order_make_one_attempt_and_hear_the_same() {
    let stage = Stage::new();
    stage.fault("delay", &serde_json::json!({"delay_ms": 300}));
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| stage.client.send(&order("n1")))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    });
    assert!(results.iter().all(|result| result.as_ref().is_ok()), "{results:?}");
    assert_eq!(results.iter().filter(|result| result.as_ref().is_ok_and(|sent| !sent.recorded)).count(), 1);
    assert_eq!((stage.sends(), stage.landed("n1").1), (1, 1));
}

#[test]
fn caps_are_kept_in_the_journal() {
    let stage = Stage::new();
    let caps = redpack::journal::Caps { recipient_day: Some(Fen(250)), ..Default::default() };
    let client =
        builder(&stage.sandbox, &stage.clock).journal(std::sync::Arc::clone(&stage.journal)).caps(caps);
    let client = client.build().expect("a client");
    client.send(&order("n1")).expect("sent");
    client.send(&order("n2")).expect("sent");
    let error = client.send(&order("n3")).expect_err("too much");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::HeldBack, Outcome::NotSent));
    assert!(error.message().contains("recipient_day"), "{error}");
    assert_eq!(stage.sends(), 2);
}

#[test]
fn a_stopped_queue_does_not_make_an_unknown_order_not_sent() {
    let stage = Stage::new();
    stage.fault_once("drop-after");
    stage.client.send(&order("n1")).expect_err("lost");
    stage.clock.sleep(Duration::from_secs(5));
    stage.fault("NOT_FOUND", &serde_json::json!({"on": "query", "times": 1}));
    stage.client.query(&Query::new("n1")).expect("answered");
    stage.clock.sleep(Duration::from_secs(200));
    stage.journal.pause(stage.sandbox.mch_id(), None, "a pause").expect("paused");
    let error = stage.client.send(&order("n1")).expect_err("held back");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::HeldBack, Outcome::Unknown), "{error}");
    assert_eq!((error.attempt_outcome(), stage.sends()), (Outcome::NotSent, 1));
    let fresh = stage.client.send(&order("n2")).expect_err("held back");
    assert_eq!((fresh.kind(), fresh.outcome()), (ErrorKind::HeldBack, Outcome::NotSent));
    stage.journal.resume(stage.sandbox.mch_id()).expect("resumed");
    stage.client.send(&order("n2")).expect("sent");
}

#[test]
fn without_a_journal_there_is_no_settling() {
    let stage = Stage::new();
    let client = builder(&stage.sandbox, &stage.clock).build().expect("a client");
    let error = client.recover(Duration::from_secs(1)).expect_err("no journal");
    assert_eq!((error.kind(), error.advice()), (ErrorKind::Configuration, Advice::FixSetup));
}

#[test]
fn invariant_10_the_journal_holds_no_key_and_no_signature() {
    let stage = Stage::new();
    stage.client.send(&order("n1").intent("invoice 7")).expect("sent");
    stage.fault_once("drop-after");
    stage.client.send(&order("n2")).expect_err("lost");
    let merchant = redpack::Merchant {
        mch_id: stage.sandbox.mch_id().into(),
        appid: stage.sandbox.appid().into(),
        api_key: stage.sandbox.api_key().clone(),
        workwx_secret: None,
    };
    let body = order("n1").as_request().encode(&merchant).expect("encoded").body;
    let signature =
        redpack::xml::read(body.as_bytes()).expect("XML").text_of("sign").expect("signed").to_owned();
    let key = std::fs::read_to_string(stage.sandbox.key_file()).expect("a key");
    let line = key.lines().nth(1).expect("a line of the key").to_owned();
    let mut searched = 0;
    for entry in std::fs::read_dir(stage.dir.path()).expect("a folder").flatten() {
        if !entry.file_name().to_string_lossy().starts_with("journal.db") || entry.path().is_dir() {
            continue;
        }
        let bytes = std::fs::read(entry.path()).expect("a file");
        searched += bytes.len();
        for secret in [stage.sandbox.api_key().expose(), &signature, &line] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{}", entry.path().display());
        }
    }
    assert!(searched > 4096, "the journal was searched: {searched} bytes");
}
