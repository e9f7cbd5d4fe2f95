//! The policies that limit how often and how much, and those that forget.

use redpack::Fen;
use serde_json::{Value, json};

use crate::asking::{advance, balance, code, get, policy, post, send, status};
use crate::connection::{Started, changed, order, start};

/// The clock stands at noon in Beijing, so that a day and a second last as long as a test wants.
fn at_noon() -> Started {
    let started = start();
    post(&started.sandbox, "/clock", json!({"now": "2026-11-24T12:00:00+08:00", "held": true}));
    started
}

#[test]
fn a_hasty_attempt_is_counted_or_refused() {
    for (hasty, ordinary, mini) in [
        ("answered", "SUCCESS", "SUCCESS"),
        ("refused_by_sendredpack", "FREQ_LIMIT", "SUCCESS"),
        ("refused", "FREQ_LIMIT", "FREQ_LIMIT"),
    ] {
        let started = at_noon();
        policy(&started, "hasty", hasty);
        let fields = [("client_ip", ""), ("notify_way", "MINI_PROGRAM_JSAPI")];
        let send_mini = || code(&started.post("sendminiprogramhb", &changed(order("m1", &[]), &fields)));
        assert_eq!((send(&started, "a1", &[]).as_str(), send_mini().as_str()), ("SUCCESS", "SUCCESS"));
        assert_eq!((send(&started, "a1", &[]).as_str(), send_mini().as_str()), (ordinary, mini), "{hasty}");
        assert_eq!(send(&started, "a2", &[]), "SUCCESS", "another order is in no hurry");
        post(&started.sandbox, "/clock", json!({"advance_seconds": 1}));
        assert_eq!((send(&started, "a1", &[]).as_str(), send_mini().as_str()), ("SUCCESS", "SUCCESS"));
        let order = get(&started.sandbox, "/ledger?mch_billno=a1");
        assert_eq!((&order["attempts"], &order["hasty_attempts"]), (&json!(3), &json!(1)));
    }
}

#[test]
fn a_second_takes_only_so_many_sends() {
    let started = at_noon();
    policy(&started, "sends_per_second", 2);
    let codes: Vec<String> = ["a1", "a2", "a3"].iter().map(|number| send(&started, number, &[])).collect();
    assert_eq!(codes, ["SUCCESS", "SUCCESS", "FREQ_LIMIT"]);
    assert_eq!(status(&started, "a3"), "NOT_FOUND");
    advance(&started, 1);
    policy(&started, "freq_limit_lands", true);
    let codes: Vec<String> = ["a4", "a5", "a3"].iter().map(|number| send(&started, number, &[])).collect();
    assert_eq!(codes, ["SUCCESS", "SUCCESS", "FREQ_LIMIT"]);
    assert_eq!(status(&started, "a3"), "SENDING", "it landed this time");
    policy(&started, "sends_per_second", Value::Null);
    assert_eq!(send(&started, "a3", &[]), "SUCCESS");
}

#[test]
fn a_day_in_beijing_takes_only_so_much() {
    for (switch, most, code, another_recipient) in [
        ("recipient_packets_per_day", 2, "SENDNUM_LIMIT", "SUCCESS"),
        ("recipient_fen_per_day", 299, "RCVDAMOUNT_LIMIT", "SUCCESS"),
        ("merchant_fen_per_day", 299, "SENDAMOUNT_LIMIT", "SENDAMOUNT_LIMIT"),
    ] {
        let started = at_noon();
        policy(&started, switch, most);
        let codes: Vec<String> =
            ["a1", "a2", "a3"].iter().map(|number| send(&started, number, &[])).collect();
        assert_eq!(codes, ["SUCCESS", "SUCCESS", code], "{switch}");
        assert_eq!(send(&started, "b1", &[("re_openid", "oAnother")]), another_recipient, "{switch}");
        advance(&started, 12 * 3600 - 1);
        assert_eq!(send(&started, "a3", &[]), code, "{switch}: a second to midnight");
        assert_eq!(status(&started, "a3"), "SENDING", "{switch}: it landed");
        advance(&started, 1);
        assert_eq!(send(&started, "a3", &[]), "SUCCESS", "{switch}: the next day");
        policy(&started, "limit_failures_land", false);
        let codes: Vec<String> =
            ["a4", "a5", "a6"].iter().map(|number| send(&started, number, &[])).collect();
        assert_eq!((codes[0].as_str(), codes[1].as_str()), ("SUCCESS", code), "{switch}");
        assert_eq!(status(&started, "a5"), "NOT_FOUND", "{switch}: it did not land");
    }
}

#[test]
fn a_number_that_is_forgotten_is_paid_for_again() {
    let started = at_noon();
    policy(&started, "remember_seconds", 60);
    send(&started, "a1", &[]);
    advance(&started, 59);
    send(&started, "a1", &[]);
    assert_eq!(balance(&started), Fen(99_999_900));
    advance(&started, 1);
    assert_eq!(send(&started, "a1", &[]), "SUCCESS");
    assert_eq!((balance(&started), started.sandbox.ledger().orders["a1"].debits), (Fen(99_999_800), 2));
}

#[test]
fn a_query_finds_what_is_not_too_old() {
    let started = at_noon();
    policy(&started, "query_window_seconds", 60);
    send(&started, "a1", &[]);
    advance(&started, 60);
    assert_eq!(status(&started, "a1"), "SENT");
    advance(&started, 1);
    assert_eq!(status(&started, "a1"), "NOT_FOUND");
    assert_eq!(send(&started, "a1", &[]), "SUCCESS", "a send knows the number all the same");
    assert_eq!(started.sandbox.ledger().orders["a1"].debits, 1);
}

#[test]
fn a_repeat_is_answered_as_the_policy_says_and_never_paid() {
    let started = at_noon();
    send(&started, "a1", &[]);
    for (switch, code) in [
        ("success", "SUCCESS"),
        ("send_failed", "SEND_FAILED"),
        ("fatal_error", "FATAL_ERROR"),
        ("unknown_code", "ALREADY_RECEIVED"),
    ] {
        policy(&started, "repeat_after_success", switch);
        assert_eq!(send(&started, "a1", &[]), code);
        assert_eq!(status(&started, "a1"), "SENT", "{switch}");
    }
    assert_eq!((balance(&started), started.sandbox.ledger().orders["a1"].attempts), (Fen(99_999_900), 5));
}

#[test]
fn refusals_land_where_the_policy_says_so() {
    let started = at_noon();
    for (mch_billno, change, code) in [
        ("a1", ("total_amount", "99"), "MONEY_LIMIT"),
        ("a2", ("re_openid", "张三"), "OPENID_ERROR"),
        ("a3", ("wishing", ""), "PARAM_ERROR"),
    ] {
        policy(&started, "refusals_land", false);
        assert_eq!(
            (send(&started, mch_billno, &[change]).as_str(), status(&started, mch_billno).as_str()),
            (code, "NOT_FOUND")
        );
        policy(&started, "refusals_land", true);
        assert_eq!(
            (send(&started, mch_billno, &[change]).as_str(), status(&started, mch_billno).as_str()),
            (code, "SENDING")
        );
    }
    assert_eq!(balance(&started), Fen(100_000_000));
}
