//! HTTP: paths, methods, sizes, connections that stay and connections that end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use redpack_sandbox::{Options, Sandbox, SandboxError};

use crate::connection::{order, query, result, start};

#[test]
fn other_paths_and_methods_get_pages() {
    let started = start();
    let mut connection = started.connect();
    for (request, status) in [
        ("POST /mmpaymkttransfers/nowhere HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 404),
        ("POST /sandboxnew/mmpaymkttransfers/sendredpack HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 404),
        ("GET / HTTP/1.1\r\n\r\n", 404),
        ("GET /mmpaymkttransfers/sendredpack HTTP/1.1\r\n\r\n", 405),
        ("PUT /mmpaymkttransfers/gethbinfo HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 405),
    ] {
        let reply = connection.exchange(request).expect("an answer");
        assert_eq!(reply.status, status, "{request}");
        assert!(reply.body.starts_with("<html>"));
        assert_eq!(reply.head.contains("allow: post"), status == 405);
    }
    // All of them on one connection, and it still serves.
    let answer = connection.post("sendredpack", &started.signed(&order("a1", &[]))).xml();
    assert_eq!(result(&answer).0, "SUCCESS");
    let totals = started.sandbox.ledger().totals;
    assert_eq!((totals.connections, totals.requests, totals.sends), (1, 6, 1));
}

#[test]
fn a_body_over_one_mebibyte_is_refused_unread() {
    let started = start();
    // Announced: refused though not a byte of it has come.
    let mut connection = started.connect();
    let head = "POST /mmpaymkttransfers/sendredpack HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n";
    let reply = connection.exchange(head).expect("an answer");
    assert_eq!(reply.status, 413);
    assert!(reply.head.contains("connection: close"));
    // Not announced: refused at the limit.
    let mut connection = started.connect();
    let head = "POST /mmpaymkttransfers/sendredpack HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n";
    let reply = connection.exchange(&format!("{head}{}", "x".repeat(0x10_0001))).expect("an answer");
    assert_eq!(reply.status, 413);
    // At the limit it is read.
    let answer = started.connect().post("sendredpack", &" ".repeat(1 << 20)).xml();
    assert_eq!(result(&answer).1, "XML_ERROR");
    assert_eq!(started.sandbox.ledger().totals.sends, 1);
}

#[test]
fn a_request_that_is_cut_short_pays_nothing() {
    let started = start();
    let body = started.signed(&order("a1", &[]));
    let mut connection = started.connect();
    let head =
        format!("POST /mmpaymkttransfers/sendredpack HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len());
    connection.stream.write_all(head.as_bytes()).expect("written");
    connection.stream.write_all(&body.as_bytes()[..body.len() - 1]).expect("written");
    drop(connection);
    let answer = started.post("gethbinfo", &query("a1"));
    assert_eq!(result(&answer).1, "NOT_FOUND");
    assert_eq!(started.sandbox.ledger().totals.sends, 0);
}

#[test]
fn nonsense_harms_nobody() {
    let started = start();
    let address = started.sandbox.base_url().replace("https://", "");
    for bytes in
        [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x16, 3, 1, 0xff, 0xff], &[0; 4096], b"\x16\x03\x01\x00\x05hello"]
    {
        let mut socket = TcpStream::connect(&address).expect("connected");
        socket.write_all(bytes).expect("written");
        socket.set_read_timeout(Some(Duration::from_millis(200))).expect("a limit");
        let _ = socket.read(&mut [0; 64]);
    }
    let mut connection = started.connect();
    assert!(connection.exchange("\u{1}\u{2} nonsense\r\n\r\n").map_or(400, |reply| reply.status) == 400);
    assert_eq!(result(&started.post("sendredpack", &order("a1", &[]))).0, "SUCCESS");
}

#[test]
fn an_idle_connection_is_closed_after_eight_seconds() {
    let started = start();
    let mut connection = started.connect();
    connection.post("sendredpack", &started.signed(&order("a1", &[])));
    std::thread::sleep(Duration::from_secs(6));
    connection.post("sendredpack", &started.signed(&order("a1", &[])));
    let since = Instant::now();
    let mut rest = Vec::new();
    connection.stream.read_to_end(&mut rest).expect("an orderly end, told by TLS");
    let seconds = since.elapsed().as_secs_f64();
    assert!((7.5..10.0).contains(&seconds) && rest.is_empty(), "{seconds}");
}

#[test]
fn stopping_ends_connections_and_frees_the_ports() {
    let started = start();
    let mut connection = started.connect();
    connection.post("sendredpack", &started.signed(&order("a1", &[])));
    let (gateway, ledger) = (started.sandbox.base_url(), started.sandbox.ledger_url());
    let gateway = gateway.replace("https://", "");
    let ledger = ledger.replace("http://", "").replace("/ledger", "");
    started.sandbox.stop();
    assert!(connection.exchange("GET / HTTP/1.1\r\n\r\n").is_err());
    for address in [&gateway, &ledger] {
        assert!(TcpStream::connect(address).is_err());
    }
    let mut options = Options::new(started.dir.path());
    options.listen = gateway.parse().expect("an address");
    options.control_listen = ledger.parse().expect("an address");
    Sandbox::start(options).expect("both ports are free");
}

#[test]
fn a_sandbox_may_be_dropped_inside_another_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async { drop(start()) });
}

#[test]
fn only_loopback_is_listened_on() {
    let dir = tempfile::tempdir().expect("a folder");
    for (listen, control_listen) in [
        ("0.0.0.0:0", "127.0.0.1:0"),
        ("127.0.0.1:0", "0.0.0.0:0"),
        ("[::]:0", "127.0.0.1:0"),
        ("192.0.2.1:0", "127.0.0.1:0"),
    ] {
        let mut options = Options::new(dir.path());
        options.listen = listen.parse().expect("an address");
        options.control_listen = control_listen.parse().expect("an address");
        assert!(
            matches!(Sandbox::start(options), Err(SandboxError::NotLoopback(_))),
            "{listen} {control_listen}"
        );
    }
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 0, "nothing was written");
}
