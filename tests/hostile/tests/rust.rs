//! Every case of `cases.json` from Rust.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use redpack::{Advice, Client, Credentials, ErrorKind, Fen, Outcome, Roots, Scope, Secret, SendRedPack};
use redpack_hostile::{CASES, MCH_ID, Server};
use serde_json::{Value, json};

/// How much later than its limit a call may come back on a busy machine.
const SLACK: Duration = Duration::from_secs(10);
/// How much more memory the whole process may hold at any time than before the first case, with four at a time.
const MOST_KIB: u64 = 64 * 1024;

#[test]
fn every_case_ends_as_it_must() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path()).expect("a server");
    let cases: Value = serde_json::from_str(CASES).expect("JSON");
    let cases = cases["cases"].as_array().expect("a list");
    let before = peak_kib();
    let (queue, complaints) = (Mutex::new(cases.iter().collect::<VecDeque<_>>()), Mutex::new(Vec::new()));
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(case) = next() {
                    if let Err(complaint) = run(&server, case) {
                        complaints.lock().unwrap_or_else(PoisonError::into_inner).push(complaint);
                    }
                }
            });
        }
    });
    let complaints = complaints.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let grown = peak_kib() - before;
    // The server is in this process too.
    assert!(grown < MOST_KIB, "{grown} KiB more than before");
    println!("hostile: {} cases, {grown} KiB", cases.len());
}

fn run(server: &Server, case: &Value) -> Result<(), String> {
    let name = case["name"].as_str().expect("a name");
    let limit = Duration::from_millis(case["attempt_limit_ms"].as_u64().expect("a limit"));
    let mut told = Value::Null;
    // On a busy machine the handshake alone may take longer than a short limit: that isn't the case.
    for _ in 0..10 {
        let started = Instant::now();
        told = send(server, name, limit);
        let took = started.elapsed();
        if took > limit + SLACK {
            return Err(format!("{name}: it took {took:?}"));
        }
        if told["kind"] != "handshake" || case["expect"]["kind"] != "timeout" {
            break;
        }
    }
    told["requests"] = server.requests(name).into();
    if told == case["expect"] { Ok(()) } else { Err(format!("{name}: {told} instead of {}", case["expect"])) }
}

fn send(server: &Server, name: &str, limit: Duration) -> Value {
    let file = |name| server.folder().join(name);
    let client =
        Client::builder(MCH_ID, "wx8888888888888888", Secret::new("192006250b4c09247ec02edce69f6a2d"))
            .credentials(Credentials::pem_files(file("apiclient_cert.pem"), file("apiclient_key.pem")))
            .roots(Roots::file(file("ca.pem")))
            .base_url(server.url(name).expect("a case of the server"))
            .attempt_limit(limit)
            .build()
            .expect("a client");
    let number = redpack::new_mch_billno(MCH_ID).expect("a number");
    let order = SendRedPack::new(&number, "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100))
        .send_name("天虹百货")
        .act_name("猜灯谜")
        .wishing("元宵节快乐")
        .remark("快来抢");
    let (about, outcome, advice, scope, kind, attempts) = match client.send(&order) {
        Ok(sent) => (Some(sent.mch_billno), Outcome::Sent, Advice::None, Scope::Order, None, 1),
        Err(error) => (
            error.mch_billno().map(str::to_owned),
            error.outcome(),
            error.advice(),
            error.scope(),
            Some(error.kind()),
            error.attempts(),
        ),
    };
    assert_eq!(about.as_ref(), Some(&number), "{name}");
    let kind = kind.map(ErrorKind::as_str);
    json!({
        "outcome": outcome.as_str(), "advice": advice.as_str(), "scope": scope.as_str(), "kind": kind,
        "attempts": attempts,
    })
}

/// The most memory that this process ever held.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("KiB")
}
