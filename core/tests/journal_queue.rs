//! The merchant's queue, lists, URLs, and the document: over both engines.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "support/journal/mod.rs"]
mod journal;

use std::time::Duration;

use journal::*;
use redpack::journal::{Begin, Caps, List, Pause, Refusal, State, Turn, is_permitted, open};
use redpack::{Fen, Outcome};

const DAY: Duration = Duration::from_secs(86_400);

#[test]
fn pauses_and_caps_stop_the_queue() {
    both(|place| {
        let journal = place.open();
        for number in ["b1", "b2", "b3"] {
            journal.prepare(&new_order(number)).expect("prepared");
        }
        journal.pause(MCH_ID, Some(Duration::from_secs(60)), "NOTENOUGH").expect("paused");
        match refusal(journal.begin(&id("b1"), &begin())) {
            Refusal::Paused(Pause { until, reason }) => assert!(until.is_some() && reason == "NOTENOUGH"),
            other => panic!("{other:?}"),
        }
        place.pass(Duration::from_secs(61));
        assert_eq!(journal.paused(MCH_ID).expect("asked"), None);
        let caps = |caps| Begin { caps, ..begin() };
        let order = Caps { order: Some(Fen(99)), ..Caps::default() };
        assert_eq!(word(journal.begin(&id("b1"), &caps(order))), "CapReached");
        let day = Caps { recipient_day: Some(Fen(150)), merchant_day: Some(Fen(1000)), ..Caps::default() };
        let held = journal.begin(&id("b1"), &caps(day)).expect("begun");
        assert_eq!(journal.spent_today(MCH_ID, None).expect("asked"), Fen(100));
        match refusal(journal.begin(&id("b2"), &caps(day))) {
            Refusal::CapReached { cap, spent } => assert_eq!((cap, spent), ("recipient_day", Fen(100))),
            other => panic!("{other:?}"),
        }
        // What never left is not spent.
        journal.finish(&held.lease, &end(Outcome::NotSent)).expect("finished");
        assert_eq!(
            journal.spent_today(MCH_ID, Some(&new_order("b").identity.re_openid)).expect("asked"),
            Fen(0)
        );
        journal.begin(&id("b2"), &caps(day)).expect("begun");
        place.pass(DAY);
        journal.begin(&id("b3"), &caps(day)).expect("another day");
        journal.pause(MCH_ID, None, "stop").expect("paused");
        place.pass(100 * DAY);
        assert!(journal.paused(MCH_ID).expect("asked").is_some());
        journal.resume(MCH_ID).expect("resumed");
        assert_eq!(journal.paused(MCH_ID).expect("asked"), None);
    });
}

#[test]
fn a_pace_is_shared_by_everybody() {
    both(|place| {
        let journals = [place.open(), place.open()];
        let waits: Vec<Duration> = (0..10)
            .map(|turn| match journals[turn % 2].turn(MCH_ID, 10, Duration::from_secs(9)).expect("a turn") {
                Turn::After(wait) => wait,
                Turn::TooFar(wait) => panic!("{wait:?}"),
            })
            .collect();
        assert!(waits[0].is_zero() && waits[9] > Duration::from_millis(300), "{waits:?}");
        assert!(waits[9] <= Duration::from_millis(901), "{waits:?}");
        let far = journals[0].turn(MCH_ID, 10, Duration::from_millis(1)).expect("a turn");
        assert!(matches!(far, Turn::TooFar(_)), "{far:?}");
        assert_eq!(
            journals[1].turn("other", 10, Duration::ZERO).expect("a turn"),
            Turn::After(Duration::ZERO)
        );
    });
}

#[test]
fn setup_that_would_lose_commits_and_unknown_urls_are_refused() {
    for url in ["", "mysql://u:topsecret@h/d", "sqlite:", "sqlite::memory:", "postgresql://u:topsecret@h:x/d"]
    {
        let error = open(url).err().expect("refused");
        assert!(!format!("{error} {error:?}").contains("topsecret"), "{error}");
    }
    let url = postgresql().url.replace("tester@", "tester:topsecret@").replace("/journal", "/nosuch");
    let error = open(&url).err().expect("refused");
    assert!(!format!("{error} {error:?}").contains("topsecret"), "{error}");
    let place = postgresql();
    let unsafe_url = format!("{}?options=-csynchronous_commit%3Doff", place.url);
    let error = open(&unsafe_url).err().expect("refused");
    assert_eq!(error.kind(), redpack::journal::JournalErrorKind::Unfit, "{error}");
}

#[test]
fn the_document_shows_the_table_that_the_code_obeys() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    for name in ["journal.md", "journal.zh-CN.md"] {
        let text = std::fs::read_to_string(folder.join(name)).expect("the document");
        for row in redpack::journal::TRANSITIONS {
            let line = format!("| `{}` | {:?} | `{}` |", row.from, row.cause, row.to);
            assert!(text.contains(&line), "{name} lacks: {line}");
        }
        let shown =
            text.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 5).count();
        assert_eq!(shown, redpack::journal::TRANSITIONS.len(), "{name}");
    }
    assert!(!is_permitted(State::Closed, redpack::journal::Cause::Begin, State::Sending));
}

#[test]
fn pages_follow_the_order_of_preparation() {
    both(|place| {
        let journal = place.open();
        for number in 0..25 {
            journal.prepare(&new_order(&format!("b{number}"))).expect("prepared");
        }
        let (mut after, mut seen) = (0, Vec::new());
        loop {
            let page = journal.list(&List { after, limit: 10, ..List::default() }).expect("listed");
            let Some(last) = page.last() else { break };
            after = last.seq;
            seen.extend(page.into_iter().map(|order| order.id.mch_billno));
        }
        assert_eq!(seen, (0..25).map(|number| format!("b{number}")).collect::<Vec<_>>());
    });
}
