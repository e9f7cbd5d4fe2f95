//! The invariants of money safety that concern a single call, each test named after its number in the
//! design: 1 one wire send, 2 the caller's order number, 3 nothing after the first byte is a plain error,
//! 4 what is not failure, 9 TLS, 10 secrets (in `tests/canary`).
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::thread;
use std::time::Duration;

use redpack::{Advice, ErrorKind, Outcome, Query, Roots, Scope};
use support::{
    BILLNO, MCH_ID, Reply, Server, Tls, builder, client, failure, order, order_numbered, pki, success, xml,
};

#[test]
fn invariant_1_one_call_is_one_wire_send_whatever_happens() {
    let replies: [fn() -> Reply; 8] = [
        || Reply::Close,
        || Reply::Reset,
        || Reply::RawThenReset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<xml>".to_vec()),
        || Reply::status(500, "busy"),
        || Reply::status(503, ""),
        || {
            Reply::Raw(
                b"HTTP/1.1 307 X\r\nLocation: /mmpaymkttransfers/sendredpack\r\nContent-Length: 0\r\n\r\n"
                    .to_vec(),
            )
        },
        || {
            Reply::Raw(
                b"HTTP/1.1 302 X\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec(),
            )
        },
        || Reply::ok("not xml"),
    ];
    for reply in replies {
        let server = Server::start(move |_, _| reply());
        let error = client(&server).send(&order()).expect_err("no success");
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        assert_eq!(error.attempts(), 1);
        // Were anything re-sent in the background, it would arrive now.
        thread::sleep(Duration::from_millis(50));
        assert_eq!(server.requests(), 1, "{error}");
    }
}

#[test]
fn invariant_1_a_stale_kept_connection_never_causes_a_second_send() {
    // The first answer keeps the connection alive; the second request is read and then reset unanswered.
    let server = Server::start(|number, _| if number == 0 { Reply::ok(success()) } else { Reply::Reset });
    let client = client(&server);
    client.send(&order()).expect("sent");
    let error = client.send(&order()).expect_err("reset");
    assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::QueryFirst));
    thread::sleep(Duration::from_millis(50));
    assert_eq!((server.requests(), server.connections()), (2, 1));
}

#[test]
fn invariant_1_a_connection_closed_while_idle_is_replaced_before_anything_is_sent() {
    let closed_in_order = || Reply::RawThenClose(support::server::http(200, success().as_bytes()));
    let dropped = || Reply::RawThenDrop(support::server::http(200, success().as_bytes()));
    let reset = || Reply::RawThenReset(support::server::http(200, success().as_bytes()));
    for ending in [closed_in_order as fn() -> Reply, dropped, reset] {
        let server = Server::start(move |_, _| ending());
        let client = client(&server);
        for sends in 1..=3 {
            client.send(&order()).expect("sent");
            thread::sleep(Duration::from_millis(150));
            assert_eq!((server.requests(), server.connections()), (sends, sends));
        }
    }
}

#[test]
fn invariant_2_the_order_number_is_in_every_result_and_every_error() {
    let server = Server::start(|number, _| match number {
        0 => Reply::ok(success()),
        1 => Reply::ok(failure("NOTENOUGH")),
        2 => Reply::Close,
        _ => {
            Reply::ok(xml(&[("return_code", "SUCCESS"), ("result_code", "FAIL"), ("err_code", "NOT_FOUND")]))
        }
    });
    let client = client(&server);
    assert_eq!(client.send(&order()).expect("sent").mch_billno, BILLNO);
    for _ in 0..2 {
        assert_eq!(client.send(&order()).expect_err("failed").mch_billno(), Some(BILLNO));
    }
    assert_eq!(client.query(&Query::new(BILLNO)).expect("answered").mch_billno, BILLNO);
    let invalid = client.send(&order().scene_id("PRODUCT_9")).expect_err("refused");
    assert_eq!((invalid.mch_billno(), invalid.outcome()), (Some(BILLNO), Outcome::NotSent));
    assert_eq!(server.requests(), 4);
}

#[test]
fn invariant_2_every_attempt_of_an_order_writes_the_same_bytes() {
    let server = Server::always(success());
    client(&server).send(&order()).expect("sent");
    client(&server).send(&order()).expect("sent");
    let _ = client(&server).send(&order_numbered("other"));
    let bodies = server.bodies();
    assert_eq!(bodies[0], bodies[1]);
    assert_ne!(bodies[0], bodies[2]);
}

#[test]
fn invariant_3_what_was_received_is_attached() {
    let server = Server::start(|number, _| match number {
        0 => Reply::status(502, "<html>bad gateway</html>"),
        1 => Reply::RawThenClose(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<xml><return_code>SUCC".to_vec(),
        ),
        _ => Reply::ok("<xml><return_code>SUCCESS</return_code>"),
    });
    let client = client(&server);
    for (status, body) in [
        (502, "<html>bad gateway</html>"),
        (200, "<xml><return_code>SUCC"),
        (200, "<xml><return_code>SUCCESS</return_code>"),
    ] {
        let error = client.send(&order()).expect_err("not understood");
        assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::QueryFirst), "{error}");
        let received = error.received().expect("what came");
        assert_eq!((received.http_status, received.body.as_slice()), (status, body.as_bytes()), "{error}");
    }
}

#[test]
fn invariant_4_not_found_processing_and_return_code_fail_are_no_failures() {
    let not_found = xml(&[
        ("return_code", "SUCCESS"),
        ("result_code", "FAIL"),
        ("err_code", "NOT_FOUND"),
        ("err_code_des", "指定单号数据不存在"),
        ("mch_billno", BILLNO),
        ("mch_id", MCH_ID),
    ]);
    let busy = xml(&[("return_code", "FAIL"), ("return_msg", "系统繁忙"), ("err_code", "268458547")]);
    let server = Server::start(move |number, _| match number {
        0 => Reply::ok(&not_found),
        1 => Reply::ok(failure("PROCESSING")),
        _ => Reply::ok(&busy),
    });
    let client = client(&server);
    let answer = client.query(&Query::new(BILLNO)).expect("answered");
    assert_eq!(
        (answer.found(), answer.outcome, answer.advice),
        (false, Outcome::Unknown, Advice::QueryFirst)
    );
    let processing = client.send(&order()).expect_err("processing");
    assert_eq!((processing.outcome(), processing.advice()), (Outcome::Pending, Advice::QueryFirst));
    let busy = client.send(&order()).expect_err("busy");
    assert_eq!((busy.outcome(), busy.advice()), (Outcome::Unknown, Advice::QueryFirst));
}

#[test]
fn no_send_ever_permits_a_new_order() {
    for row in redpack::answer::table::CODES {
        assert_ne!(row.verdict.advice, Advice::NewOrderAllowed, "{}", row.code);
    }
    for kind in ErrorKind::ALL {
        assert_ne!(kind.verdict().advice, Advice::NewOrderAllowed, "{kind}");
    }
}

#[test]
fn an_answer_left_over_from_another_order_is_not_believed() {
    // Two answers to one request: the second must not become the answer to the next request.
    let server = Server::start(|number, _| {
        if number == 0 {
            let mut two = support::server::http(200, success().as_bytes());
            two.extend(support::server::http(200, failure("PARAM_ERROR").as_bytes()));
            Reply::Raw(two)
        } else {
            Reply::ok(success())
        }
    });
    let client = client(&server);
    client.send(&order()).expect("sent");
    client.send(&order()).expect("sent, on a connection of its own");
    assert_eq!(server.connections(), 2);
}

#[test]
fn three_recipients_refused_in_a_row_mean_the_merchant() {
    let server = Server::start(|_, body| {
        let root = redpack::xml::read(body.as_bytes()).expect("a request");
        let number = root.text_of("mch_billno").expect("a number");
        if number == "ok" {
            return Reply::ok(support::success_for(number));
        }
        Reply::ok(xml(&[
            ("return_code", "SUCCESS"),
            ("result_code", "FAIL"),
            ("err_code", "NO_AUTH"),
            ("mch_billno", number),
        ]))
    });
    let client = client(&server);
    let scope = |recipient: &str| {
        let order = redpack::SendRedPack::new("n", recipient, redpack::Fen(100));
        let order = order.send_name("a").act_name("b").wishing("c").remark("d");
        client.send(&order).expect_err("refused").scope()
    };
    assert_eq!([scope("a"), scope("b"), scope("b")], [Scope::Recipient; 3]);
    client.send(&order_numbered("ok")).expect("sent");
    assert_eq!([scope("a"), scope("b"), scope("c")], [Scope::Recipient, Scope::Recipient, Scope::Merchant]);
    assert_eq!(scope("d"), Scope::Merchant);
}

#[test]
fn invariant_9_no_server_is_trusted_without_proof() {
    let other = support::pki::Pki::named("another CA");
    let cases = [
        ("another CA", other.server.clone()),
        ("a wrong host name", pki().server_for(&["example.com"], 4096)),
        ("an expired certificate", pki().server_for(&["127.0.0.1"], 2016)),
    ];
    for (what, identity) in cases {
        let server = Server::with_tls(Tls { identity, ..Tls::default() }, |_, _| Reply::ok(success()));
        let error = client(&server).send(&order()).expect_err(what);
        assert_eq!(error.kind(), ErrorKind::ServerCertificate, "{what}: {error}");
        assert_eq!(
            (error.outcome(), error.advice(), error.scope()),
            (Outcome::NotSent, Advice::FixSetup, Scope::Merchant)
        );
        assert_eq!((error.attempts(), server.requests()), (0, 0), "{what}");
    }
    // The built-in set does not know our CA either.
    let server = Server::always(success());
    let error = builder(&server)
        .roots(Roots::mozilla())
        .build()
        .expect("a client")
        .send(&order())
        .expect_err("untrusted");
    assert_eq!(error.kind(), ErrorKind::ServerCertificate);
}

#[test]
fn invariant_9_nothing_but_https_is_spoken() {
    let server = Server::always(success());
    for url in [
        "http://127.0.0.1:1",
        "127.0.0.1",
        "ftp://x",
        "https://",
        "https://u@h",
        "https://h?x=1",
        "https://h:0",
        "",
    ] {
        let error = builder(&server).base_url(url).build().expect_err(url);
        assert_eq!((error.outcome(), error.advice()), (Outcome::NotSent, Advice::FixSetup), "{url}");
    }
}
