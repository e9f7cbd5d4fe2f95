//! An old copy of the journal has forgotten that an order was closed, and so that its payment may have been
//! made under another number. Until an operator accepts the copy, only a terminal status frees such an order.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

#[path = "support/journal/mod.rs"]
mod journal;

use std::fs;

use journal::*;
use redpack::OrderStatus;
use redpack::journal::{QueryEnd, State, Told};

#[test]
fn what_was_closed_after_the_copy_is_not_attempted_until_the_copy_is_accepted() {
    let place = sqlite();
    let file = |suffix: &str| place.folder.path().join(format!("journal.db{suffix}"));
    let old = place.open();
    for number in ["b1", "b2", "b3"] {
        old.prepare(&new_order(number)).expect("prepared");
    }
    drop(old);
    for suffix in ["", "-wal"] {
        fs::copy(file(suffix), file(&format!("{suffix}.copy"))).expect("copied");
    }
    let real = place.open();
    // Closed: a new order of this payment was allowed, and may have been paid.
    real.close(&id("b1")).expect("closed");
    drop(real);
    for suffix in ["", "-wal"] {
        fs::remove_file(file(suffix)).expect("removed");
        fs::rename(file(&format!("{suffix}.copy")), file(suffix)).expect("restored");
    }
    fs::remove_file(file("-shm")).expect("removed");

    let copy = place.open();
    assert!(copy.restore().expect("read").is_some());
    let ask = |number: &str, end: &QueryEnd| {
        let held = copy.begin_query(&id(number), query()).expect("a query");
        copy.finish_query(&held.lease, end).expect("written").order
    };
    // The service doesn't hold it, or holds it unpaid after a refusal: either was true when it was closed.
    for end in [told(Told::NotFound), told(Told::Status(OrderStatus::Sending, true))] {
        assert!(ask("b1", &end).suspect, "{end:?}");
        assert_eq!(word(copy.begin(&id("b1"), &begin())), "QueryFirst", "{end:?}");
    }
    // What is true for ever is believed at once.
    assert_eq!(
        (ask("b2", &status(OrderStatus::Sent)).state, ask("b2", &status(OrderStatus::Sent)).suspect),
        { (State::Sent, false) }
    );
    assert!(ask("b3", &status(OrderStatus::Failed)).failed);
    copy.close(&id("b3")).expect("closed");

    copy.accept_restore("zhang", "the console was read").expect("accepted");
    assert_eq!(word(copy.begin(&id("b1"), &begin())), "QueryFirst", "still asked about first");
    assert!(!ask("b1", &told(Told::NotFound)).suspect);
    copy.begin(&id("b1"), &begin()).expect("permitted");
}
