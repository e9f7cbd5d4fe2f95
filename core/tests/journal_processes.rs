//! Threads, processes, `kill -9` and `fork`: one holder at a time, and nothing forgotten.
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

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use journal::*;
use redpack::journal::{Claim, List, Refusal, State, Work, open};
use redpack::{OrderStatus, Outcome};

#[test]
fn threads_that_race_for_one_order_make_one_attempt() {
    both(|place| {
        let journals = [place.open(), place.open()];
        for round in 0..10 {
            let name = format!("r{round}");
            journals[0].prepare(&new_order(&name)).expect("prepared");
            let won = AtomicU32::new(0);
            std::thread::scope(|scope| {
                for racer in 0..8 {
                    let (journal, won, name) = (&journals[racer % 2], &won, &name);
                    scope.spawn(move || match journal.begin(&id(name), &begin()) {
                        Ok(held) => {
                            won.fetch_add(1, Ordering::SeqCst);
                            journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished");
                        }
                        Err(error) => {
                            assert!(error.refusal().is_some(), "{error:?}");
                        }
                    });
                }
            });
            assert_eq!(won.load(Ordering::SeqCst), 1, "{} round {round}", place.engine);
            assert_eq!(journals[1].attempts(&id(&name)).expect("read").len(), 1);
        }
    });
}

/// Not a test of its own: what the child processes of the next one run.
#[test]
fn child_that_sends() {
    let Ok(url) = std::env::var("REDPACK_TEST_JOURNAL") else { return };
    let ledger = std::env::var("REDPACK_TEST_LEDGER").expect("a ledger");
    let journal = open(&url).expect("a journal");
    for number in 0.. {
        let name = format!("k{number}");
        let Ok(prepared) = journal.prepare(&new_order(&name)) else { continue };
        if prepared.order.outcome() == Outcome::Sent {
            continue;
        }
        let Ok(held) = journal.begin(&id(&name), &begin_for(Duration::from_secs(2))) else { continue };
        assert!(held.lease.is_valid());
        // The "service": a line is money that has moved.
        use std::io::Write;
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&ledger).expect("open");
        file.write_all(format!("{name}\n").as_bytes()).expect("paid");
        let _unless_killed = journal.finish(&held.lease, &end(Outcome::Sent));
    }
}

fn child(place: &Place) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "child_that_sends", "--nocapture"])
        .env("REDPACK_TEST_JOURNAL", &place.url)
        .env("REDPACK_TEST_LEDGER", place.folder.path().join("ledger"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs")
}

#[test]
fn killed_processes_pay_nothing_twice_and_forget_nothing() {
    both(|place| {
        drop(place.open());
        for round in 0..12u64 {
            let mut children = [child(place), child(place), child(place)];
            std::thread::sleep(Duration::from_millis(150 + 37 * round));
            for child in &mut children {
                child.kill().expect("killed");
            }
            for child in &mut children {
                child.wait().expect("ended");
            }
        }
        let paid = std::fs::read_to_string(place.folder.path().join("ledger")).expect("a ledger");
        let paid: Vec<&str> = paid.lines().collect();
        let distinct: std::collections::BTreeSet<&str> = paid.iter().copied().collect();
        assert_eq!(paid.len(), distinct.len(), "{}: paid twice", place.engine);
        assert!(paid.len() > 20, "{}: {}", place.engine, paid.len());
        if place.engine == "postgresql" {
            place.expire_leases();
        }
        // Recovery asks about what is open: the ledger answers.
        let journal = place.open();
        assert_eq!(journal.restore().expect("asked"), None, "a crash is no restore");
        place.pass(Duration::from_secs(60));
        let claim = Claim { work: Work::Recover, mch_id: None, limit: 10, lease: LEASE };
        let mut recovered = 0;
        loop {
            let work = journal.claim(&claim).expect("claimed");
            if work.is_empty() {
                break;
            }
            for held in work {
                let there = distinct.contains(&*held.order.id.mch_billno);
                let status = status(if there { OrderStatus::Sent } else { OrderStatus::Failed });
                journal.finish_query(&held.lease, &status).expect("told");
                recovered += 1;
            }
        }
        let orders = journal.list(&List { limit: 1_000_000, ..List::default() }).expect("listed");
        for order in &orders {
            let there = distinct.contains(&*order.id.mch_billno);
            assert_eq!(order.outcome() == Outcome::Sent, there, "{order:?}");
            assert_ne!(order.state, State::Sending);
        }
        let known = orders.iter().filter(|order| order.outcome() == Outcome::Sent).count();
        assert_eq!(known, distinct.len(), "{}: paid and not known", place.engine);
        eprintln!("{}: {known} paid, {recovered} recovered after 36 kills", place.engine);
    });
}

/// Runs `child` in a forked process and returns its exit status.
#[cfg(unix)]
fn fork(child: impl FnOnce() -> i32) -> i32 {
    // SAFETY: the child runs its closure and ends by `_exit`, so it runs no destructor of the parent's.
    unsafe {
        match libc::fork() {
            0 => {
                let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(child));
                libc::_exit(caught.unwrap_or(99))
            }
            process => {
                let mut status = 0;
                assert_eq!(libc::waitpid(process, &raw mut status, 0), process);
                libc::WEXITSTATUS(status)
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_forked_child_opens_the_journal_anew() {
    both(|place| {
        let journal = place.open();
        for number in ["b1", "b2", "b3"] {
            journal.prepare(&new_order(number)).expect("prepared");
        }
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        let status = fork(|| {
            // The parent's lease is not the child's to use, nor to take.
            let mut wrong = i32::from(held.lease.is_valid());
            wrong |= i32::from(journal.begin(&id("b1"), &begin()).is_ok()) << 1;
            match journal.begin(&id("b2"), &begin()) {
                Ok(own) => {
                    let finished = journal.finish(&own.lease, &end(Outcome::Sent));
                    wrong | i32::from(finished.is_err()) << 2
                }
                // Another test's thread was in SQLite at that instant: refused, and nothing else.
                Err(error) if format!("{error}").contains("forked") => 50,
                Err(_) => wrong | 8,
            }
        });
        assert!(status == 0 || status == 50, "{}: {status}", place.engine);
        let order = journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished").order;
        assert_eq!(order.state, State::Sent);
        if status == 0 {
            assert_eq!(journal.order(&id("b2")).expect("read").expect("there").state, State::Sent);
        }
        journal.begin(&id("b3"), &begin()).expect("the parent goes on");
    });
}

#[cfg(unix)]
#[test]
fn a_child_that_drops_the_journal_takes_nothing_from_its_parent() {
    both(|place| {
        let (journal, other) = (place.open(), place.open());
        journal.prepare(&new_order("d1")).expect("prepared");
        let held = journal.begin(&id("d1"), &begin()).expect("begun");
        let journal = std::sync::Mutex::new(Some(journal));
        // As a child does that returns from `main` without having paid anything.
        let status = fork(|| {
            drop(journal.lock().expect("nobody panicked").take());
            0
        });
        assert_eq!(status, 0);
        assert!(held.lease.is_valid());
        let refused = refusal(other.begin(&id("d1"), &begin()));
        assert!(matches!(refused, Refusal::InFlight { .. }), "{}: {refused:?}", place.engine);
        let journal = journal.into_inner().expect("nobody panicked").expect("the parent has it still");
        let finished = journal.finish(&held.lease, &end(Outcome::Sent)).expect("the parent goes on");
        assert!(!finished.late, "{}", place.engine);
        assert_eq!(finished.order.state, State::Sent);
    });
}

#[test]
fn a_holder_that_lives_keeps_its_order_whatever_its_boot_is_called() {
    let place = sqlite();
    let (journal, other) = (place.open(), place.open());
    journal.prepare(&new_order("w1")).expect("prepared");
    let held = journal.begin(&id("w1"), &begin()).expect("begun");
    place.another_boot();
    assert!(matches!(refusal(other.begin(&id("w1"), &begin())), Refusal::InFlight { .. }));
    drop((held, journal));
    // Dead, and what it did isn't known.
    assert!(matches!(refusal(other.begin(&id("w1"), &begin())), Refusal::QueryFirst(_)));
}

#[test]
fn a_holder_that_lives_keeps_its_order_when_an_old_copy_is_suspected() {
    let place = sqlite();
    let journal = place.open();
    journal.prepare(&new_order("s1")).expect("prepared");
    let held = journal.begin(&id("s1"), &begin()).expect("begun");
    let path = place.url.strip_prefix("sqlite:").expect("a path");
    std::fs::remove_file(format!("{path}.guard")).expect("removed");
    let other = place.open();
    assert!(other.restore().expect("read").is_some());
    assert!(matches!(refusal(other.begin_query(&id("s1"), query())), Refusal::InFlight { .. }));
    assert!(held.lease.is_valid());
    let finished = journal.finish(&held.lease, &end(Outcome::Sent)).expect("finished");
    assert_eq!(finished.order.state, State::Sent);
}
