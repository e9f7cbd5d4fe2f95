//! The connection ends, in order or by a reset, after every single byte of request and answer.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use redpack::{Advice, Client, ErrorKind, Outcome};
use rustls::{ServerConfig, SupportedProtocolVersion};
use support::cut::{Cut, Seen, Towards, serve};
use support::hostile::{AMPLE, each, towards};
use support::server::http;
use support::{BILLNO, Reply, Server, craft, order, success};

/// A server that serves one connection at a time, each cut as asked, and tells what it saw.
struct CutServer {
    client: Client,
    cuts: mpsc::Sender<Cut>,
    seen: mpsc::Receiver<Seen>,
}

impl CutServer {
    fn start(config: Arc<ServerConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("https://{}", listener.local_addr().expect("an address"));
        let (cuts, next) = mpsc::channel();
        let (tell, seen) = mpsc::channel();
        thread::spawn(move || {
            for cut in next {
                let (stream, _) = listener.accept().expect("a connection");
                if tell.send(serve(stream, &config, cut)).is_err() {
                    return;
                }
            }
        });
        Self { client: towards(&url, AMPLE).build().expect("a client"), cuts, seen }
    }

    /// One send over a wire that is cut like that.
    fn send(&self, cut: Cut) -> Result<Seen, String> {
        self.cuts.send(cut).expect("a server");
        let result = self.client.send(&order());
        // Where the answer came the connection is kept; only new credentials close it.
        if result.is_ok() {
            let key = support::key();
            self.client.replace_api_key(key).expect("the same key");
        }
        let seen = self.seen.recv().expect("what the server saw");
        let (outcome, number, attempts) = match &result {
            Ok(sent) => (Outcome::Sent, Some(sent.mch_billno.clone()), 1),
            Err(error) => (error.outcome(), error.mch_billno().map(str::to_owned), error.attempts()),
        };
        let told = result.as_ref().map_or_else(ToString::to_string, |_| "sent".into());
        let advice = result.as_ref().map_or_else(redpack::Error::advice, |_| Advice::None);
        let right = match outcome {
            Outcome::Sent => seen.answered && seen.requests == 1,
            // Once a byte of the request has reached the server, nothing says "not sent".
            Outcome::NotSent => {
                advice == Advice::RetrySameOrder && (seen.requests, seen.request_bytes, attempts) == (0, 0, 0)
            }
            // After a reset a system may keep back what it has received.
            Outcome::Unknown => {
                advice == Advice::QueryFirst && (cut.reset || !seen.answered) && attempts == 1
            }
            _ => false,
        };
        if right && number.as_deref() == Some(BILLNO) {
            return Ok(seen);
        }
        Err(format!("{cut:?}: {outcome} {advice} {number:?} {attempts} attempts, {seen:?} ({told})"))
    }
}

/// Every byte of one direction, from the handshake's first on. Returns how many cuts there were.
fn every_cut(
    version: &'static SupportedProtocolVersion,
    towards: Towards,
    reset: bool,
    complaints: &mut Vec<String>,
) -> usize {
    let server = CutServer::start(craft::config(version));
    for after in 0.. {
        match server.send(Cut { towards, after, reset }) {
            Ok(seen) if !seen.cut => return after,
            Ok(_) => {}
            Err(why) => complaints.push(why),
        }
        if complaints.len() > 9 {
            break;
        }
    }
    0
}

#[test]
fn a_connection_cut_after_every_byte_of_request_and_answer() {
    let mut rows = Vec::new();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        for direction in [Towards::Server, Towards::Client] {
            rows.extend([false, true].map(|reset| (version, direction, reset)));
        }
    }
    let cuts = AtomicUsize::new(0);
    each(rows, |(version, direction, reset), complaints| {
        cuts.fetch_add(every_cut(version, direction, reset, complaints), Ordering::SeqCst);
    });
    let (cuts, answer) = (cuts.into_inner(), success().len());
    assert!(cuts > 8 * answer, "{cuts} cuts of an answer of {answer} bytes");
}

#[test]
fn an_answer_that_ends_in_order_after_every_byte_of_its_text() {
    let whole = http(200, success().as_bytes());
    let length = whole.len();
    let server = Server::start(move |number, _| Reply::RawThenClose(whole[..number].to_vec()));
    let client = towards(&server.url(), AMPLE).build().expect("a client");
    for after in 0..length {
        let error = client.send(&order()).expect_err("half an answer");
        let told = (error.kind(), error.outcome(), error.advice(), error.mch_billno());
        assert_eq!(
            told,
            (ErrorKind::Disconnected, Outcome::Unknown, Advice::QueryFirst, Some(BILLNO)),
            "after {after} bytes: {error}"
        );
    }
    client.send(&order()).expect("a whole one");
    assert_eq!((server.requests(), server.connections()), (length + 1, length + 1));
    // Without a length only the document itself can say that it is whole.
    let text = [b"HTTP/1.1 200 OK\r\n\r\n", success().as_bytes()].concat();
    let (length, head) = (text.len(), text.len() - success().len());
    let server = Server::start(move |number, _| Reply::RawThenDrop(text[..number].to_vec()));
    let client = towards(&server.url(), AMPLE).build().expect("a client");
    for after in 0..length {
        let error = client.send(&order()).expect_err("half an answer");
        let kind = if after < head { ErrorKind::Disconnected } else { ErrorKind::Malformed };
        assert_eq!((error.kind(), error.outcome()), (kind, Outcome::Unknown), "after {after} bytes: {error}");
    }
    client.send(&order()).expect("a whole one");
    assert_eq!(server.requests(), length + 1);
}
