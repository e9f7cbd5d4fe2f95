//! The backup host: it takes over only while nothing can have left, and for a while.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use redpack::{DEFAULT_BACKUP_URL, DEFAULT_BASE_URL, ErrorKind, Failover, Outcome, Query};
use support::{BILLNO, Reply, Server, builder, failure, order, pki, success};

/// An address at which nobody listens.
fn nowhere() -> String {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    format!("https://{free}")
}

#[test]
fn a_primary_host_that_can_not_be_reached_gives_way_for_a_while() {
    let backup = Server::always(success());
    let hosts = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&hosts);
    let client = builder(&backup)
        .base_url(&nowhere())
        .backup_url(&backup.url())
        .on_attempt(move |event| heard.lock().expect("hosts").push(event.host.to_owned()))
        .build()
        .expect("a client");
    client.send(&order()).expect("sent, by the backup host");
    client.send(&order()).expect("sent");
    assert_eq!((backup.requests(), backup.connections()), (2, 1));
    let backup_host = backup.url().replace("https://", "");
    let hosts = hosts.lock().expect("hosts");
    assert_eq!(hosts.len(), 3, "the primary host is asked once: {hosts:?}");
    assert!(hosts[0] != backup_host && hosts[1..].iter().all(|host| *host == backup_host), "{hosts:?}");
}

/// A host that hangs up on the first so many connections and leads the others on to the server.
fn awakening(server: &Server, asleep: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let port = server.port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten().skip(asleep) {
            let onward = TcpStream::connect(("127.0.0.1", port)).expect("the server");
            let (mut a, mut b) = (stream.try_clone().expect("clone"), onward.try_clone().expect("clone"));
            std::thread::spawn(move || std::io::copy(&mut a, &mut b));
            let (mut c, mut d) = (onward, stream);
            std::thread::spawn(move || std::io::copy(&mut c, &mut d));
        }
    });
    url
}

#[test]
fn a_backup_host_that_can_not_be_reached_gives_way_to_the_primary_one() {
    let primary = Server::always(success());
    // It answers once and closes, and is gone then.
    // It says that it closes, so that no connection to it is kept.
    let backup = Server::start(|_, _| {
        let body = success();
        let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        Reply::RawThenClose([head, body].concat().into_bytes())
    });
    let url = awakening(&primary, 1);
    let client = builder(&primary).base_url(&url).backup_url(&backup.url()).build().expect("a client");
    client.send(&order()).expect("sent, by the backup host");
    assert_eq!((primary.requests(), backup.requests()), (0, 1));
    drop(backup);
    client.send(&order()).expect("sent, by the primary host");
    client.send(&order()).expect("sent, and it stays there");
    assert_eq!(primary.requests(), 2);
}

#[test]
fn where_neither_host_can_be_reached_nothing_is_sent() {
    let unused = Server::always("");
    let client = builder(&unused).base_url(&nowhere()).backup_url(&nowhere()).build().expect("a client");
    for _ in 0..2 {
        let error = client.send(&order()).expect_err("nobody is there");
        assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 0), "{error}");
    }
}

#[test]
fn once_a_byte_may_have_left_no_other_host_is_asked() {
    let backup = Server::always(success());
    let replies: [fn() -> Reply; 6] = [
        || Reply::Close,
        || Reply::Reset,
        || Reply::Silence(Duration::from_secs(5)),
        || Reply::status(502, "bad gateway"),
        || Reply::ok(failure("SYSTEMERROR")),
        || Reply::ok("not xml"),
    ];
    for reply in replies {
        for failover in [Failover::ConnectPhase, Failover::AfterSending] {
            let primary = Server::start(move |_, _| reply());
            let client = builder(&primary)
                .backup_url(&backup.url())
                .failover(failover)
                .attempt_limit(Duration::from_secs(2))
                .build()
                .expect("a client");
            let error = client.send(&order()).expect_err("no success");
            assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error}");
            assert_eq!((primary.requests(), backup.requests()), (1, 0), "{error}");
        }
    }
}

#[test]
fn a_host_that_was_reached_and_is_wrong_is_not_passed_over() {
    let backup = Server::always(success());
    let identity = pki().server_for(&["example.com"], 4096);
    let tls = support::Tls { identity, ..support::Tls::default() };
    let primary = Server::with_tls(tls, |_, _| Reply::ok(success()));
    let client = builder(&primary).backup_url(&backup.url()).build().expect("a client");
    let error = client.send(&order()).expect_err("a wrong name");
    assert_eq!((error.kind(), backup.connections()), (ErrorKind::ServerCertificate, 0));
}

#[test]
fn failover_can_be_off_and_queries_fail_over_too() {
    let backup = Server::always(support::xml(&[
        ("return_code", "SUCCESS"),
        ("result_code", "FAIL"),
        ("err_code", "NOT_FOUND"),
        ("mch_billno", BILLNO),
    ]));
    let off = builder(&backup).base_url(&nowhere()).backup_url(&backup.url()).failover(Failover::Off);
    let client = off.build().expect("a client");
    assert_eq!(client.query(&Query::new(BILLNO)).expect_err("off").kind(), ErrorKind::Connect);
    assert_eq!((client.backup_url(), backup.connections()), (None, 0));
    let on = builder(&backup).base_url(&nowhere()).backup_url(&backup.url()).build().expect("a client");
    assert!(!on.query(&Query::new(BILLNO)).expect("answered").found());
}

#[test]
fn both_hosts_together_keep_the_callers_limit() {
    let unused = Server::always("");
    // Both take the connection and never say a word.
    let silent: Vec<_> = (0..2).map(|_| TcpListener::bind("127.0.0.1:0").expect("a port")).collect();
    let url = |index: usize| format!("https://{}", silent[index].local_addr().expect("an address"));
    let client = builder(&unused)
        .base_url(&url(0))
        .backup_url(&url(1))
        .connect_limit(Duration::from_millis(700))
        .attempt_limit(Duration::from_secs(1))
        .build()
        .expect("a client");
    let started = Instant::now();
    let error = client.send(&order()).expect_err("nobody speaks");
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    assert!(started.elapsed() < Duration::from_millis(1350), "{:?}", started.elapsed());
}

#[test]
fn wechats_own_backup_host_stands_behind_wechats_own_primary_one_only() {
    let server = Server::always("");
    let usual = builder(&server).base_url(DEFAULT_BASE_URL).build().expect("a client");
    assert_eq!(usual.backup_url(), Some(DEFAULT_BACKUP_URL));
    assert_eq!(usual.check().backup_url.as_deref(), Some(DEFAULT_BACKUP_URL));
    assert_eq!(builder(&server).build().expect("a client").backup_url(), None);
    for url in ["http://127.0.0.1:1", "", "https://u@h"] {
        let error = builder(&server).backup_url(url).build().expect_err(url);
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
        assert!(error.message().contains("backup URL"), "{error}");
    }
}
