//! `/reset` and `/balance`.

use serde_json::{Value, json};

use crate::asking::{ask, get, policy, post, refusal, send};
use crate::connection::{OPENID, start};

#[test]
fn money_is_set_and_added() {
    let started = start();
    let sandbox = &started.sandbox;
    assert_eq!(get(sandbox, "/balance"), json!({"balance": 100_000_000}));
    assert_eq!(post(sandbox, "/balance", json!({"balance": 150})), json!({"balance": 150}));
    send(&started, "a1", &[]);
    assert_eq!(post(sandbox, "/balance", json!({"add": 50})), json!({"balance": 100}));
    for change in [json!({}), json!({"balance": 1, "add": 1})] {
        assert_eq!(refusal(sandbox, "/balance", change), (400, "give either balance or add, in fen".into()));
    }
    for change in [json!({"balance": -1}), json!({"add": 1.5}), json!({"balance": "1"}), json!({"fen": 1})] {
        let (status, error) = refusal(sandbox, "/balance", change);
        assert!(status == 400 && error.starts_with("the body is not as it should be: "), "{error}");
    }
    post(sandbox, "/balance", json!({"add": u64::MAX}));
    assert_eq!(get(sandbox, "/balance"), json!({"balance": u64::MAX}), "no more than fits");
}

#[test]
fn the_balance_knows_what_time_has_done() {
    let started = start();
    policy(&started, "refund_after_seconds", 1);
    policy(&started, "refunding_seconds", 0);
    send(&started, "a1", &[]);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while get(&started.sandbox, "/balance")["balance"] != 100_000_000 {
        assert!(
            std::time::Instant::now() < deadline,
            "the money is back, though nobody asked for the ledger"
        );
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn a_reset_forgets_everything_but_what_is_to_stay() {
    let started = start();
    let sandbox = &started.sandbox;
    for (keep, kept) in [
        (json!({}), vec![]),
        (json!({"keep": []}), vec![]),
        (json!({"keep": ["clock"]}), vec!["clock"]),
        (json!({"keep": ["policy"]}), vec!["policy"]),
        (json!({"keep": ["faults"], "balance": 7}), vec!["faults"]),
        (json!({"keep": ["faults", "policy", "clock", "clock"]}), vec!["clock", "policy", "faults"]),
    ] {
        ask(sandbox, "DELETE", "/policy", "");
        let fresh = post(sandbox, "/reset", json!({}));
        assert_eq!(fresh, json!({"balance": 100_000_000}));
        let clean = get(sandbox, "/ledger");
        post(sandbox, "/clock", json!({"now": "2030-01-01T00:00:00+08:00", "held": true}));
        policy(&started, "time_zone", "utc");
        let rules = json!({"rules": [{"fault": "NO_AUTH", "skip": 1}, {"fault": "drop", "on": "query"}]});
        post(sandbox, "/faults", rules);
        send(&started, "a1", &[("re_openid", "f--NOTENOUGH--zhang")]);
        send(&started, "a1", &[]);
        let told = post(sandbox, "/reset", keep.clone());
        let balance = keep.get("balance").cloned().unwrap_or(json!(100_000_000));
        assert_eq!(told, json!({ "balance": balance }));

        let mut ledger = get(sandbox, "/ledger");
        let has = |part: &str| kept.contains(&part);
        assert_eq!(ledger["faults"] != json!({}), has("faults"), "{keep}");
        (ledger["faults"], ledger["balance"]) = (json!({}), clean["balance"].clone());
        assert_eq!(ledger, clean, "{keep}");
        assert_eq!(
            get(sandbox, "/faults")["rules"].as_array().is_some_and(|rules| rules.len() == 2),
            has("faults")
        );
        assert_eq!(get(sandbox, "/policy")["time_zone"] == "utc", has("policy"), "{keep}");
        let clock = get(sandbox, "/clock");
        assert_eq!(
            clock["held"] == true && clock["now"] == "2030-01-01T00:00:00+08:00",
            has("clock"),
            "{keep}"
        );
    }
    for (body, text) in [
        (
            json!({"keep": ["orders"]}),
            "unknown variant `orders`, expected one of `clock`, `policy`, `faults`",
        ),
        (json!({"keep": "clock"}), "invalid type"),
        (json!({"balance": -5}), "invalid value"),
    ] {
        let (status, error) = refusal(sandbox, "/reset", body);
        assert!(status == 400 && error.contains(text), "{error}");
    }
}

#[test]
fn after_a_reset_a_number_is_new_and_what_was_to_land_does_not() {
    let started = start();
    let sandbox = &started.sandbox;
    post(sandbox, "/faults", json!({"fault": "http-502-before", "mch_billno": "a1", "times": 1}));
    sandbox.add_faults(&json!({"fault": "late-landing", "remark": "late"})).expect("a rule");
    let late = crate::connection::order("a2", &[("remark", "late")]);
    let body = started.signed(&late);
    let request = format!(
        "POST /mmpaymkttransfers/sendredpack HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert!(started.connect().exchange(&request).is_err());
    assert_eq!(get(sandbox, "/ledger")["landing_later"], 1);
    post(sandbox, "/reset", json!({}));
    post(sandbox, "/clock", json!({"advance_seconds": 100_000}));
    assert_eq!(get(sandbox, "/ledger")["orders"], json!({}));
    assert_eq!(send(&started, "a1", &[("total_amount", "200")]), "SUCCESS");
    let ledger = get(sandbox, "/ledger");
    assert_eq!(ledger["recipients"][OPENID], json!({"debits": 1, "debited": 200}));
    assert_eq!(
        (&ledger["totals"]["connections"], &ledger["totals"]["requests"]),
        (&Value::from(1), &Value::from(1))
    );
}
