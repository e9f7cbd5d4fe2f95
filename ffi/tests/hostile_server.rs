//! The hostile server from C: every case of `tests/hostile/cases.json`.
#![cfg(target_os = "linux")]
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

mod support;

use std::process::Command;

use redpack_hostile::{CASES, Server};
use serde_json::Value;
use support::{Workshop, here, succeeds};

#[test]
fn every_case_ends_as_it_must() {
    let shop = Workshop::new();
    let server = Server::start(&shop.path("hostile")).expect("a server");
    let program = shop.program(&["tests/c/hostile_server.c"], &["-lcjson"]);
    let mut command = Command::new(program);
    command.arg(here().join("../tests/hostile")).arg(server.told().to_string());
    let report: Value = serde_json::from_str(&succeeds(&mut command)).expect("JSON");
    let cases: Value = serde_json::from_str(CASES).expect("JSON");
    let cases = cases["cases"].as_array().expect("a list");
    let mut complaints = Vec::new();
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let mut found = report["cases"][name].clone();
        let seconds = found.as_object_mut().and_then(|found| found.remove("seconds"));
        let seconds = seconds.and_then(|seconds| seconds.as_f64()).expect("how long it took");
        let limit = case["attempt_limit_ms"].as_f64().expect("a limit") / 1000.0;
        // Much, for a busy machine.
        if seconds > limit + 10.0 {
            complaints.push(format!("{name}: {seconds} seconds"));
        }
        found["attempts"] = (found["attempts"].as_f64().expect("a number") as u64).into();
        found["requests"] = server.requests(name).into();
        if found != case["expect"] {
            complaints.push(format!("{name}: {found} instead of {}", case["expect"]));
        }
    }
    let grown = report["grown_kib"].as_f64().expect("KiB");
    if grown > 64.0 * 1024.0 {
        complaints.push(format!("{grown} KiB more memory than before"));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert_eq!(report["cases"].as_object().map(serde_json::Map::len), Some(cases.len()));
    println!("hostile: {} cases, {grown} KiB", cases.len());
}
