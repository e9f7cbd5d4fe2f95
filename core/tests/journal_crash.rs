//! Every crash point of every transition, and random sequences of two owners, against a pure model.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::pedantic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "support/journal/mod.rs"]
mod journal;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use journal::model::{Model, Op, Owner};
use journal::*;
use proptest::prelude::*;
use redpack::journal::{
    Claim, Evidence, Fault, Faults, Journal, JournalError, Lease, Point, Refusal, State, Told, Work,
};
use redpack::{OrderStatus, Outcome};

const POINTS: [Point; 4] = [Point::BeforeWrite, Point::BeforeCommit, Point::AfterCommit, Point::BeforeReturn];

/// One open journal with the leases that it got last.
struct Real {
    journal: Arc<dyn Journal>,
    attempt: Option<Lease>,
    query: Option<Lease>,
}

fn real(journal: Arc<dyn Journal>) -> Real {
    Real { journal, attempt: None, query: None }
}

impl Real {
    fn apply(&mut self, place: &Place, op: &Op) -> Option<Result<(), JournalError>> {
        let id = id("b1");
        let journal = &self.journal;
        Some(match op {
            Op::Begin => journal.begin(&id, &begin()).map(|held| self.attempt = Some(held.lease)),
            Op::Finish(outcome) => journal.finish(self.attempt.as_ref()?, &end(*outcome)).map(drop),
            Op::BeginQuery => journal.begin_query(&id, query()).map(|held| self.query = Some(held.lease)),
            Op::Told(None) => journal.finish_query(self.query.as_ref()?, &told(Told::NotFound)).map(drop),
            Op::Told(Some(told)) => {
                journal.finish_query(self.query.as_ref()?, &status(told.clone())).map(drop)
            }
            Op::Close => journal.close(&id).map(drop),
            Op::Paid => {
                journal.resolve(&id, &Evidence::Paid { send_listid: None }, "li", "console").map(drop)
            }
            Op::Expire => {
                place.expire_leases();
                Ok(())
            }
        })
    }
}

fn told_ops() -> Vec<Op> {
    use OrderStatus::*;
    let statuses = [Sending, Sent, Failed, Received, Refunding, Refunded, Other("NEW".into())];
    statuses.into_iter().map(|status| Op::Told(Some(status))).chain([Op::Told(None)]).collect()
}

fn all_ops() -> Vec<Op> {
    let mut ops = vec![Op::Begin, Op::BeginQuery, Op::Close, Op::Paid, Op::Expire];
    ops.extend(Outcome::ALL.iter().map(|&outcome| Op::Finish(outcome)));
    ops.extend(told_ops());
    ops
}

/// The shortest sequence of operations to every situation that the model can tell apart, within a depth.
fn situations(depth: usize) -> Vec<Vec<Op>> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut found = vec![(Vec::new(), Model::default(), Owner::default())];
    let mut at = 0;
    while at < found.len() {
        let (path, model, owner) = found[at].clone();
        at += 1;
        if path.len() == depth {
            continue;
        }
        for op in all_ops() {
            let (mut model, mut owner) = (model.clone(), owner.clone());
            if !matches!(model.apply(&mut owner, &op), Some(Ok(()))) {
                continue;
            }
            let name =
                format!("{:?} {} {} {:?}", model.state, model.ambiguous, model.failed, op == Op::Expire);
            if known.insert(name) {
                let mut path: Vec<Op> = path.clone();
                path.push(op);
                found.push((path, model, owner));
            }
        }
    }
    found.into_iter().map(|(path, ..)| path).collect()
}

/// Drives to a situation, lets one operation crash at one point, and looks at what the next process finds.
fn crash(place: &Place, path: &[Op], op: &Op, point: Point, fault: Fault) -> bool {
    let armed = Arc::new(AtomicBool::new(false));
    let faults = {
        let armed = Arc::clone(&armed);
        let plan = move |at| (at == point && armed.swap(false, Ordering::SeqCst)).then_some(fault);
        Faults(Some(Arc::new(plan)))
    };
    let (mut model, mut owner) = (Model::default(), Owner::default());
    let mut ours = real(place.open_faulty(faults));
    ours.journal.prepare(&new_order("b1")).expect("prepared");
    for step in path {
        place.pass(Duration::from_secs(2));
        let expected = model.apply(&mut owner, step);
        let result = ours.apply(place, step);
        assert_eq!(expected.map(|result| result.is_ok()), result.map(|result| result.is_ok()), "{path:?}");
    }
    place.pass(Duration::from_secs(2));
    let before = model.clone();
    let expected = model.apply(&mut owner, op);
    armed.store(true, Ordering::SeqCst);
    let result = ours.apply(place, op);
    let met = !armed.swap(false, Ordering::SeqCst);
    let context = format!("{} {path:?} then {op:?}, {fault:?} at {point:?}: {result:?}", place.engine);
    if met && fault == Fault::Dies {
        assert!(!matches!(result, Some(Ok(()))), "the dead don't return: {context}");
    }
    drop(ours);
    let heirs = place.open();
    let there = heirs.order(&id("b1")).expect("read").expect("there");
    let state = (there.state, there.ambiguous, there.failed);
    let old = (before.state, before.ambiguous, before.failed);
    let new = (model.state, model.ambiguous, model.failed);
    match (expected, met, point) {
        (_, true, Point::BeforeWrite | Point::BeforeCommit) => assert_eq!(state, old, "{context}"),
        _ => assert_eq!(state, new, "{context}"),
    }
    if matches!(result, Some(Ok(()))) {
        assert_eq!(state, new, "told but not true: {context}");
    }
    recover(place, &*heirs, &context);
    met
}

/// Whatever a crash left, recovery explains it: no order stays `sending`, and what may have left is queried.
fn recover(place: &Place, heirs: &dyn Journal, context: &str) {
    place.expire_leases();
    place.pass(Duration::from_secs(60));
    let claim = Claim { work: Work::Recover, mch_id: None, limit: 10, lease: LEASE };
    let claimed = heirs.claim(&claim).expect("claimed");
    let order = heirs.order(&id("b1")).expect("read").expect("there");
    assert_ne!(order.state, State::Sending, "{context}");
    let attempts = heirs.attempts(&id("b1")).expect("read");
    let open = attempts.iter().filter(|attempt| attempt.finished_at.is_none()).count();
    if matches!(order.state, State::Unknown | State::Pending) {
        assert!(order.ambiguous && claimed.len() == 1, "{context}");
    }
    if open > 0 && matches!(order.state, State::Prepared) {
        panic!("an attempt without an end, and the order says that nothing left: {context}");
    }
    for held in claimed {
        heirs.finish_query(&held.lease, &status(OrderStatus::Sent)).expect("told");
    }
}

fn every_crash_point(make: fn() -> Place, depth: usize) {
    let (mut cases, mut met, mut place, mut used) = (0, 0, make(), 0);
    for path in situations(depth) {
        for op in all_ops() {
            let (mut model, mut owner) = (Model::default(), Owner::default());
            for step in &path {
                let _known = model.apply(&mut owner, step);
            }
            let unchanged = model.clone();
            let points = match model.apply(&mut owner, &op) {
                _ if op == Op::Expire => continue,
                None => continue,
                // Nothing is written: one point stands for all.
                Some(Err(_)) => &POINTS[1..2],
                Some(Ok(())) if model == unchanged => &POINTS[1..2],
                Some(Ok(())) => &POINTS[..],
            };
            for &point in points {
                for fault in [Fault::Dies, Fault::Fails] {
                    if used > 0 {
                        place.forget();
                    }
                    if used > 400 {
                        (place, used) = (make(), 0);
                    }
                    met += u32::from(crash(&place, &path, &op, point, fault));
                    (cases, used) = (cases + 1, used + 1);
                }
            }
        }
    }
    // What is refused or repeated writes nothing, and so meets no fault.
    println!("{cases} cases, {met} of them met their fault");
    assert!(met > 400, "{cases} cases, {met} met");
}

#[test]
fn every_crash_point_of_every_transition_sqlite() {
    every_crash_point(sqlite, 5);
}

#[test]
fn every_crash_point_of_every_transition_postgresql() {
    every_crash_point(postgresql, 4);
}

#[test]
fn a_crash_while_preparing_leaves_an_order_or_none() {
    both(|place| {
        for (number, point) in POINTS.into_iter().enumerate() {
            for fault in [Fault::Dies, Fault::Fails] {
                let name = format!("p{number}{}", u8::from(fault == Fault::Dies));
                let plan = move |at| (at == point).then_some(fault);
                let journal = place.open_faulty(Faults(Some(Arc::new(plan))));
                let told = journal.prepare(&new_order(&name)).is_ok();
                drop(journal);
                let there = place.open().order(&id(&name)).expect("read").is_some();
                assert!(there || !told, "{} {point:?} {fault:?}", place.engine);
                let late = matches!(point, Point::AfterCommit | Point::BeforeReturn);
                assert_eq!(there, late, "{} {point:?} {fault:?}", place.engine);
                place.open().prepare(&new_order(&name)).expect("prepared or found");
            }
        }
    });
}

fn ops() -> impl Strategy<Value = Vec<(bool, Op)>> {
    proptest::collection::vec((any::<bool>(), proptest::sample::select(all_ops())), 1..24)
}

fn interleave(place: &Place, steps: &[(bool, Op)]) {
    let mut model = Model::default();
    let mut owners = [Owner::default(), Owner::default()];
    let mut reals = [real(place.open()), real(place.open())];
    reals[0].journal.prepare(&new_order("b1")).expect("prepared");
    for (at, (second, op)) in steps.iter().enumerate() {
        place.pass(Duration::from_secs(2));
        let who = usize::from(*second);
        let expected = model.apply(&mut owners[who], op);
        let result = reals[who].apply(place, op);
        let word = |error: &JournalError| {
            let text = format!("{:?}", error.refusal().map_or(Refusal::NotPrepared, Clone::clone));
            text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned()
        };
        let said = result.as_ref().map(|result| result.as_ref().map(drop).map_err(word));
        let expected = expected.map(|result| result.map_err(str::to_owned));
        assert_eq!(said, expected, "step {at} of {steps:?}: {result:?}");
        let order = reals[1 - who].journal.order(&id("b1")).expect("read").expect("there");
        let found = (order.state, order.ambiguous, order.failed);
        assert_eq!(found, (model.state, model.ambiguous, model.failed), "step {at} of {steps:?}");
    }
    place.forget();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn two_owners_of_a_file_do_what_the_model_says(steps in ops()) {
        interleave(&sqlite(), &steps);
    }
}

#[test]
fn two_owners_of_a_database_do_what_the_model_says() {
    let place = postgresql();
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner
        .run(&ops(), |steps| {
            interleave(&place, &steps);
            Ok(())
        })
        .expect("the model holds");
}
