//! `redpack sandbox --state`: what was answered survives `kill -9` and a full disk.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use support::{Run, order_with, run, text};

/// A sandbox as a process of its own; ended by its process id when dropped.
struct Kept {
    child: Child,
    told: Value,
}

impl Kept {
    /// After some words of the shell's. The folder is used again, so that certificates stay.
    fn start(dir: &Path, before: &str) -> Self {
        let mut shell = Command::new("sh");
        shell.env_clear().stdin(Stdio::null()).stdout(Stdio::piped());
        shell.args(["-c", &format!("{before} exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_redpack")]);
        shell.args(["sandbox", "--json", "--dir", &text(&dir.join("made"))]);
        shell.args(["--state", &text(&dir.join("orders.state"))]);
        let mut child = shell.spawn().expect("started");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("a line");
        Self { child, told: serde_json::from_str(&line).expect("JSON") }
    }

    /// `kill -9`: it has no chance to tidy up.
    fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("reaped");
    }

    fn send(&self, mch_billno: &str, openid: &str) -> Run {
        let config = self.told["config"].as_str().expect("a path");
        let order = order_with(mch_billno, &[("--openid", openid)]);
        run([&["send", "--json", "--attempt-timeout", "5", "--config", config][..], &order].concat())
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let address = self.told["control_url"].as_str().expect("a URL").replace("http://", "");
        let mut socket = TcpStream::connect(address).expect("connected");
        let (body, close) = (body.to_string(), "Host: localhost\r\nConnection: close");
        let length = body.len();
        write!(socket, "{method} {path} HTTP/1.1\r\n{close}\r\nContent-Length: {length}\r\n\r\n{body}")
            .expect("written");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head[9..12].parse().expect("a status"), serde_json::from_str(body).expect("JSON"))
    }

    /// Everything but the counts of connections, which begin anew.
    fn everything(&self) -> Value {
        let [mut ledger, faults, policy, clock] = ["/ledger", "/faults", "/policy", "/clock"].map(|path| {
            let (status, value) = self.control("GET", path, &json!({}));
            assert_eq!(status, 200, "{value}");
            value
        });
        for count in ["connections", "tls_handshakes", "requests"] {
            ledger["totals"][count] = Value::Null;
        }
        json!([ledger, faults, policy, clock])
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn everything_survives_kill_9_and_what_was_under_way_lands() {
    let dir = tempfile::tempdir().expect("a folder");
    let first = Kept::start(dir.path(), "");
    first.control("POST", "/clock", &json!({"now": "2027-01-01T12:00:00+08:00", "held": true}));
    first.control("POST", "/policy", &json!({"repeat_after_success": "send_failed"}));
    first.control("POST", "/faults", &json!({"fault": "late-landing", "re_openid": "oLate", "times": 1}));
    assert_eq!(first.send("k1", "oSomebody").status, 0);
    assert_eq!(first.send("k2", "oLate").status, 12);
    let before = first.everything();
    assert_eq!((&before[0]["landing_later"], &before[1]["struck"]["late-landing"]), (&json!(1), &json!(1)));
    first.kill();

    let second = Kept::start(dir.path(), "");
    assert_eq!(second.everything(), before);
    second.control("POST", "/clock", &json!({"advance_seconds": 180}));
    assert_eq!(second.control("GET", "/ledger?mch_billno=k2", &json!({})).1["status"], "SENT");
    let repeated = second.send("k1", "oSomebody");
    assert_eq!(repeated.json()["err_code"], "SEND_FAILED", "{repeated:?}");
    let (_, ledger) = second.control("GET", "/ledger", &json!({}));
    assert_eq!((&ledger["balance"], &ledger["totals"]["debits"]), (&json!(99_999_800), &json!(2)));
}

#[test]
fn a_full_disk_ends_the_answers_and_loses_none_that_was_given() {
    let dir = tempfile::tempdir().expect("a folder");
    // A file may have 8 KiB (or 16, by the shell's block) and the signal about it is passed over.
    let first = Kept::start(dir.path(), "trap '' XFSZ; ulimit -f 16;");
    let mut heard = Vec::new();
    let refused = loop {
        let number = format!("f{}", heard.len());
        let sent = first.send(&number, "oSomebody");
        if sent.status != 0 {
            break sent;
        }
        heard.push(number);
        assert!(heard.len() < 100, "the disk is never full");
    };
    assert!(!heard.is_empty(), "{refused:?}");
    assert_eq!((refused.status, &refused.json()["http_status"]), (12, &json!(500)), "{refused:?}");
    let (status, told) = first.control("GET", "/ledger", &json!({}));
    assert_eq!(status, 500);
    assert!(told["error"].as_str().is_some_and(|error| error.contains("can't be written")), "{told}");
    assert_eq!(first.send("g1", "oSomebody").status, 12, "nobody is served any more");
    first.kill();

    let second = Kept::start(dir.path(), "");
    let (_, ledger) = second.control("GET", "/ledger", &json!({}));
    for number in &heard {
        assert_eq!(ledger["orders"][number]["debits"], 1, "{number} was answered");
    }
    assert_eq!(
        ledger["balance"].as_u64().zip(ledger["totals"]["debited"].as_u64()).map(|(left, paid)| left + paid),
        Some(100_000_000),
        "no order without its money: {ledger}"
    );
}
