//! Every fault that strikes a query: it says nothing of the order, and never permits a new one.

use std::time::Instant;

use redpack::Query;
use serde_json::{Value, json};

use crate::memory::measured;
use crate::stage::{LIMIT, Stage, nothing_more, order};

fn rows() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let plain = nothing_more;
    let long = || json!({"delay_ms": 6000});
    vec![
        ("drop", plain(), "disconnected", "query_first"),
        ("reset", plain(), "disconnected", "query_first"),
        ("hang", plain(), "timeout", "query_first"),
        ("delay", long(), "timeout", "query_first"),
        ("redirect", plain(), "redirect", "query_first"),
        ("truncated", plain(), "disconnected", "query_first"),
        ("reset-in-answer", plain(), "disconnected", "query_first"),
        ("cut-xml", plain(), "malformed", "query_first"),
        ("oversized", plain(), "too_large", "query_first"),
        ("not-xml", plain(), "malformed", "query_first"),
        ("empty", plain(), "malformed", "query_first"),
        ("entity-bomb", plain(), "malformed", "query_first"),
        ("drip", long(), "timeout", "query_first"),
        ("wrong-echo", plain(), "SUCCESS", "query_first"),
        ("http-502", plain(), "http_status", "query_first"),
        ("http-400", plain(), "client_certificate_doubted", "fix_setup"),
        ("SYSTEMERROR", plain(), "SYSTEMERROR", "query_first"),
        ("FREQ_LIMIT", plain(), "FREQ_LIMIT", "query_first"),
        ("SIGN_ERROR", plain(), "SIGN_ERROR", "query_first"),
        ("268458547", plain(), "268458547", "query_first"),
    ]
}

#[test]
fn every_fault_of_a_query_says_nothing_of_the_order() {
    let stage = Stage::new();
    stage.client.send(&order("n")).expect("sent");
    for (name, mut settings, code, advice) in rows() {
        settings["on"] = "query".into();
        stage.fault(name, &settings);
        let before = stage.ledger().totals.requests;
        let started = Instant::now();
        let (result, memory) = measured(|| stage.client.query(&Query::new("n")));
        assert!(memory < 5 << 20, "{name}: {memory} bytes");
        assert!(started.elapsed() < LIMIT * 4, "{name}: {:?}", started.elapsed());
        stage.sandbox.clear_faults();
        let error = result.expect_err(name);
        let found = error.err_code().unwrap_or(error.kind().as_str());
        assert_eq!((found, error.advice().as_str()), (code, advice), "{name}: {error}");
        assert_eq!((error.outcome().as_str(), error.mch_billno()), ("unknown", Some("n")), "{name}");
        assert_eq!(stage.ledger().totals.requests - before, 1, "{name}");
        assert_eq!(stage.status("n"), "SENT", "{name} changed nothing");
    }
}

#[test]
fn harmless_ones_are_understood_and_not_found_is_no_failure() {
    let stage = Stage::new();
    stage.client.send(&order("n")).expect("sent");
    for (name, settings, status) in [
        ("odd-form", nothing_more(), "SENT"),
        ("delay", json!({"delay_ms": 20}), "SENT"),
        ("drip", json!({"delay_ms": 0}), "SENT"),
        ("NOT_FOUND", nothing_more(), "NOT_FOUND"),
    ] {
        let mut settings = settings;
        settings["on"] = "query".into();
        stage.fault(name, &settings);
        assert_eq!(stage.status("n"), status, "{name}");
        stage.sandbox.clear_faults();
    }
    stage.fault("NOT_FOUND", &json!({"on": "query"}));
    let answer = stage.client.query(&Query::new("n")).expect("answered");
    assert_eq!(
        (answer.found(), answer.outcome.as_str(), answer.advice.as_str()),
        (false, "unknown", "query_first")
    );
}

#[test]
fn every_name_that_the_gateway_tells_is_tried() {
    let harmless = ["odd-form", "NOT_FOUND"];
    for name in Stage::new().sandbox.fault_names("query") {
        assert!(rows().iter().any(|(row, ..)| *row == name) || harmless.contains(&name), "{name}");
    }
}
