//! A sandbox that is gone has left nothing running. Alone in its file, since it counts what the whole
//! process has.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::expect_used, reason = "a test may fail, and says why by its name")]

use std::fs;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use redpack_sandbox::{Options, Sandbox};

fn threads() -> usize {
    let names = fs::read_dir("/proc/self/task").expect("threads").map(|task| task.expect("a thread").path());
    names
        .filter(|task| fs::read_to_string(task.join("comm")).is_ok_and(|name| name.starts_with("redpack")))
        .count()
}

fn sockets() -> usize {
    let files = fs::read_dir("/proc/self/fd").expect("files").map(|file| file.expect("a file").path());
    files
        .filter(|file| {
            fs::read_link(file).is_ok_and(|target| target.to_string_lossy().starts_with("socket:"))
        })
        .count()
}

/// A joined thread may stand in /proc a moment longer: the kernel tells the joiner before it is all gone.
fn soon(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn dropping_a_sandbox_leaves_no_thread_and_no_socket() {
    let dir = tempfile::tempdir().expect("a folder");
    // tokio keeps a pair of sockets for signals, once per process, where anybody in the build asks for them.
    Sandbox::start(Options::new(dir.path())).expect("a sandbox").stop();
    soon("no thread is left", || threads() == 0);
    let before = sockets();
    for _ in 0..3 {
        let sandbox = Sandbox::start(Options::new(dir.path())).expect("a sandbox");
        // A thread takes its name only when it first runs.
        soon("a thread to stop it and two workers", || threads() >= 3);
        // Connections that say nothing: one in its handshake, one to the ledger.
        let (gateway, ledger) = (sandbox.base_url(), sandbox.ledger_url());
        let gateway = TcpStream::connect(gateway.replace("https://", "")).expect("connected");
        let ledger = ledger.replace("http://", "").replace("/ledger", "");
        let ledger = TcpStream::connect(ledger).expect("connected");
        std::thread::sleep(Duration::from_millis(50));
        drop(sandbox);
        soon("no thread is left", || threads() == 0);
        drop((gateway, ledger));
        soon("no socket is left", || sockets() == before);
    }
}
