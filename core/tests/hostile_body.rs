//! A server whose bodies drip, never end, or are not as long as they say.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::time::Duration;

use redpack::ErrorKind::{BadSignature, Disconnected, Malformed, Protocol, TooLarge};
use support::hostile::End::{self, Sent, Unknown};
use support::hostile::{Row, endless, row, run};
use support::server::http;
use support::{Reply, success};

#[global_allocator]
static MEMORY: support::memory::Counting = support::memory::Counting;

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// A head with those lines, then a good body, then the end of the connection.
fn lines(what: &'static str, end: End, lines: &str) -> Row {
    let bytes = format!("HTTP/1.1 200 OK\r\n{lines}\r\n{}", success()).into_bytes();
    row(what, end, move || Reply::RawThenClose(bytes.clone()))
}

/// A chunked body of those bytes, then the end of the connection.
fn chunks(what: &'static str, end: End, body: String) -> Row {
    let bytes = [CHUNKED, &body].concat().into_bytes();
    row(what, end, move || Reply::RawThenClose(bytes.clone()))
}

/// A good body as one chunk, with nothing behind it.
fn chunk() -> String {
    format!("{:x}\r\n{}\r\n", success().len(), success())
}

#[test]
fn bodies_that_drip_or_never_end() {
    const HUGE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n";
    let pause = Duration::from_millis(20);
    run(vec![
        endless("a byte of the body each 20 ms", move || Reply::Drip(http(200, success().as_bytes()), pause)),
        endless("a byte of a chunked body each 20 ms", move || {
            Reply::Drip([CHUNKED, &chunk()].concat().into_bytes(), pause)
        }),
        endless("a body that never comes", || {
            Reply::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<xml>".to_vec(), Duration::ZERO)
        }),
        row("without an end, until the connection's", Unknown(TooLarge), || {
            Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n<xml>".to_vec(), vec![b' '; 16_384])
        }),
        row("without an end, by length", Unknown(TooLarge), || {
            Reply::Endless(HUGE.as_bytes().to_vec(), vec![b' '; 16_384])
        }),
        row("without an end, in chunks", Unknown(TooLarge), || {
            Reply::Endless(CHUNKED.as_bytes().to_vec(), format!("3e8\r\n{}\r\n", " ".repeat(1000)).into())
        }),
        row("one chunk without an end", Unknown(TooLarge), || {
            Reply::Endless([CHUNKED, "ffffffffffffffff\r\n"].concat().into(), vec![b' '; 16_384])
        }),
        row("without an end, in bytes that are no text", Unknown(TooLarge), || {
            Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![0xff; 16_384])
        }),
        row("a failure's page without an end", Unknown(TooLarge), || {
            Reply::Endless(b"HTTP/1.1 502 Bad Gateway\r\n\r\n".to_vec(), vec![b'x'; 16_384])
        }),
        row("a redirect's page without an end", Unknown(TooLarge), || {
            Reply::Endless(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n".to_vec(), vec![b'x'; 16_384])
        }),
    ]);
}

#[test]
fn bodies_of_just_the_limit() {
    // A document of exactly the largest size is read; with one byte more it is not.
    let padded = |size: usize| {
        let body = success();
        let blanks = " ".repeat(size - body.len());
        http(200, body.replace("</xml>", &format!("{blanks}</xml>")).as_bytes())
    };
    let (largest, larger) = (padded(1 << 20), padded((1 << 20) + 1));
    let field = "x".repeat((1 << 20) - 100);
    let signed = http(200, format!("<xml><sign>{}</sign><a>{field}</a></xml>", "0".repeat(32)).as_bytes());
    let deep = http(200, "<a>".repeat(300_000).as_bytes());
    let elements = http(200, format!("<xml>{}</xml>", "<a/>".repeat(260_000)).as_bytes());
    let entities = http(200, format!("<xml><a>{}</a></xml>", "&lt;".repeat(260_000)).as_bytes());
    let attributes = http(200, format!("<xml {}/>", "a='' ".repeat(200_000)).as_bytes());
    run(vec![
        row("1 MiB", Sent, move || Reply::Raw(largest.clone())),
        row("1 MiB and a byte", Unknown(TooLarge), move || Reply::Raw(larger.clone())),
        row("nearly 1 MiB in one field, signed wrongly", Unknown(BadSignature), move || {
            Reply::Raw(signed.clone())
        }),
        row("300,000 elements in each other", Unknown(Malformed), move || Reply::Raw(deep.clone())),
        row("260,000 elements", Unknown(Malformed), move || Reply::Raw(elements.clone())),
        row("260,000 entities", Unknown(Malformed), move || Reply::Raw(entities.clone())),
        row("200,000 attributes", Unknown(Malformed), move || Reply::Raw(attributes.clone())),
    ]);
}

#[test]
fn lengths_that_are_wrong() {
    let length = success().len();
    run(vec![
        lines("right", Sent, &format!("Content-Length: {length}\r\n")),
        lines("larger than the body", Unknown(Disconnected), &format!("Content-Length: {}\r\n", length + 1)),
        lines("smaller than the body", Unknown(Malformed), &format!("Content-Length: {}\r\n", length - 1)),
        lines("nothing", Unknown(Malformed), "Content-Length: 0\r\n"),
        lines("negative", Unknown(Protocol), "Content-Length: -1\r\n"),
        lines("signed", Unknown(Protocol), &format!("Content-Length: +{length}\r\n")),
        lines("a word", Unknown(Protocol), "Content-Length: many\r\n"),
        lines("hexadecimal", Unknown(Protocol), &format!("Content-Length: 0x{length:x}\r\n")),
        lines("empty", Unknown(Protocol), "Content-Length:\r\n"),
        lines("beyond 64 bits", Unknown(Protocol), "Content-Length: 18446744073709551616\r\n"),
        lines(
            "two that differ",
            Unknown(Protocol),
            &format!("Content-Length: {length}\r\nContent-Length: 5\r\n"),
        ),
        lines(
            "two that differ, the other way round",
            Unknown(Protocol),
            &format!("Content-Length: 5\r\nContent-Length: {length}\r\n"),
        ),
        lines("two that agree", Sent, &format!("Content-Length: {length}\r\nContent-Length: {length}\r\n")),
        lines("two in one line", Unknown(Protocol), &format!("Content-Length: {length}, 5\r\n")),
        lines(
            "a transfer coding that nobody knows",
            Unknown(Malformed),
            "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n",
        ),
    ]);
}

#[test]
fn chunks_that_are_none() {
    let (body, length) = (success(), success().len());
    run(vec![
        chunks("good", Sent, chunk() + "0\r\n\r\n"),
        chunks("good, with an extension and a trailer", Sent, chunk() + "0;a=b\r\nX: y\r\n\r\n"),
        chunks("good, and the length in upper case", Sent, format!("{length:X}\r\n{body}\r\n0\r\n\r\n")),
        chunks("no last chunk", Unknown(Disconnected), chunk()),
        // The end is met with half a size unread, which is told as nonsense, not as an end.
        chunks("half a last chunk", Unknown(Protocol), chunk() + "0"),
        chunks("one byte missing", Unknown(Disconnected), chunk()[..length].to_owned()),
        chunks("no size", Unknown(Protocol), format!("\r\n{body}\r\n0\r\n\r\n")),
        chunks("a size that is no number", Unknown(Protocol), format!("xyz\r\n{body}\r\n0\r\n\r\n")),
        chunks("a negative size", Unknown(Protocol), format!("-{length:x}\r\n{body}\r\n0\r\n\r\n")),
        chunks("a size with 0x", Unknown(Protocol), format!("0x{length:x}\r\n{body}\r\n0\r\n\r\n")),
        chunks(
            "a size beyond 64 bits",
            Unknown(Protocol),
            format!("10000000000000000\r\n{body}\r\n0\r\n\r\n"),
        ),
        chunks("a size with no data", Unknown(Disconnected), "fffffff\r\n".into()),
        chunks("a size too small", Unknown(Protocol), format!("{:x}\r\n{body}\r\n0\r\n\r\n", length - 1)),
        chunks("a size too large", Unknown(Protocol), format!("{:x}\r\n{body}\r\n0\r\n\r\n", length + 1)),
        chunks("no line end after a chunk", Unknown(Protocol), format!("{length:x}\r\n{body}0\r\n\r\n")),
        chunks("a size not in ASCII", Unknown(Protocol), format!("发\r\n{body}\r\n0\r\n\r\n")),
        chunks("the body itself", Unknown(Protocol), body.clone()),
        chunks("a cut between two chunks", Unknown(Disconnected), {
            let (start, rest) = body.split_at(9);
            format!("9\r\n{start}\r\n{:x}\r\n{}", rest.len(), &rest[..20])
        }),
        row("an extension without an end", Unknown(Protocol), || {
            Reply::Endless([CHUNKED, "5;"].concat().into(), vec![b'x'; 4096])
        }),
        row("a size without an end", Unknown(Protocol), || Reply::Endless(CHUNKED.into(), vec![b'0'; 4096])),
        row("one trailer without an end", Unknown(Protocol), || {
            Reply::Endless([CHUNKED, &chunk(), "0\r\nX: "].concat().into(), vec![b'y'; 4096])
        }),
        endless("trailers without an end", || {
            Reply::Endless([CHUNKED, &chunk(), "0\r\n"].concat().into(), b"X: y\r\n".repeat(100))
        }),
        row("chunks and a length", Sent, || {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n";
            Reply::RawThenClose([head, &chunk(), "0\r\n\r\n"].concat().into())
        }),
    ]);
}
