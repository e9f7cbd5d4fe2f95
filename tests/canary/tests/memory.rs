//! The memory of a process that had a client: our own key buffers must be gone with it.
#![cfg(target_os = "linux")]
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::process::Command;

use redpack_canary::Gateway;
use redpack_canary::memory::examine;

#[test]
fn keys_are_gone_with_the_client() {
    let folder = tempfile::tempdir().expect("a folder");
    let gateway = Gateway::start(folder.path()).expect("a gateway");
    let url = gateway.server.url("sent, with pem_files").expect("a scenario");
    let mut complaints = Vec::new();
    for credentials in ["pem_bytes", "pem_files", "pkcs12_bytes"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_canary-client"));
        command.arg(folder.path()).arg(credentials).arg(url);
        complaints.extend(examine(command, folder.path(), credentials));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
