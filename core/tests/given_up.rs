//! Calls that another thread may give up: nothing leaves once it has, and nothing is claimed that isn't so.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use redpack::{Advice, Error, ErrorKind, Operation, Outcome, Query, while_wanted};
use support::{Server, client, order, success};

#[test]
fn nothing_leaves_once_the_caller_has_gone() {
    let server = Server::always(success());
    let client = client(&server);
    let error = while_wanted(|| false, || client.send(&order())).expect_err("nobody wants it");
    assert_eq!(
        (error.kind(), error.outcome(), error.advice(), error.attempts()),
        (ErrorKind::NotStarted, Outcome::NotSent, Advice::RetrySameOrder, 0)
    );
    assert!(error.mch_billno().is_some());
    let query = Query::new("19000001092611240000000001");
    let error = while_wanted(|| false, || client.query(&query)).expect_err("nobody wants it");
    assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::QueryFirst));
    assert_eq!(server.requests(), 0);
}

#[test]
fn it_is_asked_once_for_each_request_and_only_within() {
    let server = Server::always(success());
    let client = client(&server);
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = asked.clone();
    while_wanted(
        move || {
            counting.fetch_add(1, Ordering::Relaxed);
            true
        },
        || {
            client.send(&order()).expect("sent");
            client.send(&order()).expect("sent, over the connection that was kept");
        },
    );
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    client.send(&order()).expect("sent");
    assert_eq!((asked.load(Ordering::Relaxed), server.requests()), (2, 3));
}

#[test]
fn a_panic_and_a_nested_call_leave_the_outer_word_in_force() {
    let server = Server::always(success());
    let client = client(&server);
    let panicked = catch_unwind(AssertUnwindSafe(|| while_wanted(|| false, || panic!("in the host"))));
    assert!(panicked.is_err());
    client.send(&order()).expect("sent: that word is over");
    while_wanted(
        || false,
        || {
            while_wanted(|| true, || client.send(&order())).expect("sent");
            client.send(&order()).expect_err("not wanted");
        },
    );
    assert_eq!(server.requests(), 2);
}

#[test]
fn errors_of_a_host_name_the_order_where_there_is_one() {
    for (error, kind, outcome) in [
        (Error::not_started("n1"), ErrorKind::NotStarted, Outcome::NotSent),
        (Error::aborted("n1"), ErrorKind::Aborted, Outcome::Unknown),
        (Error::panicked("n1"), ErrorKind::Panic, Outcome::Unknown),
    ] {
        assert_eq!((error.kind(), error.outcome(), error.mch_billno()), (kind, outcome, Some("n1")));
        assert_eq!(error.during(Operation::Query).outcome(), Outcome::Unknown);
    }
    assert_eq!(Error::not_started("").mch_billno(), None);
}
