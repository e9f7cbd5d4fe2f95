//! C and C++ programs at a sandbox: the examples, the conventions, a fork, sixteen threads. What they say is held
//! against the sandbox's ledger, which knows what was really paid.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::process::Command;

use support::{Workshop, World, run};

/// What both walk-throughs print, but for the send_listid.
const WALK: [&str; 11] = [
    "check: certificate of 1900000109, valid",
    "sent: …",
    "  query: SENT, 100 fen, next: none",
    "unknown, next: query_first",
    "  query: SENT, 100 fen, next: none",
    "not_sent, next: fix_order",
    "  send_name must have at most 32 bytes of UTF-8",
    "recovered: 0",
    "invoice 7: paid, once: sent",
    "invoice 7: paid, once: sent",
    "invoice 8: paid, once: sent",
];

fn walks(source: &str) {
    let (shop, world) = (Workshop::new(), World::new());
    let said = world.output(shop.program(&[source], &[]));
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), WALK.len(), "{said}");
    let mut listid = None;
    for (line, shown) in lines.iter().zip(WALK) {
        match shown.strip_suffix('…') {
            Some(start) => listid = line.strip_prefix(start),
            None => assert_eq!(*line, shown, "{said}"),
        }
    }
    let ledger = world.sandbox.ledger();
    // Two plain sends, and two invoices of which one was settled twice and one lost its answer.
    assert_eq!(ledger.totals.debits, 4, "{said}");
    assert!(ledger.orders.values().all(|order| order.debits == 1));
    let listid = listid.expect("a send_listid");
    assert!(listid.len() > 20 && listid.bytes().all(|byte| byte.is_ascii_digit()), "{said}");
}

#[test]
fn the_c_walkthrough_does_as_it_says() {
    walks("examples/walkthrough.c");
}

#[test]
fn the_cpp_walkthrough_does_the_same() {
    walks("examples/walkthrough.cpp");
}

#[test]
fn without_settings_the_examples_say_how_to_use_them() {
    let shop = Workshop::new();
    for source in ["examples/send.c", "examples/walkthrough.c", "examples/walkthrough.cpp"] {
        let run = run(Command::new(shop.program(&[source], &[])).env_clear());
        assert_eq!(run.status, 2, "{source}: {run:?}");
        assert!(run.stderr.contains("usage: ") && run.stderr.contains("REDPACK_MCH_ID"), "{source}: {run:?}");
    }
}

#[test]
fn the_conventions_hold_and_address_sanitizer_agrees() {
    let (shop, world) = (Workshop::new(), World::new());
    let sanitized = shop.program(&["tests/c/conventions.c"], &["-fsanitize=address,undefined"]);
    assert_eq!(world.output(sanitized), "the conventions hold\n");
    let (shop, world) = (Workshop::new(), World::new());
    world.output(shop.program(&["examples/walkthrough.c"], &["-fsanitize=address,undefined"]));
}

#[test]
fn the_cpp_wrapper_holds_and_address_sanitizer_agrees() {
    let (shop, world) = (Workshop::new(), World::new());
    let sources = ["tests/cpp/wrapper.cpp", "tests/cpp/other.cpp"];
    let sanitized = shop.program(&sources, &["-fsanitize=address,undefined"]);
    assert_eq!(world.output(sanitized), "the wrapper holds\n");
}

#[test]
fn after_a_fork_parent_and_child_have_connections_of_their_own() {
    let (shop, world) = (Workshop::new(), World::new());
    assert_eq!(world.output(shop.program(&["tests/c/fork.c"], &[])), "five paid\n");
    let ledger = world.sandbox.ledger();
    assert_eq!(ledger.totals.debits, 5);
    // One of the parent, kept alive over the fork and over the child's end; one of the child.
    assert_eq!(ledger.totals.tls_handshakes, 2, "{:?}", ledger.totals);
    assert_eq!(ledger.totals.connections, 2, "{:?}", ledger.totals);
}

#[test]
fn with_a_journal_c_is_as_the_header_says() {
    let (shop, world) = (Workshop::new(), World::new());
    let program = shop.program(&["tests/c/journal.c"], &["-fsanitize=address,undefined"]);
    assert_eq!(world.output(program), "the journal is as the header says\n");
    assert_eq!(world.debits(), 1);
}

#[test]
fn a_peer_that_is_gone_raises_no_signal() {
    let (shop, world) = (Workshop::new(), World::new());
    assert_eq!(world.output(shop.program(&["tests/c/signals.c"], &[])), "no signal came\n");
}

#[test]
fn sixteen_threads_share_a_client_and_each_is_told_the_truth() {
    let (shop, world) = (Workshop::new(), World::new());
    let said = world.output(shop.program(&["tests/c/threads.c"], &[]));
    let ledger = world.sandbox.ledger();
    let mut told = Vec::new();
    for line in said.lines() {
        let [number, outcome, detail] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        told.push(number);
        let order = ledger.orders.get(number);
        let (debits, recipient) = order.map_or((0, ""), |order| (order.debits, order.re_openid.as_str()));
        match outcome {
            "sent" => {
                let order = order.expect("an order");
                assert_eq!(order.debits, 1, "{line}");
                // Its number says which thread sent it, and its amount too: no answer went to another thread.
                let thread: u64 = number[16..18].parse().expect("a thread");
                assert_eq!(order.total_amount.0, 100 + thread, "{line}");
                assert_eq!(order.remark, number);
                assert!(order.send_listid.len() > 20 && detail == order.send_listid, "{line}");
            }
            "pending" => assert_eq!((debits, detail), (0, "retry_same_order"), "{line}"),
            "unknown" => {
                assert_eq!(detail, "query_first", "{line}");
                let before = order.is_none();
                assert_eq!(debits, u64::from(!before), "{line}: {recipient}");
            }
            _ => panic!("{line}"),
        }
        assert_eq!(recipient.starts_with("f--"), outcome != "sent" && order.is_some(), "{line}");
    }
    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), 16 * 12, "each order is told of once");
    let paid = ledger.orders.values().filter(|order| order.debits == 1).count();
    // Of six recipients in turn, two are not paid: SYSTEMERROR-before and NOTENOUGH.
    assert_eq!((paid, ledger.totals.debits), (16 * 12 * 4 / 6, 16 * 12 * 4 / 6));
    assert_eq!(ledger.totals.sends, 16 * 12, "one call, one wire send");
}
