//! Talks to the control as any program does: a socket, a line, a body.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use redpack::Fen;
use redpack_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::connection::{Started, order, query, result};

/// What the control answered.
pub struct Told {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Told {
    pub fn json(&self) -> Value {
        assert!(self.head.contains("content-type: application/json"), "{}", self.head);
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The text of a refusal.
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_else(|| panic!("no error: {}", self.body)).to_owned()
    }
}

/// Sends bytes as they stand and reads until the control closes.
pub fn raw(sandbox: &Sandbox, bytes: &[u8]) -> Told {
    let mut socket = TcpStream::connect(sandbox.control_url().replace("http://", "")).expect("connected");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    // One that refuses early may have closed its side before all is written.
    let _ = socket.write_all(bytes);
    let mut answer = Vec::new();
    // A reset may follow the answer where the control did not read all that was sent.
    let _ = socket.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).expect("UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head: {answer:?}"));
    let status = head[9..12].parse().expect("a status");
    Told { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
}

/// One request on a connection of its own, with some more lines in its head.
pub fn ask_with(sandbox: &Sandbox, method: &str, path: &str, lines: &str, body: &str) -> Told {
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}");
    raw(sandbox, format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes())
}

pub fn ask(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Told {
    ask_with(sandbox, method, path, "", body)
}

/// A success's JSON.
pub fn get(sandbox: &Sandbox, path: &str) -> Value {
    let told = ask(sandbox, "GET", path, "");
    assert_eq!(told.status, 200, "{path}: {}", told.body);
    told.json()
}

/// A success's JSON.
#[allow(clippy::needless_pass_by_value, reason = "json! at every call")]
pub fn post(sandbox: &Sandbox, path: &str, body: Value) -> Value {
    let told = ask(sandbox, "POST", path, &body.to_string());
    assert_eq!(told.status, 200, "{path} {body}: {}", told.body);
    told.json()
}

/// Status and text of a refusal.
#[allow(clippy::needless_pass_by_value, reason = "json! at every call")]
pub fn refusal(sandbox: &Sandbox, path: &str, body: Value) -> (u16, String) {
    let told = ask(sandbox, "POST", path, &body.to_string());
    (told.status, told.error())
}

/// Sets one switch.
pub fn policy(started: &Started, name: &str, value: impl Into<Value>) {
    post(&started.sandbox, "/policy", json!({ name: value.into() }));
}

pub fn advance(started: &Started, seconds: u64) {
    post(&started.sandbox, "/clock", json!({ "advance_seconds": seconds }));
}

/// Sends an order; the code of its answer: SUCCESS, or why not.
pub fn send(started: &Started, mch_billno: &str, changes: &[(&str, &str)]) -> String {
    code(&started.post("sendredpack", &order(mch_billno, changes)))
}

/// What a query says of an order: its status, or why there is none.
pub fn status(started: &Started, mch_billno: &str) -> String {
    let answer = started.post("gethbinfo", &query(mch_billno));
    answer.text_of("status").map_or_else(|| code(&answer), str::to_owned)
}

pub fn code(answer: &redpack::xml::Element) -> String {
    let (result, code, _) = result(answer);
    if result == "SUCCESS" { "SUCCESS".into() } else { code.into() }
}

/// What the merchant has left.
pub fn balance(started: &Started) -> Fen {
    started.sandbox.ledger().balance
}
