//! Settling: attempts and queries until the money question has its answer.

use std::time::Duration;

use redpack::journal::State;
use redpack::{Advice, Clock, Fen, Outcome, Scope, SendRedPack};
use serde_json::json;

use crate::stage::{LONG, OPENID, Stage, builder, order};

/// Every fault that can strike a send, and how the order must end when it strikes the first attempt only.
const FAULTS: [(&str, Outcome); 26] = [
    ("drop-before", Outcome::Sent),
    ("drop-after", Outcome::Sent),
    ("reset-before", Outcome::Sent),
    ("reset-after", Outcome::Sent),
    ("hang-before", Outcome::Sent),
    ("hang-after", Outcome::Sent),
    ("late-landing", Outcome::Sent),
    ("http-502-before", Outcome::Sent),
    ("http-502-after", Outcome::Sent),
    ("redirect-after", Outcome::Sent),
    ("truncated-after", Outcome::Sent),
    ("reset-in-answer-after", Outcome::Sent),
    ("cut-xml-after", Outcome::Sent),
    ("oversized-after", Outcome::Sent),
    ("not-xml-after", Outcome::Sent),
    ("entity-bomb-after", Outcome::Sent),
    ("wrong-echo-after", Outcome::Sent),
    ("odd-form", Outcome::Sent),
    ("SYSTEMERROR-before", Outcome::Sent),
    ("SYSTEMERROR-after", Outcome::Sent),
    ("268458547-before", Outcome::Sent),
    ("NEVER_SEEN_CODE-after", Outcome::Sent),
    ("FREQ_LIMIT", Outcome::Sent),
    ("PROCESSING", Outcome::Sent),
    ("PROCESSING-failed", Outcome::Rejected),
    ("SEND_FAILED", Outcome::Rejected),
];

#[test]
fn after_any_fault_one_settlement_pays_once_or_closes() {
    for (fault, outcome) in FAULTS {
        let stage = Stage::new();
        stage.fault_once(fault);
        let settled = stage.client.settle(order("n1"), LONG).expect("settled");
        assert_eq!(settled.outcome, outcome, "{fault}: {settled:?}");
        assert!(settled.is_settled() && settled.look_again.is_none(), "{fault}: {settled:?}");
        let (advice, debits) =
            if outcome == Outcome::Sent { (Advice::None, 1) } else { (Advice::NewOrderAllowed, 0) };
        assert_eq!((settled.advice, stage.landed("n1").1), (advice, debits), "{fault}");
        // Late requests of the same order land on the same order.
        stage.clock.sleep(LONG);
        assert_eq!(stage.landed("n1").1, debits, "{fault}");
        assert_eq!(settled.attempts as usize, settled.hosts.len(), "{fault}");
    }
}

#[test]
fn faults_of_queries_only_take_time() {
    for fault in ["drop", "http-502", "not-xml", "SYSTEMERROR", "NOT_FOUND", "wrong-echo", "truncated"] {
        let stage = Stage::new();
        stage.fault_once("drop-after");
        stage.fault(fault, &json!({"on": "query", "times": 2}));
        let settled = stage.client.settle(order("n1"), LONG).expect("settled");
        assert_eq!((settled.outcome, stage.landed("n1").1), (Outcome::Sent, 1), "{fault}: {settled:?}");
        // What the service answers with a code permits the same order again; all else only another query.
        assert!(settled.attempts + settled.queries >= 3, "{fault}: {settled:?}");
    }
}

#[test]
fn a_settlement_that_has_no_time_says_when_to_look_again() {
    let stage = Stage::new();
    stage.fault_once("late-landing");
    let open = stage.client.settle(order("n1"), Duration::from_secs(5)).expect("an answer");
    assert_eq!((open.outcome, open.is_settled()), (Outcome::Unknown, false), "{open:?}");
    assert!(open.look_again.is_some() && open.attempts == 1, "{open:?}");
    assert_ne!(open.advice, Advice::NewOrderAllowed);
    let settled = stage.client.settle(order("n1"), LONG).expect("settled");
    assert_eq!((settled.outcome, stage.landed("n1").1), (Outcome::Sent, 1));
}

#[test]
fn too_little_money_stops_the_queue_until_there_is_some() {
    let stage = Stage::new();
    stage.sandbox.set_balance(Fen(0));
    let open = stage.client.settle(order("n1"), Duration::from_secs(5)).expect("an answer");
    assert_eq!((open.outcome, open.scope), (Outcome::Pending, Scope::Merchant), "{open:?}");
    assert!(stage.journal.paused(stage.sandbox.mch_id()).expect("read").is_some());
    let held = stage.client.settle(order("n2"), Duration::from_secs(1)).expect("an answer");
    assert_eq!((held.outcome, held.attempts, stage.sends()), (Outcome::NotSent, 0, 1), "{held:?}");
    stage.sandbox.set_balance(Fen(1000));
    stage.clock.sleep(Duration::from_secs(61));
    for number in ["n1", "n2"] {
        let settled = stage.client.settle(order(number), LONG).expect("settled");
        assert_eq!((settled.outcome, stage.landed(number).1), (Outcome::Sent, 1), "{settled:?}");
    }
}

#[test]
fn a_limit_of_the_recipient_waits_for_tomorrow_and_is_not_attempted_meanwhile() {
    let stage = Stage::new();
    stage.fault_once("SENDNUM_LIMIT");
    let open = stage.client.settle(order("n1"), Duration::from_secs(5)).expect("an answer");
    assert_eq!((open.outcome, open.advice), (Outcome::Pending, Advice::RetrySameOrder));
    let again = stage.client.settle(order("n1"), Duration::from_secs(5)).expect("an answer");
    assert_eq!((again.attempts, stage.sends()), (0, 1), "{again:?}");
    let settled = stage.client.settle(order("n1"), LONG * 25).expect("settled");
    assert_eq!((settled.outcome, stage.landed("n1").1), (Outcome::Sent, 1), "{settled:?}");
}

#[test]
fn what_must_be_mended_ends_a_settlement_at_once() {
    let stage = Stage::new();
    let small = SendRedPack::new("n1", OPENID, Fen(50)).send_name("a").act_name("b").wishing("c").remark("d");
    let refused = stage.client.settle(small, LONG).expect("an answer");
    assert_eq!((refused.outcome, refused.order.state), (Outcome::Rejected, State::Rejected));
    assert_eq!(stage.sends(), 1);
    let stranger = builder(&stage.sandbox, &stage.clock).journal(std::sync::Arc::clone(&stage.journal));
    let stranger = stranger.build().expect("a client");
    stranger.replace_api_key(redpack::Secret::new("x".repeat(32))).expect("replaced");
    let wrong = stranger.settle(order("n2"), LONG).expect("an answer");
    assert_eq!((wrong.outcome, wrong.advice, wrong.attempts), (Outcome::Rejected, Advice::FixSetup, 1));
}

#[test]
fn after_three_days_nothing_is_attempted_and_after_twenty_nine_an_operator_must_look() {
    let stage = Stage::new();
    let day = Duration::from_secs(86_400);
    stage.fault("drop-before", &json!({}));
    let open = stage.client.settle(order("n1"), Duration::from_secs(5)).expect("an answer");
    assert_eq!(open.outcome, Outcome::Unknown);
    stage.clock.sleep(day * 3);
    stage.sandbox.clear_faults();
    let sends = stage.sends();
    let late = stage.client.settle(order("n1"), Duration::from_secs(600)).expect("an answer");
    assert_eq!((late.outcome, late.attempts, stage.sends()), (Outcome::Unknown, 0, sends), "{late:?}");
    assert!(late.queries > 0);
    stage.clock.sleep(day * 27);
    let manual = stage.client.settle(order("n1"), Duration::from_secs(600)).expect("an answer");
    assert_eq!((manual.order.state, manual.advice), (State::Manual, Advice::AskOperator), "{manual:?}");
    let evidence = redpack::journal::Evidence::NotPaid;
    let resolved = stage.client.resolve("n1", &evidence, "zhang", "not in the console").expect("resolved");
    assert_eq!((resolved.order.state, resolved.advice), (State::Closed, Advice::NewOrderAllowed));
}
