//! The canaries through the C ABI: what comes out, and what is left in memory. See `tests/canary/README.md`.
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

use redpack_canary::memory::examine;
use redpack_canary::{Gateway, Kind, found, scenarios};
use support::{Workshop, here, succeeds};

#[test]
fn nothing_that_comes_out_holds_a_canary() {
    let shop = Workshop::new();
    let gateway = Gateway::start(&shop.path("gateway")).expect("a gateway");
    let program = shop.program(&["tests/c/canary.c"], &["-lcjson"]);
    let mut command = Command::new(program);
    command.arg(here().join("../tests/canary")).arg(gateway.server.told().to_string());
    let said = succeeds(&mut command);
    let scenarios = scenarios();
    let parts: Vec<&str> = said.split("== ").skip(1).collect();
    assert_eq!(parts.len(), scenarios.len(), "{said}");
    let mut complaints = Vec::new();
    for (part, scenario) in parts.iter().zip(&scenarios) {
        let (name, lines) = part.split_once('\n').expect("lines");
        assert_eq!(Some(name), scenario["name"].as_str());
        let kind = lines.lines().find_map(|line| line.strip_prefix("kind: "));
        if kind != scenario["expect"].as_str() {
            complaints.push(format!("{name}: {kind:?} instead of {}: {lines}", scenario["expect"]));
        }
        let (results, shown): (Vec<&str>, Vec<&str>) =
            lines.lines().partition(|line| line.starts_with("result: "));
        for needle in found(&gateway.needles, shown.join("\n").as_bytes()) {
            complaints.push(format!("{name}: {} in {lines}", needle.what));
        }
        for needle in found(&gateway.needles, results.join("\n").as_bytes()) {
            if needle.kind == Kind::Secret {
                complaints.push(format!("{name}: {} in a result: {lines}", needle.what));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    println!("canaries: {} scenarios", parts.len());
}

#[test]
fn keys_are_gone_with_the_client() {
    let shop = Workshop::new();
    let gateway = Gateway::start(&shop.path("gateway")).expect("a gateway");
    let url = gateway.server.url("sent, with pem_files").expect("a scenario");
    let program = shop.program(&["tests/c/canary_memory.c"], &[]);
    let mut complaints = Vec::new();
    for credentials in ["pem_bytes", "pem_files", "pkcs12_bytes"] {
        let mut command = Command::new(&program);
        command.arg(shop.path("gateway")).arg(credentials).arg(url);
        complaints.extend(examine(command, &shop.path("gateway"), credentials));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
