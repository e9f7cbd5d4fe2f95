//! A server that breaks HTTP: heads, status lines, interim answers, and what comes before or after an answer.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::time::Duration;

use redpack::ErrorKind::{Disconnected, HttpStatus, Malformed, Protocol, Redirect};
use support::hostile::End::{Sent, Unknown};
use support::hostile::{endless, row, run};
use support::server::http;
use support::{Reply, success};

#[global_allocator]
static MEMORY: support::memory::Counting = support::memory::Counting;

/// A whole, good answer with those lines in its head.
fn with_lines(lines: &str) -> Vec<u8> {
    let body = success();
    format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn good() -> Vec<u8> {
    http(200, success().as_bytes())
}

/// Those bytes, then a whole, good answer.
fn before(start: &[u8]) -> Reply {
    Reply::Raw([start, &good()].concat())
}

/// Those bytes and the end of the connection.
fn only(bytes: &[u8]) -> Reply {
    Reply::RawThenClose(bytes.to_vec())
}

#[test]
fn heads_that_drip_or_never_end() {
    run(vec![
        endless("a byte of the head each 20 ms", || Reply::Drip(good(), Duration::from_millis(20))),
        row("many small headers", Unknown(Protocol), || {
            Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".to_vec())
        }),
        row("one header line without an end", Unknown(Protocol), || {
            Reply::Endless(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'y'; 4096])
        }),
        row("a header name without an end", Unknown(Protocol), || {
            Reply::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), vec![b'y'; 4096])
        }),
        row("a reason without an end", Unknown(Protocol), || {
            Reply::Endless(b"HTTP/1.1 200 ".to_vec(), vec![b'y'; 4096])
        }),
        row("empty lines without an end", Unknown(Protocol), || {
            Reply::Endless(Vec::new(), b"\r\n".repeat(1000))
        }),
        row("blanks without an end", Unknown(Protocol), || Reply::Endless(Vec::new(), vec![b' '; 4096])),
        row("zero bytes without an end", Unknown(Protocol), || Reply::Endless(Vec::new(), vec![0; 4096])),
        row("headers of 15 KiB and a good answer", Sent, || {
            Reply::Raw(with_lines(&format!("X: {}\r\n", "y".repeat(15 * 1024))))
        }),
        row("headers of 17 KiB and a good answer", Unknown(Protocol), || {
            Reply::Raw(with_lines(&format!("X: {}\r\n", "y".repeat(17 * 1024))))
        }),
    ]);
}

#[test]
fn answers_before_the_answer() {
    run(vec![
        row("100", Sent, || before(b"HTTP/1.1 100 Continue\r\n\r\n")),
        row("102", Sent, || before(b"HTTP/1.1 102 Processing\r\n\r\n")),
        row("103 with headers", Sent, || before(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")),
        row("100, 102, 103", Sent, || {
            before(b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\n\r\n")
        }),
        row("100 and nothing more", Unknown(Disconnected), || only(b"HTTP/1.1 100 Continue\r\n\r\n")),
        row("103 and nothing more", Unknown(Disconnected), || only(b"HTTP/1.1 103 E\r\n\r\n")),
        row("103 and a failure", Unknown(HttpStatus), || {
            only(&[b"HTTP/1.1 103 E\r\n\r\n".to_vec(), http(502, b"")].concat())
        }),
        row("100 with a header", Unknown(Protocol), || before(b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n")),
        row("101", Unknown(HttpStatus), || before(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")),
        endless("100 without an end", || {
            Reply::Endless(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100))
        }),
        endless("103 without an end", || {
            Reply::Endless(Vec::new(), b"HTTP/1.1 103 E\r\nLink: </x>\r\n\r\n".repeat(100))
        }),
    ]);
}

#[test]
fn status_lines_that_are_none() {
    let line = |line: &str| {
        let body = success();
        let bytes = format!("{line}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes();
        move || Reply::RawThenClose(bytes.clone())
    };
    run(vec![
        row("no reason", Sent, line("HTTP/1.1 200")),
        row("an empty reason", Sent, line("HTTP/1.1 200 ")),
        row("four digits", Unknown(Protocol), line("HTTP/1.1 2000 OK")),
        row("two digits", Unknown(Protocol), line("HTTP/1.1 20 OK")),
        row("a status of 000", Unknown(Protocol), line("HTTP/1.1 000 OK")),
        row("a status of 099", Unknown(Protocol), line("HTTP/1.1 099 OK")),
        row("a status of 999", Unknown(HttpStatus), line("HTTP/1.1 999 OK")),
        row("a status of 201", Unknown(HttpStatus), line("HTTP/1.1 201 Created")),
        row("a status of 204", Unknown(HttpStatus), line("HTTP/1.1 204 No Content")),
        row("a status of 206", Unknown(HttpStatus), line("HTTP/1.1 206 Partial Content")),
        row("a status of 304", Unknown(Redirect), line("HTTP/1.1 304 Not Modified")),
        row("a negative status", Unknown(Protocol), line("HTTP/1.1 -200 OK")),
        row("no status", Unknown(Protocol), line("HTTP/1.1 OK")),
        row("lower case", Unknown(Protocol), line("http/1.1 200 OK")),
        row("another protocol", Unknown(Protocol), line("ICY 200 OK")),
        row("version 2.0", Unknown(Protocol), line("HTTP/2.0 200 OK")),
        row("version 0.9", Unknown(Protocol), line("HTTP/0.9 200 OK")),
        row("a request", Unknown(Protocol), line("POST / HTTP/1.1")),
    ]);
}

#[test]
fn other_protocols_than_http_1() {
    const SETTINGS: &[u8] = b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\0\0\x04\x01\0\0\0\0";
    run(vec![
        row("raw text, as in HTTP 0.9", Unknown(Protocol), || only(success().as_bytes())),
        row("the preface of HTTP/2", Unknown(Protocol), || only(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
        row("SETTINGS of HTTP/2", Unknown(Protocol), || only(SETTINGS)),
        row("TLS in TLS", Unknown(Protocol), || only(&[22, 3, 3, 0, 4, 2, 0, 0, 0])),
        row("an SMTP greeting", Unknown(Protocol), || only(b"220 mail ESMTP\r\n\r\n")),
        row("HTTP/1.0 with a length", Sent, || {
            let body = success();
            let head = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            Reply::Raw([head.as_bytes(), body.as_bytes()].concat())
        }),
        row("HTTP/1.0 without a length", Sent, || {
            only(&[b"HTTP/1.0 200 OK\r\n\r\n", success().as_bytes()].concat())
        }),
        row("HTTP/1.0 cut short", Unknown(Malformed), || {
            only(&[b"HTTP/1.0 200 OK\r\n\r\n", &success().as_bytes()[..success().len() - 1]].concat())
        }),
        row("nothing", Unknown(Disconnected), || only(b"")),
        row("one byte", Unknown(Disconnected), || only(b"H")),
    ]);
}

#[test]
fn header_lines_that_are_none() {
    let lines = |lines: &'static str| move || Reply::RawThenClose(with_lines(lines));
    run(vec![
        row("a folded line", Unknown(Protocol), lines("X: y\r\n z\r\n")),
        row("a folded first line", Unknown(Protocol), lines(" X: y\r\n")),
        row("a zero byte in a name", Unknown(Protocol), lines("X\0: y\r\n")),
        row("a zero byte in a value", Unknown(Protocol), lines("X: y\0\r\n")),
        row("a blank before the colon", Unknown(Protocol), lines("X : y\r\n")),
        row("no colon", Unknown(Protocol), lines("X\r\n")),
        row("no name", Unknown(Protocol), lines(": y\r\n")),
        row("a lone return", Unknown(Protocol), lines("X: y\rZ: z\r\n")),
        row("a lone line feed", Sent, lines("X: y\nZ: z\r\n")),
        row("Chinese text in a value", Sent, lines("X: 发放\r\n")),
        row("Chinese text in a name", Unknown(Protocol), lines("发放: x\r\n")),
        row("cookies, of which none is kept", Sent, lines("Set-Cookie: a=b\r\nSet-Cookie: c=d\r\n")),
        row("a location", Sent, lines("Location: https://127.0.0.1:1/\r\n")),
        row("gzip that nobody asked for", Unknown(Malformed), || {
            // `gzip -n` of "<xml/>".
            let body = [
                0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xb3, 0xa9, 0xc8, 0xcd, 0xd1, 0xb7, 3, 0, 0xf5, 0x8e,
                0xb2, 0xc4, 6, 0, 0, 0,
            ];
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            only(&[head.as_bytes(), &body].concat())
        }),
        row("a promise of gzip that isn't kept", Sent, lines("Content-Encoding: gzip\r\n")),
    ]);
}

#[test]
fn more_than_one_answer() {
    run(vec![
        row("empty lines before the answer", Sent, || before(b"\r\n\r\n")),
        row("garbage before the answer", Unknown(Protocol), || before(b"x\r\n")),
        row("two answers", Sent, || before(&good())),
        row("an answer and a failure", Sent, || Reply::Raw([good(), http(500, b"no")].concat())),
        row("a failure and an answer", Unknown(HttpStatus), || before(&http(500, b"no"))),
        row("an empty answer and a good one", Unknown(Malformed), || before(&http(200, b""))),
        row("garbage after the answer", Sent, || Reply::Raw([good(), vec![0xff; 9000]].concat())),
        row("garbage without an end after the answer", Sent, || Reply::Endless(good(), vec![b' '; 16_384])),
    ]);
}
