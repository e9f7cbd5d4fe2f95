//! One client under many threads, at a gateway that ends its connections in every way, while its certificate is
//! replaced: every caller hears of its own order, no call sends twice, and what was called unsent was not sent.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "../../core/tests/support/stress.rs"]
mod stress;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redpack::{Client, Credentials, ErrorKind, Fen, Outcome, Query, Roots, SendRedPack};
use redpack_sandbox::{Options, Policy, Sandbox};
use serde_json::json;

const THREADS: u64 = 24;

fn order(number: &str, recipient: &str) -> SendRedPack {
    SendRedPack::new(number, recipient, Fen(100))
        .send_name("天虹百货")
        .act_name("猜灯谜")
        .wishing("节日快乐")
        .remark(number)
}

/// Faults that end the connection, or spoil what comes over it; some of them strike no order, but the connection.
fn faults() -> serde_json::Value {
    let sends = [
        "drop-before",
        "drop-after",
        "reset-before",
        "reset-after",
        "truncated-after",
        "reset-in-answer-after",
        "http-502-after",
        "redirect-after",
        "cut-xml-after",
        "oversized-after",
        "odd-form",
        "SYSTEMERROR-after",
    ];
    let queries = ["drop", "reset", "truncated", "http-502", "not-xml", "odd-form"];
    json!({"rules": [
        {"faults": sends, "probability": 0.25, "seed": 1},
        {"faults": queries, "on": "query", "probability": 0.25, "seed": 2},
        {"faults": ["drop", "reset", "garbage"], "on": "connection", "probability": 0.1, "seed": 3},
    ]})
}

#[test]
fn threads_that_share_connections_hear_of_their_own_orders() {
    let folder = tempfile::tempdir().expect("a folder");
    let options =
        Options { balance: Fen(u64::from(u32::MAX)), ..Options::new(folder.path().join("gateway")) };
    let sandbox = Sandbox::start(options).expect("a sandbox");
    sandbox.set_policy(Policy { sends_per_second: None, ..Policy::default() });
    sandbox.add_faults(&faults()).expect("good rules");
    let credentials = || Credentials::pem_files(sandbox.cert_file(), sandbox.key_file());
    let client = Client::builder(sandbox.mch_id(), sandbox.appid(), sandbox.api_key().clone())
        .credentials(credentials())
        .roots(Roots::file(sandbox.ca_file()))
        .base_url(&sandbox.base_url())
        // Longer than a loaded machine takes: what runs out of time says less than what was answered.
        .connect_limit(Duration::from_secs(30))
        .attempt_limit(Duration::from_secs(30))
        .build()
        .expect("a client");
    let (calls, replaced) = (AtomicU64::new(0), AtomicU64::new(0));
    let heard: Mutex<Vec<(String, Outcome)>> = Mutex::default();
    stress::run(THREADS, |thread, chance, goes_on| {
        let mut mine = Vec::new();
        for turn in 0.. {
            if !goes_on() {
                break;
            }
            if thread == 0 && chance.below(4) == 0 {
                client.replace_credentials(&credentials()).expect("the same again");
                replaced.fetch_add(1, Ordering::SeqCst);
            }
            let number = format!("s{thread}n{turn}");
            calls.fetch_add(1, Ordering::SeqCst);
            match client.send(&order(&number, &format!("oStress{thread}x{turn}"))) {
                Ok(sent) => {
                    assert_eq!(sent.mch_billno, number, "another order's answer");
                    mine.push((number.clone(), Outcome::Sent));
                }
                Err(error) => {
                    assert_ne!(error.kind(), ErrorKind::EchoMismatch, "another order's answer: {error}");
                    mine.push((number.clone(), error.outcome()));
                }
            }
            if chance.below(3) == 0
                && let Ok(found) = client.query(&Query::new(&number))
            {
                assert_eq!(
                    found.answer.text("mch_billno").unwrap_or(&number),
                    number,
                    "another order's record"
                );
            }
        }
        heard.lock().expect("no thread panicked").extend(mine);
    });
    let ledger = sandbox.ledger();
    let heard = heard.into_inner().expect("no thread panicked");
    let calls = calls.load(Ordering::SeqCst);
    assert!(ledger.totals.sends <= calls, "{} sends of {calls} calls", ledger.totals.sends);
    let mut sent = 0;
    for (number, outcome) in &heard {
        let landed = ledger.orders.get(number);
        let (attempts, debits) = landed.map_or((0, 0), |order| (order.attempts, order.debits));
        let seen = attempts.max(ledger.not_landed.get(number).copied().unwrap_or(0));
        assert!(seen <= 1 && debits <= 1, "{number} was sent {seen} times and paid {debits} times");
        match outcome {
            Outcome::Sent => assert_eq!(debits, 1, "{number} was called sent"),
            Outcome::NotSent => assert_eq!((seen, debits), (0, 0), "{number} was called unsent"),
            _ => {}
        }
        sent += u64::from(*outcome == Outcome::Sent);
    }
    let told = |outcome| heard.iter().filter(|(_, heard)| *heard == outcome).count();
    println!(
        "{calls} sends, {sent} sent, {} not sent, {} unknown; {} connections, certificate replaced {} times",
        told(Outcome::NotSent),
        told(Outcome::Unknown),
        ledger.totals.connections,
        replaced.load(Ordering::SeqCst)
    );
    assert!(sent > 0 && told(Outcome::NotSent) > 0 && told(Outcome::Unknown) > 0, "no stress");
}
