//! Rows that were damaged, by hand or otherwise: a clear error that names the column, never a half-read order.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

#[path = "support/journal/mod.rs"]
mod journal;

use journal::*;
use redpack::journal::{JournalErrorKind, State};

#[test]
fn a_damaged_cell_of_an_order_is_named() {
    let damages = [
        ("kind", "NULL"),
        ("total_amount", "-1"),
        ("total_amount", "'a'"),
        ("total_amount", "1.5"),
        ("fields", "'wishing'"),
        ("fields", "'a=%FF'"),
        ("fields", "'a=1&a=2'"),
        ("state", "'paid'"),
        ("state", "x'7061'"),
        ("state", "CAST(x'FF' AS TEXT)"),
        ("state", "'closed'"),
        ("ambiguous", "2"),
        ("failed", "1"),
        ("attempts", "4294967296"),
        ("updated_at", "9223372036854775807"),
        ("advice", "'pay_again'"),
        ("scope", "''"),
        ("not_before", "-1"),
        ("fence", "9223372036854775807"),
        ("rev", "NULL"),
        ("holder", "NULL"),
        ("holder_purpose", "NULL"),
        ("holder_purpose", "'attempts'"),
        ("holder_until", "NULL"),
        ("holder_boot", "NULL"),
        ("first_boot", "NULL"),
        ("first_boot_ms", "NULL"),
        ("state_before", "NULL"),
    ];
    for (column, value) in damages {
        let place = sqlite();
        let journal = place.open();
        journal.prepare(&new_order("b1")).expect("prepared");
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        place.sql("redpack_orders", &format!("UPDATE redpack_orders SET {column} = {value}"));
        let error = journal.order(&id("b1")).expect_err(column);
        assert_eq!(error.kind(), JournalErrorKind::Corrupt, "{column} = {value}: {error}");
        let named = column.split('_').next().expect("a name");
        assert!(error.message().contains(named), "{column} = {value}: {error}");
        // Nothing is begun, ended, closed or asked about on the strength of such a row.
        assert!(journal.begin(&id("b1"), &begin()).is_err(), "{column}");
        assert!(journal.begin_query(&id("b1"), query()).is_err(), "{column}");
        assert!(journal.close(&id("b1")).is_err(), "{column}");
        assert!(journal.finish(&held.lease, &end(redpack::Outcome::Sent)).is_err(), "{column}");
        assert!(journal.list(&redpack::journal::List { limit: 9, ..Default::default() }).is_err());
    }
}

#[test]
fn a_damaged_attempt_or_sum_is_named() {
    for (table, column, value) in [
        ("attempts", "host", "x'00'"),
        ("attempts", "number", "-1"),
        ("attempts", "outcome", "'paid'"),
        ("attempts", "outcome", "NULL"),
        ("attempts", "late", "3"),
        ("attempts", "http_status", "70000"),
        ("attempts", "phase", "'sent'"),
        ("meta", "fence", "9223372036854775807"),
        ("meta", "fence", "'a'"),
        ("meta", "batch", "-1"),
    ] {
        let place = sqlite();
        let journal = place.open();
        journal.prepare(&new_order("b1")).expect("prepared");
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        journal.finish(&held.lease, &end(redpack::Outcome::Unknown)).expect("finished");
        place.sql(table, &format!("UPDATE {table} SET {column} = {value}"));
        let error = if table == "meta" {
            journal.begin_query(&id("b1"), query()).map(drop).expect_err(column)
        } else {
            journal.attempts(&id("b1")).map(drop).expect_err(column)
        };
        assert_eq!(error.kind(), JournalErrorKind::Corrupt, "{column} = {value}: {error}");
        assert!(error.message().contains(column), "{column} = {value}: {error}");
    }
}

#[test]
fn a_lease_is_kept_or_cleared_as_a_whole() {
    both(|place| {
        let journal = place.open();
        journal.prepare(&new_order("b1")).expect("prepared");
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        journal.finish(&held.lease, &end(redpack::Outcome::Unknown)).expect("finished");
        place.sql("redpack_orders", "UPDATE redpack_orders SET holder_boot = 'x'");
        let error = journal.order(&id("b1")).expect_err("a part of a holder");
        assert_eq!(error.kind(), JournalErrorKind::Corrupt, "{error}");
        assert!(error.message().contains("holder"), "{error}");
        place.sql("redpack_orders", "UPDATE redpack_orders SET holder_boot = NULL");
        assert_eq!(journal.order(&id("b1")).expect("read").expect("there").state, State::Unknown);
    });
}

#[test]
fn a_suspected_copy_has_no_lease_that_is_half_cleared() {
    let place = postgresql();
    let journal = place.open();
    for number in ["ended", "held"] {
        journal.prepare(&new_order(number)).expect("prepared");
        journal.begin(&id(number), &begin()).expect("begun");
    }
    drop(journal);
    place.sql(
        "redpack_orders",
        "UPDATE redpack_orders SET holder_until = 0 WHERE mch_billno = 'ended';
         UPDATE redpack_meta SET place = 'elsewhere'",
    );
    let journal = place.open();
    assert!(journal.restore().expect("asked").is_some(), "the copy is suspected");
    let holder = |number| journal.order(&id(number)).expect("read").expect("there").holder;
    assert_eq!(holder("ended"), None, "a lease of the past is gone");
    assert!(holder("held").is_some(), "who holds an order now goes on holding it");
}
