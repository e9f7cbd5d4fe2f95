//! `redpack sandbox` with more clients than the usual limit of open files: nobody is locked out.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::io::{BufRead, BufReader, ErrorKind};
use std::net::TcpStream;
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;
use support::{order, run, text};

/// More than 1,024, which is the soft limit on Debian and elsewhere.
const CROWD: usize = 1_100;

/// Ended by its process id, whatever the test has found.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn open_files(process: u32) -> usize {
    std::fs::read_dir(format!("/proc/{process}/fd")).expect("files").count()
}

#[test]
fn a_thousand_idle_clients_lock_out_nobody_where_the_soft_limit_is_1024() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    assert!(maximum.is_none_or(|most| most > 2_000), "this machine lets nobody have a crowd");
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).expect("the crowd is ours");

    let dir = tempfile::tempdir().expect("a folder");
    let mut shell = std::process::Command::new("sh");
    shell.env_clear().stdin(std::process::Stdio::null()).stdout(std::process::Stdio::piped());
    shell.args(["-c", "ulimit -Sn 1024; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_redpack")]);
    shell.args(["sandbox", "--json", "--dir", &text(&dir.path().join("made"))]);
    let mut child = Ended(shell.spawn().expect("started"));
    let mut line = String::new();
    BufReader::new(child.0.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("a line");
    let told: Value = serde_json::from_str(&line).expect("JSON");
    let address = told["base_url"].as_str().expect("a URL").replace("https://", "");

    let crowd: Vec<TcpStream> =
        (0..CROWD).map(|_| TcpStream::connect(&address).expect("connected")).collect();
    let deadline = Instant::now() + Duration::from_secs(20);
    while open_files(child.0.id()) < CROWD {
        assert!(Instant::now() < deadline, "the crowd is not let in: {}", open_files(child.0.id()));
        std::thread::sleep(Duration::from_millis(5));
    }
    let config = told["config"].as_str().expect("a path");
    let sent = run([&["send", "--json", "--config", config][..], &order("c1")].concat());
    assert_eq!(sent.status, 0, "{sent:?}");
    // Nobody had to go for that.
    let last = crowd.last().expect("a crowd");
    last.set_nonblocking(true).expect("set");
    assert!(last.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock));
}
