//! A server that fails in the TLS handshake: certificates, old versions, refusals, nonsense. Nothing of a
//! request ever leaves.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rcgen::{ExtendedKeyUsagePurpose, IsCa};
use redpack::ErrorKind::{ClientCertificateRefused, Handshake, ServerCertificate};
use rustls::ServerConnection;
use support::hostile::End::{self, NotSent, Setup};
use support::hostile::{AMPLE, Listener, QUICK, attack, each, towards};
use support::{Reply, Server, Tls, craft, pki, success};

#[global_allocator]
static MEMORY: support::memory::Counting = support::memory::Counting;

/// Alerts that speak of our certificate (design, outcome table).
const ABOUT_OUR_CERTIFICATE: [u8; 7] = [42, 43, 44, 45, 46, 48, 116];
/// Alerts that don't: close_notify, unexpected_message, handshake_failure, illegal_parameter, access_denied,
/// protocol_version, internal_error, user_canceled, unrecognized_name, and one that nobody knows.
const ABOUT_SOMETHING_ELSE: [u8; 10] = [0, 10, 40, 47, 49, 70, 80, 90, 112, 255];

fn end_of(alert: u8) -> End {
    if ABOUT_OUR_CERTIFICATE.contains(&alert) { Setup(ClientCertificateRefused) } else { NotSent(Handshake) }
}

#[test]
fn invariant_9_every_certificate_that_proves_nothing_is_refused() {
    let server_auth = || ExtendedKeyUsagePurpose::ServerAuth;
    let other = support::pki::Pki::named("another CA");
    // The same name as our CA's, another key.
    let twin = support::pki::Pki::named("redpack test CA");
    let rows = vec![
        ("a wrong host name", pki().server_for(&["example.com"], 4096)),
        ("another address", pki().server_for(&["127.0.0.2"], 4096)),
        ("an address as a name", pki().server_for(&["localhost"], 4096)),
        ("no name at all", pki().server_for(&[], 4096)),
        ("expired", pki().server_for(&["127.0.0.1"], 2016)),
        (
            "not yet valid",
            pki().server_with(server_auth(), |params| params.not_before = rcgen::date_time_ymd(4000, 1, 1)),
        ),
        ("for clients only", pki().server_with(ExtendedKeyUsagePurpose::ClientAuth, |_| ())),
        (
            "a CA's as a server's",
            pki().server_with(server_auth(), |params| {
                params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
            }),
        ),
        ("signed by itself", pki().server_signed_by_itself()),
        ("of another CA", other.server.clone()),
        ("of another CA that has our CA's name", twin.server.clone()),
        ("signed by a certificate that is no CA", pki().server_signed_by_a_server()),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .flat_map(|(what, identity)| {
            [&rustls::version::TLS12, &rustls::version::TLS13]
                .map(|version| (what, identity.clone(), version))
        })
        .collect();
    each(rows, |(what, identity, version), complaints| {
        let tls = Tls { identity, versions: vec![version], ..Tls::default() };
        let server = Server::with_tls(tls, |_, _| Reply::ok(success()));
        let client = towards(&server.url(), AMPLE).build().expect("a client");
        attack(what, &client, AMPLE, Setup(ServerCertificate), complaints);
        if (server.requests(), server.connections()) != (0, 1) {
            complaints.push(format!("{what}: {} requests", server.requests()));
        }
    });
}

#[test]
fn a_client_certificate_refused_in_the_handshake_with_each_alert() {
    let alerts: Vec<_> = ABOUT_OUR_CERTIFICATE.into_iter().chain(ABOUT_SOMETHING_ELSE).collect();
    each(alerts, |alert, complaints| {
        // At once, before any version is agreed on.
        let listener = Listener::start(move |mut stream| {
            let _ = stream.read(&mut [0; 4096])?;
            stream.write_all(&[21, 3, 3, 0, 2, 2, alert])
        });
        let client = towards(listener.url(), AMPLE).build().expect("a client");
        attack(&format!("alert {alert} at once"), &client, AMPLE, end_of(alert), complaints);
        // Under TLS 1.2, when the client has shown its certificate.
        let config = craft::config(&rustls::version::TLS12);
        let listener = Listener::start(move |mut stream| {
            let mut tls = ServerConnection::new(Arc::clone(&config)).expect("TLS");
            while !tls.wants_write() {
                tls.read_tls(&mut stream)?;
                tls.process_new_packets().map_err(std::io::Error::other)?;
            }
            while tls.wants_write() {
                tls.write_tls(&mut stream)?;
            }
            let _ = stream.read(&mut [0; 4096])?;
            stream.write_all(&[21, 3, 3, 0, 2, 2, alert])
        });
        let client = towards(listener.url(), AMPLE).build().expect("a client");
        attack(&format!("alert {alert} under TLS 1.2"), &client, AMPLE, end_of(alert), complaints);
    });
}

/// The first record of a server that picks that version of the protocol.
fn server_hello(version: [u8; 2]) -> Vec<u8> {
    let mut record = vec![22, 3, 1, 0, 42, 2, 0, 0, 38];
    record.extend(version);
    record.extend([7; 32]);
    // No session, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, no compression.
    record.extend([0, 0xc0, 0x13, 0]);
    record
}

/// Takes the client's hello and writes those bytes; where `again` is not empty, it over and over.
fn answer(hello: Vec<u8>, again: Vec<u8>) -> Listener {
    Listener::start(move |mut stream| {
        let _ = stream.read(&mut [0; 4096])?;
        stream.write_all(&hello)?;
        while !again.is_empty() {
            stream.write_all(&again)?;
        }
        // Whatever the client has to say to that.
        let _ = stream.read(&mut [0; 4096])?;
        Ok(())
    })
}

#[test]
fn old_versions_and_nonsense_in_the_handshake() {
    let handshake = |payload: &[u8]| [&[22, 3, 3, 0, payload.len() as u8], payload].concat();
    let nothing = Vec::new;
    let rows: Vec<(&str, Vec<u8>, Vec<u8>)> = vec![
        ("TLS 1.1", server_hello([3, 2]), nothing()),
        ("TLS 1.0", server_hello([3, 1]), nothing()),
        ("SSL 3", server_hello([3, 0]), nothing()),
        ("SSL 2", server_hello([0, 2]), nothing()),
        ("a version that isn't yet", server_hello([3, 9]), nothing()),
        ("TLS 1.2 with a suite of CBC", server_hello([3, 3]), nothing()),
        ("an alert of TLS 1.0", vec![21, 3, 1, 0, 2, 2, 70], nothing()),
        ("an alert of SSL 3", vec![21, 3, 0, 0, 2, 2, 40], nothing()),
        ("plain HTTP", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), nothing()),
        ("plain HTTP with a good answer", support::server::http(200, success().as_bytes()), nothing()),
        ("zero bytes without an end", nothing(), vec![0; 4096]),
        ("random bytes without an end", nothing(), (0..=255).rev().collect()),
        ("a record of 65535 bytes", vec![22, 3, 3, 255, 255], vec![1; 4096]),
        (
            "a message of 16 MiB",
            handshake(&[11, 255, 255, 255]),
            [&[22, 3, 3, 16, 0][..], &[0; 4096]].concat(),
        ),
        ("HelloRequest without an end", nothing(), handshake(&[0, 0, 0, 0])),
        ("empty records without an end", nothing(), vec![22, 3, 3, 0, 0]),
        ("ChangeCipherSpec without an end", nothing(), vec![20, 3, 3, 0, 1, 1]),
        ("warnings without an end", nothing(), vec![21, 3, 3, 0, 2, 1, 90]),
        ("data before the handshake", nothing(), vec![23, 3, 3, 0, 3, b'a', b'b', b'c']),
        ("a hello twice", [server_hello([3, 3]), server_hello([3, 3])].concat(), nothing()),
    ];
    each(rows, |(what, hello, again), complaints| {
        let listener = answer(hello, again);
        let client = towards(listener.url(), AMPLE).build().expect("a client");
        attack(what, &client, AMPLE, NotSent(Handshake), complaints);
        if listener.connections() != 1 {
            complaints.push(format!("{what}: {} connections", listener.connections()));
        }
    });
}

#[test]
fn handshakes_that_drip_or_hang() {
    let drip = |version| {
        let config = craft::config(version);
        Listener::start(move |mut stream| {
            let mut tls = ServerConnection::new(Arc::clone(&config)).expect("TLS");
            while !tls.wants_write() {
                tls.read_tls(&mut stream)?;
                tls.process_new_packets().map_err(std::io::Error::other)?;
            }
            let mut flight = Vec::new();
            while tls.wants_write() {
                tls.write_tls(&mut flight)?;
            }
            slowly(&mut stream, &flight)
        })
    };
    let rows = vec![
        ("says nothing", Listener::start(|mut stream| stream.read_to_end(&mut Vec::new()).map(drop))),
        ("a good flight of TLS 1.2, slowly", drip(&rustls::version::TLS12)),
        ("a good flight of TLS 1.3, slowly", drip(&rustls::version::TLS13)),
        (
            "a record's head, then its body slowly",
            Listener::start(|mut stream| {
                stream.write_all(&[22, 3, 3, 64, 0])?;
                slowly(&mut stream, &[0; 16_384])
            }),
        ),
        (
            "empty fragments of a message, slowly",
            Listener::start(|mut stream| slowly(&mut stream, &[22, 3, 3, 0, 1, 2])),
        ),
    ];
    each(rows, |(what, listener), complaints| {
        let client = towards(listener.url(), QUICK).build().expect("a client");
        attack(what, &client, QUICK, NotSent(Handshake), complaints);
    });
}

/// A byte each 20 ms, and then nothing until the client goes.
fn slowly(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    for byte in bytes {
        stream.write_all(&[*byte])?;
        thread::sleep(Duration::from_millis(20));
    }
    stream.read_to_end(&mut Vec::new()).map(drop)
}
