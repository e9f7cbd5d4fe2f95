//! Failures on real sockets: each knows whether the first byte of the request may have left.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use redpack::{Advice, ClientBuilder, Credentials, Error, ErrorKind, Outcome, Scope};
use support::{Reply, Server, Tls, builder, client, order, pki, success};

/// Kind, outcome, advice and scope of a failed send.
fn told(error: &Error) -> (ErrorKind, Outcome, Advice, Scope) {
    (error.kind(), error.outcome(), error.advice(), error.scope())
}

const NOT_SENT: (Outcome, Advice, Scope) = (Outcome::NotSent, Advice::RetrySameOrder, Scope::Order);
const UNKNOWN: (Outcome, Advice, Scope) = (Outcome::Unknown, Advice::QueryFirst, Scope::Order);
const SETUP: (Outcome, Advice, Scope) = (Outcome::NotSent, Advice::FixSetup, Scope::Merchant);

fn expect(builder: ClientBuilder, kind: ErrorKind, verdict: (Outcome, Advice, Scope)) -> Error {
    let started = Instant::now();
    let error = builder.build().expect("a client").send(&order()).expect_err("a failure");
    assert_eq!(told(&error), (kind, verdict.0, verdict.1, verdict.2), "{error}");
    assert_eq!(error.attempts(), u32::from(verdict.0 == Outcome::Unknown), "{error}");
    assert!(started.elapsed() < Duration::from_secs(10), "{error}");
    error
}

/// A TCP listener that does that with each connection; it lives as long as the test program.
fn raw(serve: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://127.0.0.1:{}", listener.local_addr().expect("an address").port());
    thread::spawn(move || listener.incoming().flatten().for_each(serve));
    url
}

fn towards(url: &str) -> ClientBuilder {
    let unused = Server::always("");
    builder(&unused)
        .base_url(url)
        .connect_limit(Duration::from_millis(500))
        .attempt_limit(Duration::from_secs(1))
}

#[test]
fn a_name_that_can_not_be_resolved() {
    // A label of more than 63 characters fails in the resolver itself: no server is asked.
    expect(towards(&format!("https://{}.invalid", "x".repeat(64))), ErrorKind::Resolve, NOT_SENT);
}

#[test]
fn a_refused_connection() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    expect(towards(&format!("https://{free}")), ErrorKind::Connect, NOT_SENT);
}

#[test]
fn a_connection_that_nobody_takes() {
    // A listener with no room left in its queue: the system drops every further attempt to connect.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().expect("an address").into()).expect("a port");
    socket.listen(0).expect("listening");
    let address = socket.local_addr().ok().and_then(|address| address.as_socket()).expect("an address");
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
        waiting.push(stream);
    }
    let started = Instant::now();
    expect(towards(&format!("https://{address}")), ErrorKind::Connect, NOT_SENT);
    assert!(started.elapsed() >= Duration::from_millis(450), "the connect limit, not a refusal, ended it");
}

#[test]
fn a_handshake_that_is_closed_reset_or_not_tls() {
    expect(towards(&raw(drop)), ErrorKind::Handshake, NOT_SENT);
    // A reset may come so early that the connection itself seems to fail: not sent in either case.
    let url = raw(|stream| drop(socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))));
    let error = towards(&url).build().expect("a client").send(&order()).expect_err("reset");
    assert_eq!((error.outcome(), error.advice(), error.scope()), NOT_SENT, "{error}");
    let url = raw(|mut stream| drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")));
    expect(towards(&url), ErrorKind::Handshake, NOT_SENT);
}

#[test]
fn a_handshake_that_hangs_or_drips() {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let url = raw(move |stream| kept.lock().expect("streams").push(stream));
    expect(towards(&url), ErrorKind::Handshake, NOT_SENT);
    // A byte now and then must not stretch the limit: the header of a record, then its body, very slowly.
    let url = raw(|mut stream| {
        let _ = stream.write_all(&[22, 3, 3, 1, 0]);
        while stream.write_all(&[0]).is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    expect(towards(&url), ErrorKind::Handshake, NOT_SENT);
}

#[test]
fn both_versions_of_tls_and_no_older_one() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let server =
            Server::with_tls(Tls { versions: vec![version], ..Tls::default() }, |_, _| Reply::ok(success()));
        client(&server).send(&order()).expect("sent");
    }
    // A server that can only speak TLS 1.0 answers our hello with its version.
    let url = raw(|mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(&[21, 3, 1, 0, 2, 2, 70]);
    });
    expect(towards(&url), ErrorKind::Handshake, NOT_SENT);
}

#[test]
fn a_client_certificate_refused_by_the_server() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let other = support::pki::Pki::named("another CA");
        let tls = Tls { versions: vec![version], client_ca: Some(other.ca_pem.clone()), ..Tls::default() };
        let server = Server::with_tls(tls, |_, _| Reply::ok(success()));
        expect(builder(&server), ErrorKind::ClientCertificateRefused, SETUP);
        assert_eq!(server.requests(), 0);
    }
}

#[test]
fn an_answer_that_never_comes_or_drips() {
    let quick = |server: &Server| builder(server).attempt_limit(Duration::from_millis(600));
    let server = Server::start(|_, _| Reply::Silence(Duration::from_secs(5)));
    expect(quick(&server), ErrorKind::Timeout, UNKNOWN);
    assert_eq!(server.requests(), 1);
    let bytes = support::server::http(200, success().as_bytes());
    let server = Server::start(move |_, _| Reply::Drip(bytes.clone(), Duration::from_millis(20)));
    let started = Instant::now();
    expect(quick(&server), ErrorKind::Timeout, UNKNOWN);
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[test]
fn an_answer_that_breaks_off() {
    for (reply, kind) in [
        ("", ErrorKind::Disconnected),
        ("HTTP/1.1 200 OK\r\n", ErrorKind::Disconnected),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<xml>", ErrorKind::Disconnected),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<xml>\r\n", ErrorKind::Disconnected),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<xml><a>", ErrorKind::Malformed),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ErrorKind::Malformed),
        ("HTTP/1.1 204 OK\r\n\r\n", ErrorKind::HttpStatus),
        ("garbage\r\n\r\n", ErrorKind::Protocol),
        ("HTTP/9.9 200 OK\r\n\r\n", ErrorKind::Protocol),
    ] {
        let server = Server::start(move |_, _| Reply::RawThenClose(reply.as_bytes().to_vec()));
        let error = expect(builder(&server), kind, UNKNOWN);
        assert_eq!(server.requests(), 1, "{reply:?}: {error}");
    }
}

#[test]
fn an_answer_without_a_length_is_read_to_its_end() {
    let reply = format!("HTTP/1.1 200 OK\r\n\r\n{}", success());
    let server = Server::start(move |_, _| Reply::RawThenClose(reply.clone().into_bytes()));
    client(&server).send(&order()).expect("sent");
    let reply = format!("HTTP/1.0 200 OK\r\n\r\n{}", success());
    let server = Server::start(move |_, _| Reply::RawThenClose(reply.clone().into_bytes()));
    client(&server).send(&order()).expect("sent");
    let body = success();
    let reply = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    let server = Server::start(move |_, _| Reply::Raw(reply.clone().into_bytes()));
    client(&server).send(&order()).expect("sent");
}

#[test]
fn an_answer_that_is_too_large_is_not_read_on() {
    let mut huge = b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n<xml>".to_vec();
    huge.resize(4_000_000, b' ');
    let server = Server::start(move |_, _| Reply::RawThenClose(huge.clone()));
    let error = expect(builder(&server), ErrorKind::TooLarge, UNKNOWN);
    assert_eq!(error.received().map(|received| received.body.len()), Some(1 << 20));
    // Endless headers end too.
    let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
    (0..100_000).for_each(|number| head.extend_from_slice(format!("X-{number}: y\r\n").as_bytes()));
    let server = Server::start(move |_, _| Reply::RawThenClose(head.clone()));
    expect(builder(&server), ErrorKind::Protocol, UNKNOWN);
}

#[test]
fn connections_are_kept_alive_and_reused() {
    let server = Server::always(success());
    let client = client(&server);
    for _ in 0..20 {
        client.send(&order()).expect("sent");
    }
    assert_eq!((server.requests(), server.connections()), (20, 1));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || (0..25).for_each(|_| drop(client.send(&order()).expect("sent"))))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("a thread"));
    assert_eq!(server.requests(), 220);
    assert!(server.connections() <= 9, "{} connections for 8 threads", server.connections());
}

#[test]
fn invariant_9_a_pool_belongs_to_one_identity() {
    let server = Server::always(success());
    let client = client(&server);
    client.send(&order()).expect("sent");
    let renewed = pki().client_for(support::MCH_ID, 4096);
    client
        .replace_credentials(&Credentials::pem(renewed.0.as_bytes(), renewed.1.as_bytes()))
        .expect("replaced");
    client.send(&order()).expect("sent");
    assert_eq!(server.connections(), 2);
    client.replace_api_key(redpack::Secret::new("x".repeat(32))).expect("replaced");
    client.send(&order()).expect("sent");
    let bodies = server.bodies();
    assert!(bodies[0] == bodies[1] && bodies[1] != bodies[2]);
    assert!(client.replace_api_key(redpack::Secret::new("short")).is_err());
    assert!(client.replace_credentials(&Credentials::pem(b"", b"")).is_err());
    client.send(&order()).expect("what can't be used changes nothing");
}

#[test]
fn a_connect_proxy_sees_the_host_only() {
    let server = Server::always(success());
    let target = server.port();
    let seen = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&seen);
    let proxy = raw(move |mut stream| {
        let mut head = [0; 1024];
        let length = stream.read(&mut head).expect("a request");
        heard.lock().expect("seen").push_str(&String::from_utf8_lossy(&head[..length]));
        stream.write_all(b"HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n").expect("written");
        let onward = TcpStream::connect(("127.0.0.1", target)).expect("the server");
        let (mut a, mut b) = (stream.try_clone().expect("clone"), onward.try_clone().expect("clone"));
        thread::spawn(move || std::io::copy(&mut a, &mut b));
        let (mut c, mut d) = (onward, stream);
        thread::spawn(move || std::io::copy(&mut c, &mut d));
    });
    let client = builder(&server).proxy(&proxy.replace("https", "http")).build().expect("a client");
    client.send(&order()).expect("sent");
    assert_eq!(
        *seen.lock().expect("seen"),
        format!("CONNECT 127.0.0.1:{target} HTTP/1.1\r\nHost: 127.0.0.1:{target}\r\n\r\n")
    );

    let refusing = raw(|mut stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    expect(builder(&server).proxy(&refusing.replace("https", "http")), ErrorKind::Connect, NOT_SENT);
    for url in ["socks5://127.0.0.1:1", "http://u:p@h:1", "http://h", "h:1", ""] {
        assert!(builder(&server).proxy(url).build().is_err(), "{url}");
    }
}

#[test]
fn the_source_address_is_ours_to_choose() {
    let server = Server::always(success());
    client(&server).send(&order()).expect("sent");
    builder(&server)
        .source_address("127.0.0.2".parse().expect("address"))
        .ipv4_only(true)
        .build()
        .expect("a client")
        .send(&order())
        .expect("sent");
    // An address that is not this machine's can't be bound.
    let foreign = builder(&server).source_address("192.0.2.1".parse().expect("address"));
    expect(foreign, ErrorKind::Connect, NOT_SENT);
}

#[test]
fn limits_that_make_no_sense_are_refused() {
    let server = Server::always("");
    for limit in [Duration::ZERO, Duration::from_secs(601)] {
        assert_eq!(
            builder(&server).connect_limit(limit).build().expect_err("limit").kind(),
            ErrorKind::Configuration
        );
        assert_eq!(
            builder(&server).attempt_limit(limit).build().expect_err("limit").kind(),
            ErrorKind::Configuration
        );
    }
}

#[test]
fn the_hook_hears_of_each_attempt_and_its_panic_changes_nothing() {
    let server = Server::start(|number, _| if number == 1 { Reply::Close } else { Reply::ok(success()) });
    let events = Arc::new(Mutex::new(Vec::new()));
    let calls = Arc::new(AtomicUsize::new(0));
    let (heard, counted) = (Arc::clone(&events), Arc::clone(&calls));
    let client = builder(&server)
        .on_attempt(move |event| {
            heard.lock().expect("events").push((
                event.phase,
                event.connection_reused,
                event.outcome,
                event.error_kind,
            ));
            assert_ne!(counted.fetch_add(1, Ordering::SeqCst), 2, "a hook that panics");
        })
        .build()
        .expect("a client");
    client.send(&order()).expect("sent");
    client.send(&order()).expect_err("closed");
    client.send(&order()).expect("sent, though the hook panicked");
    let events = events.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    assert_eq!(events[0], (redpack::Phase::Answer, false, Outcome::Sent, None));
    assert_eq!(events[1], (redpack::Phase::Send, true, Outcome::Unknown, Some(ErrorKind::Disconnected)));
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}
