//! Faults before TLS: nothing of the request can have left.

use serde_json::json;

use crate::stage::{Stage, client, order};

#[test]
fn before_tls_nothing_is_sent() {
    let stage = Stage::new();
    let rows = [
        ("drop", ["handshake", "not_sent", "retry_same_order", "order"]),
        ("garbage", ["handshake", "not_sent", "retry_same_order", "order"]),
        ("hang", ["handshake", "not_sent", "retry_same_order", "order"]),
        ("refuse-certificate", ["client_certificate_refused", "not_sent", "fix_setup", "merchant"]),
    ];
    for (name, expected) in rows {
        stage.fault(name, &json!({"on": "connection", "times": 1}));
        let (result, told) = stage.send(&order("n"), 0);
        assert_eq!([told.0.as_str(), told.1, told.2, told.3], expected, "{name}: {result:?}");
        assert_eq!(result.expect_err(name).attempts(), 0, "{name}");
    }
    // A reset may come so early that the connection itself seems to fail.
    stage.fault("reset", &json!({"on": "connection", "times": 1}));
    let (result, told) = stage.send(&order("n"), 0);
    assert_eq!((told.1, told.2), ("not_sent", "retry_same_order"), "{result:?}");
    assert_eq!(stage.send(&order("n"), 1).1.1, "sent");
    let mut names: Vec<_> = stage.sandbox.fault_names("connection");
    names.retain(|name| rows.iter().all(|(row, _)| row != name));
    assert_eq!(names, ["reset"]);
}

#[test]
fn a_fault_can_strike_one_host_only() {
    let stage = Stage::new();
    let backup = client(&stage.sandbox, &stage.sandbox.backup_url());
    stage.fault("drop", &json!({"on": "connection", "backup": false}));
    stage.fault("http-502-after", &json!({"backup": true, "times": 1}));
    assert_eq!(stage.send(&order("n"), 0).1.1, "not_sent");
    let error = backup.send(&order("n")).expect_err("502");
    assert_eq!(error.outcome().as_str(), "unknown");
    assert_eq!(backup.send(&order("n")).expect("sent").mch_billno, "n");
    assert_eq!(stage.landed("n"), ("SENT".into(), 1));
}
