//! Every fault that strikes a send.

use redpack::answer::table::CODES;
use serde_json::{Value, json};

use crate::stage::{Stage, nothing_more, order, order_to};

/// Fault, settings, then what the caller is told (code or kind of error, outcome, advice, scope) and what
/// really happened (status of the order, debits).
type Row = (&'static str, Value, [&'static str; 4], (&'static str, u64));

const PAID: (&str, u64) = ("SENT", 1);
const LOST: (&str, u64) = ("", 0);
const STUCK: (&str, u64) = ("SENDING", 0);
const SENT: [&str; 4] = ["", "sent", "none", "order"];

fn unknown(kind: &'static str) -> [&'static str; 4] {
    [kind, "unknown", "query_first", "order"]
}

fn rows() -> Vec<Row> {
    let plain = nothing_more;
    let quick = || json!({"delay_ms": 20});
    let long = || json!({"delay_ms": 6000});
    let echo = |field: &str| json!({ "field": field });
    let refused = ["client_certificate_doubted", "unknown", "fix_setup", "merchant"];
    vec![
        ("drop", plain(), unknown("disconnected"), PAID),
        ("drop-before", plain(), unknown("disconnected"), LOST),
        ("drop-after", plain(), unknown("disconnected"), PAID),
        ("reset-before", plain(), unknown("disconnected"), LOST),
        ("reset", plain(), unknown("disconnected"), PAID),
        ("hang-before", plain(), unknown("timeout"), LOST),
        ("hang", plain(), unknown("timeout"), PAID),
        ("hang", quick(), unknown("disconnected"), PAID),
        ("delay", quick(), SENT, PAID),
        ("delay", long(), unknown("timeout"), PAID),
        ("delay-before", long(), unknown("timeout"), LOST),
        ("late-landing", plain(), unknown("disconnected"), LOST),
        ("late-landing", long(), unknown("timeout"), LOST),
        ("http-502", plain(), unknown("http_status"), PAID),
        ("http-502-before", plain(), unknown("http_status"), LOST),
        ("http-404", plain(), unknown("http_status"), PAID),
        ("http-429-before", plain(), unknown("http_status"), LOST),
        ("http-201", plain(), unknown("http_status"), PAID),
        ("http-200", plain(), unknown("malformed"), PAID),
        ("http-400", plain(), refused, PAID),
        ("redirect", plain(), unknown("redirect"), PAID),
        ("redirect-before", plain(), unknown("redirect"), LOST),
        ("truncated", plain(), unknown("disconnected"), PAID),
        ("truncated-before", plain(), unknown("disconnected"), LOST),
        ("reset-in-answer", plain(), unknown("disconnected"), PAID),
        ("cut-xml", plain(), unknown("malformed"), PAID),
        ("oversized", plain(), unknown("too_large"), PAID),
        ("not-xml", plain(), unknown("malformed"), PAID),
        ("empty", plain(), unknown("malformed"), PAID),
        ("entity-bomb", plain(), unknown("malformed"), PAID),
        ("drip", quick(), unknown("timeout"), PAID),
        ("drip", json!({"delay_ms": 0}), SENT, PAID),
        ("odd-form", plain(), SENT, PAID),
        ("wrong-echo", plain(), unknown("SUCCESS"), PAID),
        ("wrong-echo", echo("mch_id"), unknown("SUCCESS"), PAID),
        ("wrong-echo", echo("re_openid"), unknown("SUCCESS"), PAID),
        ("wrong-echo", echo("total_amount"), unknown("SUCCESS"), PAID),
        ("SYSTEMERROR", plain(), unknown("SYSTEMERROR"), LOST),
        ("SYSTEMERROR-before", plain(), unknown("SYSTEMERROR"), LOST),
        ("SYSTEMERROR-after", plain(), unknown("SYSTEMERROR"), PAID),
        ("268458547", plain(), unknown("268458547"), LOST),
        ("268458547-after", plain(), unknown("268458547"), PAID),
        ("NEVER_SEEN_CODE", plain(), unknown("NEVER_SEEN_CODE"), LOST),
        ("NEVER_SEEN_CODE-after", plain(), unknown("NEVER_SEEN_CODE"), PAID),
        ("PROCESSING", plain(), ["PROCESSING", "pending", "query_first", "order"], STUCK),
        ("PROCESSING-failed", plain(), ["PROCESSING", "pending", "query_first", "order"], STUCK),
        ("NOTENOUGH", plain(), ["NOTENOUGH", "pending", "retry_same_order", "merchant"], STUCK),
        ("SEND_FAILED", plain(), ["SEND_FAILED", "rejected", "query_first", "order"], ("FAILED", 0)),
    ]
}

#[test]
fn every_fault_of_a_send_gets_its_outcome_and_one_wire_send() {
    let stage = Stage::new();
    for (index, (name, settings, told, landed)) in rows().into_iter().enumerate() {
        let number = format!("n{index}");
        stage.fault(name, &settings);
        let (result, found) = stage.send(&order(&number), 1);
        stage.sandbox.clear_faults();
        assert_eq!([found.0.as_str(), found.1, found.2, found.3], told, "{name} {settings}: {result:?}");
        assert_eq!(stage.landed(&number), (landed.0.to_owned(), landed.1), "{name} {settings}");
        if let Err(error) = &result {
            assert_eq!(error.mch_billno(), Some(&*number), "{name}");
            assert_eq!(error.attempts(), 1, "{name}");
        }
    }
}

#[test]
fn after_every_fault_the_same_order_is_paid_for_once_by_repeating_it() {
    let stage = Stage::new();
    for (index, (name, settings, ..)) in rows().into_iter().enumerate() {
        if ["SEND_FAILED", "PROCESSING-failed"].contains(&name) {
            continue;
        }
        let number = format!("n{index}");
        let mut settings = settings;
        settings["delay_ms"] = settings["delay_ms"].as_u64().unwrap_or(20).min(20).into();
        stage.fault(name, &settings);
        let _ = stage.client.send(&order(&number));
        stage.sandbox.clear_faults();
        // Long enough for late landings and for PROCESSING to end.
        stage.sandbox.advance(std::time::Duration::from_secs(1300));
        stage.client.send(&order(&number)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let order = stage.order(&number).expect("landed");
        assert_eq!((order.debits, order.status.as_str()), (1, "SENT"), "{name}");
    }
}

#[test]
fn every_code_of_the_table_gets_its_row() {
    let stage = Stage::new();
    for row in CODES.iter().filter(|row| row.code != "PROCESSING") {
        let number = format!("c{}", row.code.replace('_', ""));
        stage.fault(row.code, &nothing_more());
        let (result, told) = stage.send(&order(&number), 1);
        stage.sandbox.clear_faults();
        let verdict = row.verdict;
        let expected = (verdict.outcome.as_str(), verdict.advice.as_str(), verdict.scope.as_str());
        assert_eq!((told.0.as_str(), (told.1, told.2, told.3)), (row.code, expected), "{result:?}");
    }
}

#[test]
fn every_name_that_the_gateway_tells_is_in_the_table() {
    let stage = Stage::new();
    let rows = rows();
    for name in stage.sandbox.fault_names("send") {
        let known = rows.iter().any(|(row, ..)| row.trim_end_matches("-after") == name);
        assert!(known, "{name}");
    }
}

#[test]
fn a_marker_in_the_openid_does_the_same_without_any_control() {
    let stage = Stage::new();
    let marked = order_to("m1", "f--drop-after--2--zhang");
    for _ in 0..2 {
        assert_eq!(stage.send(&marked, 1).1.0, "disconnected");
    }
    assert_eq!(stage.send(&marked, 1).1.1, "sent");
    assert_eq!(stage.order("m1").map(|order| (order.attempts, order.debits)), Some((3, 1)));
    let marked = order_to("m2", "f--query-NOT_FOUND");
    stage.client.send(&marked).expect("sent");
    assert_eq!([stage.status("m2"), stage.status("m2")], ["NOT_FOUND", "SENT"]);
    let typo = stage.send(&order_to("m3", "f--dorp-after"), 1);
    assert_eq!(typo.1.0, "PARAM_ERROR");
    let text = typo.0.expect_err("refused").to_string();
    assert!(text.contains("dorp-after"), "{text}");
}

#[test]
fn a_late_landing_is_not_found_until_it_is_paid_for() {
    let stage = Stage::new();
    stage.fault("late-landing", &json!({"after_seconds": 300}));
    stage.send(&order("late"), 1).0.expect_err("no answer");
    stage.sandbox.clear_faults();
    assert!(stage.ledger().refusals.is_empty(), "nobody was answered anything");
    assert_eq!((stage.status("late"), stage.ledger().landing_later), ("NOT_FOUND".into(), 1));
    stage.sandbox.advance(std::time::Duration::from_secs(290));
    assert_eq!(stage.status("late"), "NOT_FOUND");
    stage.sandbox.advance(std::time::Duration::from_secs(10));
    assert_eq!((stage.status("late"), stage.ledger().landing_later), ("SENT".into(), 0));
    assert_eq!(stage.landed("late"), ("SENT".into(), 1));
}
