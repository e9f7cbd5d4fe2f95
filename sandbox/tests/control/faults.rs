//! `/faults`, and how often what was asked for has struck.

use serde_json::json;

use crate::asking::{advance, ask, get, post, refusal, send, status};
use crate::connection::{order, start};

#[test]
fn rules_are_added_all_or_none_and_counted_as_they_strike() {
    let started = start();
    let sandbox = &started.sandbox;
    let added = post(
        sandbox,
        "/faults",
        json!({"rules": [{"fault": "NOTENOUGH", "times": 1}, {"fault": "NO_AUTH"}]}),
    );
    assert_eq!(added["added"], json!([1, 2]));
    assert_eq!(post(sandbox, "/faults", json!({"faults": ["SYSTEMERROR"], "skip": 9}))["added"], json!([3]));
    let (status, error) =
        refusal(sandbox, "/faults", json!({"rules": [{"fault": "drop"}, {"fault": "dropp"}]}));
    assert_eq!(status, 400);
    assert!(error.contains("no fault on a send is called \"dropp\""), "{error}");
    assert_eq!(get(sandbox, "/faults")["rules"].as_array().map(Vec::len), Some(3));

    assert_eq!(send(&started, "a1", &[]), "NOTENOUGH");
    assert_eq!(send(&started, "a2", &[]), "NO_AUTH");
    assert_eq!(send(&started, "a3", &[("re_openid", "f--FREQ_LIMIT")]), "NO_AUTH");
    let shown = get(sandbox, "/faults");
    assert_eq!((&shown["rules"][0]["struck"], &shown["rules"][1]["struck"]), (&json!(1), &json!(2)));
    let told = ask(sandbox, "DELETE", "/faults", "").json();
    assert_eq!(told["rules"], json!([]));
    assert_eq!(send(&started, "a4", &[("re_openid", "f--FREQ_LIMIT")]), "FREQ_LIMIT");
    let struck = json!({"FREQ_LIMIT": 1, "NOTENOUGH": 1, "NO_AUTH": 2});
    assert_eq!(get(sandbox, "/faults")["struck"], struck);
    assert_eq!(get(sandbox, "/ledger")["faults"], struck);
    assert_eq!(post(sandbox, "/faults", json!({"fault": "drop"}))["added"], json!([4]), "ids go on");
}

#[test]
fn nonsense_is_refused_and_named() {
    let started = start();
    for (rules, reason) in [
        (json!({}), "a rule needs either fault or faults"),
        (json!({"fault": "drop", "faults": ["drop"]}), "a rule needs either fault or faults"),
        (json!({"fault": "drop", "probability": 1.5}), "probability must be between 0 and 1"),
        (json!({"fault": "drop", "delay_ms": 600_001}), "delay_ms must be at most 600000"),
        (json!({"fault": "wrong-echo", "field": "sign"}), "field must be one of mch_billno, mch_id"),
        (json!({"fault": "drop", "on": "connection", "remark": "a"}), "belongs to no order yet"),
        (json!({"fault": "drop-after", "on": "query"}), "a query changes nothing"),
        (json!({"fault": "drop", "on": "answer"}), "unknown variant `answer`"),
        (json!({"fault": "drop", "times": -1}), "no rule: "),
        (json!({"fault": 7}), "no rule: "),
        (json!({"fault": "drop", "id": 1}), "unknown field `id`"),
        (json!({"rules": "drop"}), "unknown field `rules`"),
        (json!({"rules": ["drop"]}), "no rule: each must be a JSON object"),
        (json!({"rules": [["drop"]]}), "no rule: each must be a JSON object"),
        (json!({"rules": [{"fault": "drop"}], "probability": 0.5}), "beside rules there can be nothing else"),
        (json!({"rules": vec![json!({"fault": "drop"}); 1001]}), "at most 1000 rules"),
    ] {
        let (status, error) = refusal(&started.sandbox, "/faults", rules.clone());
        assert!(status == 400 && error.contains(reason), "{error}");
        if rules.get("rules").is_none_or(|rules| !rules.is_array()) {
            let rules = started.sandbox.add_faults(&rules).expect_err("refused too");
            assert_eq!(rules.to_string(), error, "the same in Rust");
        }
    }
    assert_eq!(get(&started.sandbox, "/faults")["rules"], json!([]));
}

#[test]
fn a_late_order_is_nowhere_until_it_lands() {
    let started = start();
    let sandbox = &started.sandbox;
    post(sandbox, "/clock", json!({"held": true}));
    post(sandbox, "/faults", json!({"fault": "late-landing", "mch_billno": "a1", "after_seconds": 90}));
    let body = started.signed(&order("a1", &[]));
    let request = format!(
        "POST /mmpaymkttransfers/sendredpack HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert!(started.connect().exchange(&request).is_err(), "no answer");
    let ledger = get(sandbox, "/ledger");
    assert_eq!((&ledger["landing_later"], &ledger["not_landed"]["a1"]), (&json!(1), &json!(1)));
    assert_eq!(ask(sandbox, "GET", "/ledger?mch_billno=a1", "").status, 404);
    advance(&started, 89);
    assert_eq!(status(&started, "a1"), "NOT_FOUND");
    advance(&started, 1);
    assert_eq!(status(&started, "a1"), "SENT");
    let ledger = get(sandbox, "/ledger");
    assert_eq!((&ledger["landing_later"], &ledger["not_landed"]), (&json!(0), &json!({})));
    let one = get(sandbox, "/ledger?mch_billno=a1");
    assert_eq!((&one["debits"], &one["attempts"], &one["queries"]), (&json!(1), &json!(1), &json!(2)));
    assert_eq!(ledger["orders"]["a1"], one);
}
