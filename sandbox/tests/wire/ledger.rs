//! The ledger, as tests in other languages read it.

use std::io::Write;
use std::net::TcpStream;

use serde_json::Value;

use crate::connection::{OPENID, Started, order, query, read_reply, start};

fn get(started: &Started, method: &str, path: &str) -> (u16, Value) {
    let address = started.sandbox.ledger_url().replace("http://", "").replace("/ledger", "");
    let mut socket = TcpStream::connect(address).expect("connected");
    write!(socket, "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        .expect("written");
    let reply = read_reply(&mut socket).expect("an answer");
    assert!(reply.head.contains("content-type: application/json"));
    (reply.status, serde_json::from_str(&reply.body).expect("JSON"))
}

#[test]
fn the_ledger_tells_what_was_paid() {
    let started = start();
    started.post("sendredpack", &order("a1", &[]));
    started.post("sendredpack", &order("a2", &[("remark", "invoice 7"), ("total_amount", "250")]));
    started.post("sendredpack", &order("a3", &[("remark", "invoice 7"), ("re_openid", "oAnother")]));
    started.post("sendredpack", &order("a4", &[("total_num", "3")]));
    started.post("gethbinfo", &query("a1"));
    started.sandbox.claim("a1").expect("claimed");

    let (status, ledger) = get(&started, "GET", "/ledger");
    assert_eq!(status, 200);
    assert_eq!(ledger["mch_id"], "1900000109");
    assert_eq!(ledger["balance"], 100_000_000 - 450);
    let totals = &ledger["totals"];
    for (name, count) in [
        ("connections", 5),
        ("tls_handshakes", 5),
        ("requests", 5),
        ("sends", 4),
        ("queries", 1),
        ("debits", 3),
        ("debited", 450),
        ("refunded", 0),
    ] {
        assert_eq!(totals[name], count, "{name}");
    }
    let one = &ledger["orders"]["a1"];
    assert_eq!(
        (&one["status"], &one["kind"], &one["attempts"]),
        (&"RECEIVED".into(), &"sendredpack".into(), &1.into())
    );
    assert!(one["rcv_time"].as_str().is_some_and(|time| time.ends_with("+08:00")));
    assert_eq!(ledger["recipients"][OPENID]["debited"], 350);
    assert_eq!(ledger["remarks"]["invoice 7"]["debits"], 2);
    assert_eq!(ledger["not_landed"]["a4"], 1);
    assert_eq!(ledger["refusals"]["PARAM_ERROR"], 1);

    assert_eq!(get(&started, "GET", "/ledger?mch_billno=a1"), (200, one.clone()));
    assert_eq!(ledger, serde_json::to_value(started.sandbox.ledger()).expect("JSON"));
}

#[test]
fn the_ledger_can_not_be_written() {
    let started = start();
    for (method, path, status) in [
        ("POST", "/ledger", 405),
        ("DELETE", "/ledger", 405),
        ("GET", "/nowhere", 404),
        ("GET", "/ledger/", 404),
        ("GET", "/ledger?mch_billno=a1", 404),
        ("GET", "/ledger?x=1", 400),
    ] {
        let (found, body) = get(&started, method, path);
        assert_eq!(found, status, "{method} {path}");
        assert!(body["error"].is_string());
    }
    let json = serde_json::to_string(&started.sandbox.ledger()).expect("JSON");
    assert!(!json.contains(started.sandbox.api_key().expose()));
}
