//! `/clock`: its rules, and what time does to orders.

use redpack::{Fen, Timestamp};
use serde_json::{Value, json};

use crate::asking::{advance, balance, get, policy, post, refusal, send, status};
use crate::connection::{Started, start};

fn unix(value: &Value) -> i64 {
    Timestamp::from_rfc3339(value.as_str().expect("a time")).expect("RFC 3339").unix_seconds()
}

fn states(started: &Started, mch_billno: &str) -> Vec<String> {
    let order = get(&started.sandbox, &format!("/ledger?mch_billno={mch_billno}"));
    let states = order["states"].as_array().expect("states").iter();
    states.map(|state| state["status"].as_str().expect("a word").to_owned()).collect()
}

#[test]
fn it_runs_ahead_stands_still_and_is_set() {
    let started = start();
    let sandbox = &started.sandbox;
    let clock = get(sandbox, "/clock");
    assert!((unix(&clock["now"]) - Timestamp::now().unix_seconds()).abs() < 5 && clock["held"] == false);
    let clock = post(sandbox, "/clock", json!({"advance_seconds": 3600.5}));
    assert!((unix(&clock["now"]) - Timestamp::now().unix_seconds() - 3600).abs() < 5, "{clock}");
    let set = json!({"now": "2026-11-24T00:00:00Z", "held": true});
    let clock = post(sandbox, "/clock", set.clone());
    assert_eq!(clock, json!({"now": "2026-11-24T08:00:00+08:00", "held": true}), "Beijing time is shown");
    assert_eq!(post(sandbox, "/clock", set), clock, "again is no step back");
    send(&started, "a1", &[]);
    assert_eq!(get(sandbox, "/ledger?mch_billno=a1")["send_time"], "2026-11-24T08:00:00+08:00");
    let moved = post(sandbox, "/clock", json!({"advance_seconds": 0.25, "held": true}));
    assert_eq!(moved["now"], "2026-11-24T08:00:00+08:00");
    assert_eq!(post(sandbox, "/clock", json!({"advance_seconds": 0.75}))["now"], "2026-11-24T08:00:01+08:00");
    let clock = post(sandbox, "/clock", json!({"held": false}));
    assert!(clock["held"] == false && (1..60).contains(&(unix(&clock["now"]) - 1_795_478_400)), "{clock}");
}

#[test]
fn it_does_not_go_back_once_there_are_orders() {
    let started = start();
    let sandbox = &started.sandbox;
    // Until then it can be set to any time.
    post(sandbox, "/clock", json!({"now": "2030-01-01T00:00:00+08:00", "held": true}));
    post(sandbox, "/clock", json!({"now": "2026-01-01T00:00:00+08:00"}));
    send(&started, "a1", &[]);
    for (change, text) in [
        (json!({}), "give advance_seconds, now or held"),
        (
            json!({"advance_seconds": 1, "now": "2027-01-01T00:00:00+08:00"}),
            "give either advance_seconds or now",
        ),
        (json!({"advance_seconds": -1}), "advance_seconds must be between 0 and ten years"),
        (json!({"advance_seconds": 1e12}), "advance_seconds must be between 0 and ten years"),
        (
            json!({"now": "2025-12-31T23:59:59+08:00"}),
            "now must not be earlier than the clock once there are",
        ),
        (json!({"now": "2036-06-01T00:00:00+08:00"}), "now must be within ten years"),
        (json!({"now": "2026-01-02"}), "a time must be RFC 3339, as 2026-11-24T08:00:00+08:00"),
        (json!({"now": 1_795_478_400}), "the body is not as it should be"),
        (json!({"held": "yes"}), "the body is not as it should be"),
    ] {
        let (code, error) = refusal(sandbox, "/clock", change.clone());
        assert!(code == 400 && error.contains(text), "{change}: {error}");
    }
    assert_eq!(get(sandbox, "/clock")["now"], "2026-01-01T00:00:00+08:00");
    assert_eq!(status(&started, "a1"), "SENT");
}

#[test]
fn an_unclaimed_packet_goes_back_after_a_day_and_ten_minutes() {
    let started = start();
    let sandbox = &started.sandbox;
    post(sandbox, "/clock", json!({"held": true}));
    send(&started, "a1", &[]);
    send(&started, "a2", &[]);
    sandbox.claim("a2").expect("claimed");
    advance(&started, 86_399);
    assert_eq!(status(&started, "a1"), "SENT");
    advance(&started, 1);
    assert_eq!((status(&started, "a1"), balance(&started)), ("RFUND_ING".into(), Fen(99_999_800)));
    advance(&started, 599);
    assert_eq!(status(&started, "a1"), "RFUND_ING");
    advance(&started, 1);
    assert_eq!((status(&started, "a1"), balance(&started)), ("REFUND".into(), Fen(99_999_900)));
    assert_eq!(states(&started, "a1"), ["SENT", "RFUND_ING", "REFUND"]);
    assert_eq!(status(&started, "a2"), "RECEIVED");
    let order = get(sandbox, "/ledger?mch_billno=a1");
    assert_eq!(unix(&order["refund_time"]) - unix(&order["send_time"]), 87_000, "at its own moment");
    assert_eq!(get(sandbox, "/ledger")["totals"]["refunded"], 100);
}

#[test]
fn one_step_of_the_clock_does_everything_in_its_order_and_the_policies_set_when() {
    let started = start();
    policy(&started, "refund_after_seconds", 60);
    policy(&started, "refunding_seconds", 5);
    send(&started, "a1", &[]);
    // A change of the policy is none of what is due already, only of what begins after it.
    policy(&started, "refund_after_seconds", 3_600);
    send(&started, "a2", &[]);
    advance(&started, 70);
    assert_eq!((status(&started, "a1"), status(&started, "a2")), ("REFUND".into(), "SENT".into()));
    policy(&started, "refunding_seconds", 0);
    advance(&started, 3_600);
    assert_eq!(status(&started, "a2"), "REFUND");
    assert_eq!(get(&started.sandbox, "/balance")["balance"], 100_000_000);
}

#[test]
fn an_order_that_is_stuck_is_closed_after_three_days() {
    let started = start();
    let sandbox = &started.sandbox;
    post(sandbox, "/clock", json!({"held": true}));
    post(sandbox, "/balance", json!({"balance": 99}));
    assert_eq!(send(&started, "a1", &[]), "NOTENOUGH");
    advance(&started, 100_000);
    // Another attempt doesn't prolong its life.
    assert_eq!(send(&started, "a1", &[]), "NOTENOUGH");
    advance(&started, 3 * 86_400 - 100_001);
    assert_eq!(status(&started, "a1"), "SENDING");
    advance(&started, 1);
    assert_eq!(status(&started, "a1"), "FAILED");
    post(sandbox, "/balance", json!({"add": 1}));
    assert_eq!(send(&started, "a1", &[]), "SEND_FAILED");
    assert_eq!(
        (states(&started, "a1"), balance(&started)),
        (vec!["SENDING".into(), "FAILED".into()], Fen(100))
    );
    policy(&started, "close_after_seconds", 10);
    send(&started, "a2", &[("total_amount", "101")]);
    advance(&started, 10);
    assert_eq!(status(&started, "a2"), "FAILED");
}

#[test]
fn processing_ends_either_way() {
    let started = start();
    let sandbox = &started.sandbox;
    post(sandbox, "/clock", json!({"held": true}));
    post(sandbox, "/balance", json!({"balance": 100}));
    let rules = json!({"rules": [{"fault": "PROCESSING", "mch_billno": "a1", "first_attempts": 1},
        {"fault": "PROCESSING-failed", "mch_billno": "a2", "after_seconds": 5},
        {"fault": "PROCESSING", "mch_billno": "a3", "after_seconds": 1300}]});
    post(sandbox, "/faults", rules);
    for mch_billno in ["a1", "a2", "a3"] {
        assert_eq!(send(&started, mch_billno, &[]), "PROCESSING");
        assert_eq!(status(&started, mch_billno), "SENDING");
    }
    assert_eq!((send(&started, "a1", &[]), balance(&started)), ("PROCESSING".into(), Fen(100)));
    advance(&started, 5);
    assert_eq!(status(&started, "a2"), "FAILED");
    advance(&started, 1_194);
    assert_eq!(status(&started, "a1"), "SENDING");
    advance(&started, 1);
    assert_eq!((status(&started, "a1"), balance(&started)), ("SENT".into(), Fen(0)));
    assert_eq!(send(&started, "a1", &[]), "SUCCESS");
    advance(&started, 100);
    assert_eq!(status(&started, "a3"), "FAILED", "by then there was no money left");
    assert_eq!(states(&started, "a1"), ["SENDING", "SENT"]);
}
