//! A server that breaks TLS after the handshake: alerts, floods, records that are none, with a request under
//! way or an answer half written.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use redpack::ErrorKind::{ClientCertificateRefused, Disconnected, Timeout};
use rustls::{ContentType, SupportedProtocolVersion};
use support::craft::{Records, Stream, config, shake_hands};
use support::hostile::End::{self, Doubted, Sent, Setup, Unknown};
use support::hostile::{AMPLE, Listener, QUICK, attack, each, towards};
use support::server::{http, read_request};
use support::success;

#[global_allocator]
static MEMORY: support::memory::Counting = support::memory::Counting;

const TLS12: &SupportedProtocolVersion = &rustls::version::TLS12;
const TLS13: &SupportedProtocolVersion = &rustls::version::TLS13;
/// Alerts that speak of our certificate (design, outcome table).
const ABOUT_OUR_CERTIFICATE: [u8; 7] = [42, 43, 44, 45, 46, 48, 116];
const ABOUT_SOMETHING_ELSE: [u8; 8] = [10, 20, 40, 47, 49, 51, 80, 255];

type Attack = dyn Fn(Stream) -> io::Result<()> + Send + Sync;

struct Row {
    what: String,
    version: &'static SupportedProtocolVersion,
    /// Good answers on the connection before the attack.
    before: usize,
    /// Whether the request is read before the attack.
    read: bool,
    end: End,
    limit: Duration,
    attack: Box<Attack>,
}

fn row(what: &str, end: End, attack: impl Fn(Stream) -> io::Result<()> + Send + Sync + 'static) -> Row {
    let (what, attack) = (what.to_owned(), Box::new(attack));
    Row { what, version: TLS13, before: 0, read: true, end, limit: AMPLE, attack }
}

/// Writes what the test makes of the connection's keys, in one piece, and waits for the client to go.
fn crafted(
    make: impl Fn(&mut Records) -> Vec<u8> + Send + Sync + 'static,
) -> impl Fn(Stream) -> io::Result<()> + Send + Sync {
    move |tls| {
        let mut records = Records::of(tls);
        let bytes = make(&mut records);
        records.stream.write_all(&bytes)?;
        let _ = records.stream.read(&mut [0; 4096])?;
        Ok(())
    }
}

fn run(rows: Vec<Row>) {
    each(rows, |row, complaints| {
        let Row { what, version, before, read, end, limit, attack: act } = row;
        let requests = Arc::new(AtomicUsize::new(0));
        let (counted, config) = (Arc::clone(&requests), config(version));
        let listener = Listener::start(move |stream| {
            let mut tls = shake_hands(stream, &config)?;
            for number in 0..=before {
                if number < before || read {
                    read_request(&mut tls).ok_or(io::ErrorKind::UnexpectedEof)?;
                    counted.fetch_add(1, Ordering::SeqCst);
                }
                if number < before {
                    tls.write_all(&http(200, success().as_bytes()))?;
                    tls.flush()?;
                }
            }
            act(tls)
        });
        let client = towards(listener.url(), limit).build().expect("a client");
        for _ in 0..before {
            attack(&what, &client, limit, Sent, complaints);
        }
        attack(&what, &client, limit, end, complaints);
        let seen = (listener.connections(), requests.load(Ordering::SeqCst));
        if seen != (1, before + usize::from(read)) {
            complaints.push(format!("{what}: {seen:?} connections and requests"));
        }
    });
}

fn good() -> Vec<u8> {
    http(200, success().as_bytes())
}

fn half() -> Vec<u8> {
    good()[..100].to_vec()
}

#[test]
fn an_alert_means_not_sent_only_on_a_fresh_connection_and_before_any_answer() {
    let mut rows = Vec::new();
    let about_us = ABOUT_OUR_CERTIFICATE.map(|alert| (alert, Setup(ClientCertificateRefused), Doubted));
    let others = ABOUT_SOMETHING_ELSE.map(|alert| (alert, Unknown(Disconnected), Unknown(Disconnected)));
    for (alert, fresh, later) in about_us.into_iter().chain(others) {
        let plain = move || crafted(move |records| records.alert(alert));
        // Under TLS 1.3 a server refuses our certificate when we believe to be through, request and all;
        // under TLS 1.2 it has accepted the certificate by then, and may have taken the request.
        for (version, read, end) in [(TLS13, false, fresh), (TLS13, true, fresh), (TLS12, true, later)] {
            rows.push(Row { version, read, ..row(&format!("{alert}, read: {read}"), end, plain()) });
        }
        for version in [TLS12, TLS13] {
            let row = |what: &str, end, act: Box<Attack>| Row {
                version,
                attack: act,
                ..row(&format!("{alert} {what}"), end, |_| Ok(()))
            };
            let behind = |bytes: Vec<u8>| -> Box<Attack> {
                Box::new(crafted(move |records| [records.data(&bytes), records.alert(alert)].concat()))
            };
            rows.push(Row { before: 1, ..row("on a kept connection", later, Box::new(plain())) });
            rows.push(row("behind one byte of an answer", later, behind(b"H".to_vec())));
            rows.push(row("behind half an answer", later, behind(half())));
            rows.push(row("behind a whole answer", Sent, behind(good())));
        }
    }
    run(rows);
}

#[test]
fn records_that_are_none() {
    let raw = |bytes: &'static [u8]| crafted(move |_| bytes.to_vec());
    let mut rows = Vec::new();
    for version in [TLS12, TLS13] {
        let row =
            |what: &str, end, act: Box<Attack>| Row { version, attack: act, ..row(what, end, |_| Ok(())) };
        rows.extend([
            row(
                "garbage in a record",
                Unknown(Disconnected),
                Box::new(raw(&[23, 3, 3, 0, 20, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7])),
            ),
            row(
                "a record of a kind that nobody knows",
                Unknown(Disconnected),
                Box::new(raw(&[99, 3, 3, 0, 1, 0])),
            ),
            row(
                "a record of 65535 bytes",
                Unknown(Disconnected),
                Box::new(raw(&[23, 3, 3, 255, 255, 0, 0, 0])),
            ),
            row("plain HTTP", Unknown(Disconnected), Box::new(raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"))),
            row(
                "a plain alert about our certificate",
                Unknown(Disconnected),
                Box::new(raw(&[21, 3, 3, 0, 2, 2, 42])),
            ),
            row("zero bytes", Unknown(Disconnected), Box::new(raw(&[0; 64]))),
            row(
                "a whole answer, then garbage",
                Sent,
                Box::new(crafted(|records| [records.data(&good()), vec![7; 100]].concat())),
            ),
            row(
                "half an answer, then garbage",
                Unknown(Disconnected),
                Box::new(crafted(|records| [records.data(&half()), vec![7; 100]].concat())),
            ),
            row(
                "a record out of order",
                Unknown(Disconnected),
                Box::new(crafted(|records| {
                    let (first, second) = (records.data(&half()), records.data(&good()[100..]));
                    [second, first].concat()
                })),
            ),
            row(
                "a record twice",
                Unknown(Disconnected),
                Box::new(crafted(|records| {
                    let first = records.data(&half());
                    [first.clone(), first].concat()
                })),
            ),
            row(
                "half an answer, then the end without a word of TLS",
                Unknown(Disconnected),
                Box::new(|mut tls: Stream| {
                    tls.write_all(&half())?;
                    tls.flush()
                }),
            ),
            row(
                "a whole answer in records of one byte",
                Sent,
                Box::new(crafted(|records| good().iter().flat_map(|byte| records.data(&[*byte])).collect())),
            ),
            row(
                "16,384 records of one byte before the end",
                Sent,
                Box::new(crafted(|records| {
                    let body = success().replace("</xml>", &format!("{}</xml>", " ".repeat(16_384)));
                    http(200, body.as_bytes()).iter().flat_map(|byte| records.data(&[*byte])).collect()
                })),
            ),
        ]);
    }
    run(rows);
}

#[test]
fn floods_that_say_nothing() {
    let flood = |kind: ContentType, payload: Vec<u8>| {
        move |tls: Stream| {
            let mut records = Records::of(tls);
            loop {
                let record = records.make(kind, &payload);
                records.stream.write_all(&record)?;
            }
        }
    };
    let mut rows = vec![
        row("key updates", Unknown(Disconnected), |mut tls| {
            loop {
                tls.conn.refresh_traffic_keys().map_err(io::Error::other)?;
                tls.flush()?;
            }
        }),
        Row {
            limit: QUICK,
            ..row("session tickets", Unknown(Timeout), flood(ContentType::Handshake, tickets()))
        },
        Row {
            version: TLS12,
            ..row("renegotiation", Unknown(Disconnected), flood(ContentType::Handshake, vec![0; 4]))
        },
        Row {
            version: TLS12,
            ..row("warnings", Unknown(Disconnected), flood(ContentType::Alert, vec![1, 90]))
        },
    ];
    for version in [TLS12, TLS13] {
        let data = ContentType::ApplicationData;
        rows.push(Row { version, ..row("empty records", Unknown(Disconnected), flood(data, Vec::new())) });
    }
    run(rows);
}

/// As many small session tickets as fit into a record.
fn tickets() -> Vec<u8> {
    // A lifetime of an hour, no age, nonce 1, ticket 1, no extensions.
    [4, 0, 0, 15, 0, 0, 14, 16, 0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0].repeat(850)
}

#[test]
fn a_flood_behind_the_answer_keeps_nobody() {
    // A kept connection is looked at before it is put away and before it is used again; what comes unasked
    // then must not hold the caller.
    run(vec![row("session tickets behind the answer", Sent, |tls| {
        let mut records = Records::of(tls);
        let mut bytes = records.data(&good());
        let tickets = tickets();
        loop {
            bytes.extend(records.make(ContentType::Handshake, &tickets));
            if bytes.len() > 1 << 20 {
                records.stream.write_all(&bytes)?;
                bytes.clear();
            }
        }
    })]);
}

#[test]
fn an_answer_before_the_request_was_read_is_one_answer() {
    run(vec![Row {
        read: false,
        ..row("before the request", Sent, |mut tls| {
            tls.write_all(&good())?;
            tls.flush()?;
            read_request(&mut tls).map(drop).ok_or(io::ErrorKind::UnexpectedEof.into())
        })
    }]);
    // One that comes before its request on a kept connection is nobody's: that connection is not used.
    let requests = Arc::new(AtomicUsize::new(0));
    let (counted, config) = (Arc::clone(&requests), config(TLS13));
    let listener = Listener::start(move |stream| {
        let mut tls = shake_hands(stream, &config)?;
        while read_request(&mut tls).is_some() {
            counted.fetch_add(1, Ordering::SeqCst);
            tls.write_all(&good())?;
            tls.flush()?;
            thread::sleep(Duration::from_millis(50));
            tls.write_all(&http(200, support::failure("PARAM_ERROR").as_bytes()))?;
            tls.flush()?;
        }
        Ok(())
    });
    let client = towards(listener.url(), AMPLE).build().expect("a client");
    let mut complaints = Vec::new();
    for _ in 0..3 {
        attack("after an early answer", &client, AMPLE, Sent, &mut complaints);
        thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!((requests.load(Ordering::SeqCst), listener.connections()), (3, 3));
}

#[test]
fn a_ticket_or_a_key_update_before_the_answer_harms_nothing() {
    let ticket = || {
        crafted(|records| [records.make(ContentType::Handshake, &tickets()), records.data(&good())].concat())
    };
    let update = |mut tls: Stream| {
        tls.conn.refresh_traffic_keys().map_err(io::Error::other)?;
        tls.write_all(&good())?;
        tls.flush()?;
        let _ = tls.sock.read(&mut [0; 4096])?;
        Ok(())
    };
    run(vec![row("tickets", Sent, ticket()), row("a key update", Sent, update)]);
}
