//! A connection that has served a call serves the next one: the same request, the same verdict, however it ends.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::time::Duration;

use redpack::{Advice, Client, ErrorKind, Outcome, SendRedPack, while_wanted};
use support::hostile::{AMPLE, each, towards};
use support::server::http;
use support::{Reply, Server, builder, order, order_numbered, success, success_for};

/// Answers the first request well and every other one as told.
fn after_the_first(reply: impl Fn(usize) -> Reply + Send + Sync + 'static) -> (Server, Client) {
    let server =
        Server::start(move |number, _| if number == 0 { Reply::ok(success()) } else { reply(number) });
    let client = towards(&server.url(), AMPLE).build().expect("a client");
    client.send(&order()).expect("sent");
    (server, client)
}

fn chunked(body: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (start, end) = body.split_at(body.len() / 2 - body.len() / 2 % 4);
    let (start, end) = if body.is_char_boundary(start.len()) { (start, end) } else { (body, "") };
    let mut bytes = head.as_bytes().to_vec();
    for chunk in [start, end].into_iter().filter(|chunk| !chunk.is_empty()) {
        bytes.extend_from_slice(format!("{:x}\r\n{chunk}\r\n", chunk.len()).as_bytes());
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

#[test]
fn a_request_is_the_same_on_a_fresh_and_on_a_kept_connection() {
    for path in ["", "/gateway", "/a/b"] {
        let server = Server::always(success());
        let client = builder(&server).base_url(&format!("{}{path}", server.url())).build().expect("a client");
        let long = SendRedPack::new(support::BILLNO, support::OPENID, redpack::Fen(100))
            .send_name("天虹百货")
            .act_name("a")
            .wishing("&".repeat(42))
            .remark("b");
        for request in [order(), order(), long.clone(), long] {
            client.send(&request).expect("sent");
        }
        let (heads, bodies) = (server.heads(), server.bodies());
        assert_eq!(server.connections(), 1);
        assert!(
            heads[0].contains(&format!("POST {path}/mmpaymkttransfers/sendredpack HTTP/1.1")),
            "{heads:?}"
        );
        assert_eq!((&heads[0], &bodies[0]), (&heads[1], &bodies[1]));
        assert_eq!((&heads[2], &bodies[2]), (&heads[3], &bodies[3]));
        assert_ne!(bodies[1], bodies[2]);
        // On a fresh connection the other library writes the head.
        client.replace_api_key(support::key()).expect("the same key");
        client.send(&order()).expect("sent");
        assert_eq!(server.connections(), 2);
        assert_eq!((&server.heads()[4], &server.bodies()[4]), (&heads[1], &bodies[1]));
    }
}

#[test]
fn answers_in_other_forms_keep_the_connection() {
    let large = format!("{}{}", success(), " ".repeat(40_000));
    let (server, client) = after_the_first(move |number| match number % 4 {
        0 => Reply::ok(success()),
        1 => Reply::Raw(chunked(&success())),
        2 => Reply::ok(&large),
        _ => {
            Reply::Raw([b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), http(200, success().as_bytes())].concat())
        }
    });
    for number in 1..24 {
        client.send(&order()).unwrap_or_else(|error| panic!("{number}: {error}"));
    }
    assert_eq!((server.requests(), server.connections()), (24, 1));
}

#[test]
fn an_answer_in_many_pieces_is_one_answer() {
    let (server, client) =
        after_the_first(|_| Reply::Drip(http(200, success().as_bytes()), Duration::from_micros(50)));
    for _ in 0..3 {
        client.send(&order()).expect("sent");
    }
    assert_eq!((server.requests(), server.connections()), (4, 1));
}

#[test]
fn a_connection_that_ends_after_any_byte_of_the_answer() {
    let answer = http(200, success().as_bytes());
    let rows = (0..=answer.len()).flat_map(|end| [(end, 0), (end, 1), (end, 2)]).collect();
    each(rows, |(end, how), complaints| {
        let part = answer[..end].to_vec();
        let (server, client) = after_the_first(move |_| match how {
            0 => Reply::RawThenClose(part.clone()),
            1 => Reply::RawThenDrop(part.clone()),
            _ => Reply::RawThenReset(part.clone()),
        });
        let found = match client.send(&order()) {
            Ok(_) => (Outcome::Sent, Advice::None),
            Err(error) => (error.outcome(), error.advice()),
        };
        let whole = end == answer.len();
        let right =
            if whole { (Outcome::Sent, Advice::None) } else { (Outcome::Unknown, Advice::QueryFirst) };
        // A reset may overtake the last bytes.
        let lost = how == 2 && found == (Outcome::Unknown, Advice::QueryFirst);
        if (found != right && !lost) || server.requests() != 2 || server.connections() != 1 {
            complaints.push(format!(
                "{end} bytes, end {how}: {found:?}, {} requests, {} connections",
                server.requests(),
                server.connections()
            ));
        }
    });
}

#[test]
fn what_comes_behind_an_answer_ends_the_connection() {
    let other = success_for("19000001092611240000000002");
    for behind in [http(200, other.as_bytes()), b"x".to_vec(), vec![b' '; 40_000]] {
        let (server, client) = after_the_first(move |number| {
            let answer = http(200, success().as_bytes());
            if number == 1 { Reply::Raw([answer, behind.clone()].concat()) } else { Reply::Raw(answer) }
        });
        client.send(&order()).expect("sent");
        // The second order's answer must not be what lay there already.
        let error = client.send(&order_numbered("19000001092611240000000002")).expect_err("of another order");
        assert_eq!(error.kind(), ErrorKind::EchoMismatch);
        assert_eq!((server.requests(), server.connections()), (3, 2));
    }
}

#[test]
fn a_caller_who_went_away_sends_nothing_on_a_kept_connection() {
    let (server, client) = after_the_first(|_| Reply::ok(success()));
    let error = while_wanted(|| false, || client.send(&order())).expect_err("given up");
    assert_eq!(
        (error.kind(), error.outcome(), error.attempts()),
        (ErrorKind::NotStarted, Outcome::NotSent, 0)
    );
    client.send(&order()).expect("sent");
    assert_eq!(server.requests(), 2);
}
