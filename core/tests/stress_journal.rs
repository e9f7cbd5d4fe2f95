//! The journal under many threads whose commits are shared, and fail now and then: one holder at a time, what was
//! reported stands, and nobody waits for ever.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "support/journal/mod.rs"]
mod journal;
#[path = "support/stress.rs"]
mod stress;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use journal::*;
use redpack::journal::{Fault, Faults, Held, Journal, JournalError, Order, Point, State, Told};
use redpack::{OrderStatus, Outcome};
use stress::Chance;

const THREADS: u64 = 16;
const ORDERS: usize = 6;

/// A plan under which one step of so many says that the storage failed. Not the last one, behind which everything is
/// durable and only its caller doesn't know: such a lease is nobody's, and runs out by itself.
fn now_and_then(one_of: u64) -> (Faults, Arc<AtomicBool>) {
    let (steps, on) = (AtomicU64::new(0), Arc::new(AtomicBool::new(true)));
    let switch = Arc::clone(&on);
    let plan = move |point| {
        let step = steps.fetch_add(1, Ordering::SeqCst);
        // Not every so-manieth: that would always be the same kind of step.
        let struck = Chance::new(step, 7).below(one_of) == 0;
        (struck && point != Point::BeforeReturn && switch.load(Ordering::SeqCst)).then_some(Fault::Fails)
    };
    (Faults(Some(Arc::new(plan))), on)
}

/// What all threads know of one order.
#[derive(Default)]
struct Known {
    /// Somebody has its lease, and has not begun to give it back.
    held: AtomicBool,
    /// The highest revision that anybody was told.
    revision: AtomicU64,
    /// Attempts whose beginning was reported, and whose end.
    begun: AtomicU64,
    finished: AtomicU64,
}

impl Known {
    /// A write that was reported: its revision is one that nobody else's write had.
    fn told(&self, order: &Order, wrote_after: u64) {
        let revision = order.revision().unsigned_abs();
        assert!(revision > wrote_after, "a write that is older than what was known before it: {order:?}");
        self.revision.fetch_max(revision, Ordering::SeqCst);
    }

    fn take(&self, held: Result<Held, JournalError>, before: u64) -> Option<Held> {
        let held = held.ok()?;
        assert!(!self.held.swap(true, Ordering::SeqCst), "two hold it at once: {:?}", held.order);
        self.told(&held.order, before);
        Some(held)
    }
}

fn attempt(journal: &dyn Journal, number: usize, known: &Known, chance: &mut Chance) {
    let order = id(&format!("s{number}"));
    let before = known.revision.load(Ordering::SeqCst);
    let Some(held) = known.take(journal.begin(&order, &begin()), before) else { return };
    known.begun.fetch_add(1, Ordering::SeqCst);
    let outcomes = [Outcome::NotSent, Outcome::Unknown, Outcome::Pending, Outcome::Rejected];
    let outcome = outcomes[chance.below(4) as usize];
    let before = held.order.revision().unsigned_abs();
    known.held.store(false, Ordering::SeqCst);
    // Written in the end, however often it takes: else the order would stay held until its lease is over.
    let mut failures = 0;
    let finished = loop {
        match journal.finish(&held.lease, &end(outcome)) {
            Ok(finished) => break finished,
            Err(error) => assert!(error.refusal().is_none(), "{error:?}"),
        }
        failures += 1;
    };
    // One that failed may have been written, and the next holder have begun.
    assert!(!finished.late || failures > 0, "nobody could have taken it over: {:?}", finished.order);
    known.finished.fetch_add(1, Ordering::SeqCst);
    known.told(&finished.order, before);
}

fn ask(journal: &dyn Journal, number: usize, known: &Known, chance: &mut Chance) {
    let order = id(&format!("s{number}"));
    let before = known.revision.load(Ordering::SeqCst);
    let Some(held) = known.take(journal.begin_query(&order, query()), before) else { return };
    let answers = [told(Told::NotFound), told(Told::Nothing), told(Told::Status(OrderStatus::Sending, true))];
    let answer = &answers[chance.below(3) as usize];
    known.held.store(false, Ordering::SeqCst);
    loop {
        match journal.finish_query(&held.lease, answer) {
            Ok(_) => return,
            Err(error) => assert!(error.refusal().is_none(), "{error:?}"),
        }
    }
}

#[test]
fn threads_that_share_commits_hold_an_order_one_at_a_time() {
    for one_of in [u64::MAX, 40] {
        both(|place| {
            let (faults, on) = now_and_then(one_of);
            on.store(false, Ordering::SeqCst);
            let journals = [place.open_faulty(faults.clone()), place.open_faulty(faults)];
            let known: Vec<Known> = (0..ORDERS).map(|_| Known::default()).collect();
            for number in 0..ORDERS {
                journals[0].prepare(&new_order(&format!("s{number}"))).expect("prepared");
            }
            on.store(true, Ordering::SeqCst);
            stress::run(THREADS, |thread, chance, goes_on| {
                let journal = &*journals[thread as usize % 2];
                while goes_on() {
                    let number = chance.below(ORDERS as u64) as usize;
                    match chance.below(8) {
                        0..4 => ask(journal, number, &known[number], chance),
                        4..7 => attempt(journal, number, &known[number], chance),
                        // Waits are of seconds; here nobody has them.
                        _ => place.pass(std::time::Duration::from_secs(2)),
                    }
                }
            });
            on.store(false, Ordering::SeqCst);
            let mut attempts = 0;
            for (number, known) in known.iter().enumerate() {
                let order = journals[0].order(&id(&format!("s{number}"))).expect("read").expect("there");
                assert_ne!(order.state, State::Closed, "{order:?}");
                assert!(order.revision().unsigned_abs() >= known.revision.load(Ordering::SeqCst));
                let rows = journals[1].attempts(&id(&format!("s{number}"))).expect("read");
                // A commit that could not be made durable is reported as failed and may be there: the worst case stands.
                let begun = known.begun.load(Ordering::SeqCst) as usize;
                let unheard =
                    rows.len().checked_sub(begun).expect("every attempt that was begun has its row");
                assert!(unheard == 0 || one_of != u64::MAX, "{unheard} attempts that nobody began");
                let at_rest = order.holder.is_none() && order.state != State::Sending;
                assert!(at_rest || one_of != u64::MAX, "nobody works on it any more: {order:?}");
                let finished = rows.iter().filter(|row| row.finished_at.is_some()).count();
                assert_eq!(finished as u64, known.finished.load(Ordering::SeqCst), "{rows:?}");
                assert!(rows.windows(2).all(|pair| pair[0].fence < pair[1].fence));
                attempts += begun;
            }
            println!("{}, one fault of {one_of} steps: {attempts} attempts", place.engine);
            assert!(attempts > 0, "nothing was tried");
        });
    }
}
