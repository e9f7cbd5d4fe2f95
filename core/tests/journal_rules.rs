//! What the journal promises, over both engines: one attempt at a time, nothing lost, nothing paid twice.
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

use std::sync::atomic::Ordering;
use std::time::Duration;

use journal::*;
use redpack::journal::{Begin, Claim, Evidence, List, NewOrder, Number, Refusal, State, Told, Work};
use redpack::{OrderStatus, Outcome};

const DAY: Duration = Duration::from_secs(86_400);

#[test]
fn an_order_is_prepared_once_and_found_again() {
    both(|place| {
        let journal = place.open();
        let first = journal.prepare(&new_order("b1")).expect("prepared");
        assert!(first.created && first.differs.is_empty());
        assert_eq!((first.order.state, first.order.outcome()), (State::Prepared, Outcome::NotSent));
        let mut again = new_order("b1");
        again.fields.insert("client_ip".into(), "10.0.0.1".into());
        again.fields.insert("wishing".into(), "other".into());
        let found = journal.prepare(&again).expect("found");
        assert!(!found.created);
        assert_eq!(found.differs, ["wishing"]);
        assert_eq!(found.order.fields, fields());
        again.identity.total_amount = 101;
        match refusal(journal.prepare(&again)) {
            Refusal::Conflict { field, order } => assert_eq!((field, order.id), ("total_amount", id("b1"))),
            other => panic!("{other:?}"),
        }
        let amended = [("wishing".to_owned(), "x".to_owned())].into();
        assert_eq!(journal.amend(&id("b1"), &amended).expect("amended").fields, amended);
        let signed = [("sign".to_owned(), "x".to_owned())].into();
        assert_eq!(word(journal.amend(&id("b1"), &signed)), "Invalid");
        assert_eq!(word(journal.begin(&id("b2"), &begin())), "NotPrepared");
        // Another merchant's order of the same number is another order.
        let other = NewOrder { mch_id: "1900000110".into(), ..new_order("b1") };
        assert!(journal.prepare(&other).expect("prepared").created);
    });
}

#[test]
fn an_intent_key_leads_to_one_order() {
    both(|place| {
        let journal = place.open();
        let new = |number: &str| NewOrder {
            number: Number::Candidate(number.into()),
            intent: Some("invoice 7".into()),
            ..new_order("x")
        };
        assert!(journal.prepare(&new("c1")).expect("prepared").created);
        let found = journal.prepare(&new("c2")).expect("found");
        assert_eq!((found.created, found.order.id), (false, id("c1")));
        let mut other = new("c3");
        other.identity.re_openid = "oanother".into();
        assert_eq!(word(journal.prepare(&other)), "Conflict");
        // A candidate that exists belongs to another payment.
        let taken = NewOrder { intent: Some("invoice 8".into()), ..new("c1") };
        assert_eq!(word(journal.prepare(&taken)), "Conflict");
        assert_eq!(word(journal.prepare(&NewOrder { intent: None, ..new("c4") })), "Invalid");
        // A number's order adopts the key that comes later; then the key leads to it.
        journal.prepare(&new_order("b1")).expect("prepared");
        let adopting = NewOrder { intent: Some("invoice 9".into()), ..new_order("b1") };
        let adopted = journal.prepare(&adopting).expect("found");
        assert!(!adopted.created);
        let found = journal.order_of_intent(MCH_ID, "invoice 9").expect("looked").expect("there");
        assert_eq!(found.id, id("b1"));
        let renamed = NewOrder { intent: Some("invoice 10".into()), ..new_order("b1") };
        assert_eq!(word(journal.prepare(&renamed)), "Conflict");
    });
}

#[test]
fn invariant_6_one_attempt_at_a_time_and_the_record_after_it() {
    both(|place| {
        let (ours, theirs) = (place.open(), place.open());
        ours.prepare(&new_order("b1")).expect("prepared");
        let held = ours.begin(&id("b1"), &begin()).expect("begun");
        assert!(held.lease.is_valid() && held.lease.left() <= LEASE);
        assert_eq!((held.order.state, held.order.ambiguous), (State::Sending, true));
        for journal in [&ours, &theirs] {
            assert_eq!(word(journal.begin(&id("b1"), &begin())), "InFlight");
            assert_eq!(word(journal.begin_query(&id("b1"), query())), "InFlight");
            assert_eq!(word(journal.close(&id("b1"))), "InFlight");
            assert_eq!(word(journal.amend(&id("b1"), &fields())), "InFlight");
        }
        let finished = ours.finish(&held.lease, &end(Outcome::Sent)).expect("finished");
        assert_eq!((finished.order.state, finished.late), (State::Sent, false));
        assert!(!finished.order.ambiguous);
        // Told again: the first time counts.
        let again = ours.finish(&held.lease, &end(Outcome::Rejected)).expect("finished");
        assert_eq!((again.order.state, again.late), (State::Sent, false));
        for journal in [&ours, &theirs] {
            assert_eq!(word(journal.begin(&id("b1"), &begin())), "Settled");
            assert_eq!(word(journal.close(&id("b1"))), "Settled");
        }
        let attempts = theirs.attempts(&id("b1")).expect("read");
        assert_eq!(attempts.len(), 1);
        assert_eq!(attempts[0].outcome.as_deref(), Some("sent"));
        assert_eq!(attempts[0].host, HOST);
    });
}

#[test]
fn not_sent_returns_to_what_was_before() {
    both(|place| {
        let journal = place.open();
        journal.prepare(&new_order("b1")).expect("prepared");
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        let order = journal.finish(&held.lease, &end(Outcome::NotSent)).expect("finished").order;
        assert_eq!((order.state, order.ambiguous, order.first_attempt_at), (State::Prepared, false, None));
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        let order = journal.finish(&held.lease, &end(Outcome::Pending)).expect("finished").order;
        assert_eq!((order.state, order.ambiguous), (State::Pending, true));
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "NotYetDue", "at least 1 s apart");
        place.pass(Duration::from_secs(2));
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        let order = journal.finish(&held.lease, &end(Outcome::NotSent)).expect("finished").order;
        assert_eq!((order.state, order.ambiguous, order.attempts), (State::Pending, true, 3));
        assert_eq!(order.reached, 1);
    });
}

#[test]
fn invariant_4_only_a_query_clears_an_ambiguous_attempt() {
    both(|place| {
        let journal = place.open();
        journal.prepare(&new_order("b1")).expect("prepared");
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        journal.finish(&held.lease, &end(Outcome::Unknown)).expect("finished");
        place.pass(Duration::from_secs(2));
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "QueryFirst");
        assert_eq!(word(journal.close(&id("b1"))), "Ambiguous");
        assert_eq!(word(journal.amend(&id("b1"), &fields())), "Ambiguous");
        let held = journal.begin_query(&id("b1"), query()).expect("asked");
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "InFlight", "invariant 8");
        let order = journal.finish_query(&held.lease, &told(Told::NotFound)).expect("told").order;
        assert_eq!((order.state, order.ambiguous), (State::Unknown, true));
        assert_eq!(word(journal.close(&id("b1"))), "Ambiguous", "NOT_FOUND is not failure");
        // A later refusal says nothing of the first attempt.
        let held = journal.begin(&id("b1"), &begin()).expect("begun");
        let order = journal.finish(&held.lease, &end(Outcome::Rejected)).expect("finished").order;
        assert_eq!((order.state, order.ambiguous), (State::Unknown, true));
        assert_eq!(word(journal.close(&id("b1"))), "Ambiguous");
        let held = journal.begin_query(&id("b1"), query()).expect("asked");
        let order = journal.finish_query(&held.lease, &status(OrderStatus::Failed)).expect("told").order;
        assert_eq!((order.state, order.failed, order.ambiguous), (State::Rejected, true, false));
        assert_eq!(order.advice.as_deref(), Some("new_order_allowed"));
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "Failed");
        assert_eq!(journal.close(&id("b1")).expect("closed").state, State::Closed);
        assert_eq!(journal.close(&id("b1")).expect("closed").state, State::Closed);
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "Closed");
        // A closed order that was paid after all is nothing that a machine may settle.
        let held = journal.begin_query(&id("b1"), query()).expect("asked");
        let order = journal.finish_query(&held.lease, &status(OrderStatus::Sent)).expect("told").order;
        assert_eq!(order.state, State::Manual);
    });
}

#[test]
fn an_operators_word_that_it_was_paid_outlasts_the_failure_of_its_number() {
    both(|place| {
        let journal = place.open();
        for number in ["b1", "b2"] {
            journal.prepare(&new_order(number)).expect("prepared");
            let held = journal.begin(&id(number), &begin()).expect("begun");
            journal.finish(&held.lease, &end(Outcome::Pending)).expect("finished");
        }
        // One was found paid by an operator, perhaps under another number; one is said to be sent by the service.
        journal.resolve(&id("b1"), &Evidence::Paid { send_listid: None }, "li", "console").expect("resolved");
        let ask = |number: &str, told: OrderStatus| {
            let held = journal.begin_query(&id(number), query()).expect("asked");
            journal.finish_query(&held.lease, &status(told)).expect("told").order
        };
        assert_eq!(ask("b2", OrderStatus::Sent).state, State::Sent);
        let kept = ask("b1", OrderStatus::Failed);
        assert_eq!((kept.state, kept.failed, kept.advice.as_deref()), (State::Sent, false, Some("none")));
        assert_eq!(kept.query_status.as_deref(), Some("FAILED"), "there to be looked at");
        assert_eq!(word(journal.close(&id("b1"))), "Settled");
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "Settled");
        let failed = ask("b2", OrderStatus::Failed);
        assert_eq!((failed.state, failed.failed), (State::Rejected, true));
    });
}

#[test]
fn invariant_7_no_attempt_after_three_days_and_an_operator_after_twentynine() {
    both(|place| {
        let journal = place.open();
        journal.prepare(&new_order("b1")).expect("prepared");
        place.pass(40 * DAY);
        let held = journal.begin(&id("b1"), &begin()).expect("prepared long ago, attempted now");
        journal.finish(&held.lease, &end(Outcome::Pending)).expect("finished");
        place.pass(3 * DAY - LEASE - Duration::from_secs(60));
        let held = journal.begin(&id("b1"), &begin()).expect("still in time");
        journal.finish(&held.lease, &end(Outcome::Pending)).expect("finished");
        place.pass(Duration::from_secs(60));
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "HorizonPassed");
        assert_eq!(word(journal.resolve(&id("b1"), &Evidence::NotPaid, "li", "console")), "Ambiguous");
        let held = journal.begin_query(&id("b1"), query()).expect("queries go on");
        journal.finish_query(&held.lease, &told(Told::NotFound)).expect("told");
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "HorizonPassed");
        place.pass(26 * DAY + Duration::from_secs(60));
        assert_eq!(word(journal.begin(&id("b1"), &begin())), "Manual");
        assert_eq!(journal.order(&id("b1")).expect("read").expect("there").state, State::Manual);
        assert_eq!(word(journal.close(&id("b1"))), "Manual");
        assert_eq!(word(journal.resolve(&id("b1"), &Evidence::NotPaid, " ", "why")), "Invalid");
        let order =
            journal.resolve(&id("b1"), &Evidence::NotPaid, "li", "console says so").expect("resolved");
        assert_eq!(order.state, State::Closed);
        let decisions = journal.decisions(&id("b1")).expect("read");
        assert_eq!((decisions.len(), &*decisions[0].who, &*decisions[0].why), (1, "li", "console says so"));
    });
}

#[test]
fn a_wall_clock_that_steps_opens_no_door() {
    let place = sqlite();
    let journal = place.open();
    let attempted = |number: &str| {
        journal.prepare(&new_order(number)).expect("prepared");
        let held = journal.begin(&id(number), &begin()).expect("begun");
        journal.finish(&held.lease, &end(Outcome::Pending)).expect("finished");
    };
    place.pass(10 * DAY);
    attempted("b1");
    // Back: the boot clock still counts, and leases never look at the wall clock.
    place.shift.store(-(10 * DAY).as_millis().try_into().unwrap_or(0i64), Ordering::SeqCst);
    assert_eq!(word(journal.begin(&id("b1"), &begin())), "NotYetDue");
    attempted("b2");
    let held = journal.begin_query(&id("b2"), query()).expect("asked");
    place.pass(20 * DAY);
    assert_eq!(word(journal.begin_query(&id("b2"), query())), "InFlight");
    assert!(held.lease.is_valid());
    journal.finish_query(&held.lease, &told(Told::NotFound)).expect("told");
    assert_eq!(word(journal.begin(&id("b2"), &begin())), "HorizonPassed");
}

#[test]
fn an_expired_lease_is_taken_over_and_the_late_end_is_fenced() {
    both(|place| {
        let (ours, theirs) = (place.open(), place.open());
        for number in ["b1", "b2"] {
            ours.prepare(&new_order(number)).expect("prepared");
        }
        let short = Duration::from_millis(60);
        let one = ours.begin(&id("b1"), &begin_for(short)).expect("begun");
        let two = ours.begin(&id("b2"), &begin_for(short)).expect("begun");
        std::thread::sleep(Duration::from_millis(150));
        assert!(!one.lease.is_valid());
        // The order is noted as unknown, and must be queried first.
        assert_eq!(word(theirs.begin(&id("b1"), &begin())), "QueryFirst");
        let order = theirs.order(&id("b1")).expect("read").expect("there");
        assert_eq!((order.state, order.ambiguous), (State::Unknown, true));
        let taken = theirs.begin_query(&id("b2"), query()).expect("asked");
        assert!(taken.lease.fence() > two.lease.fence());
        // A late refusal changes nothing but its own attempt; a late success is the truth.
        let late = ours.finish(&one.lease, &end(Outcome::Rejected)).expect("noted");
        assert_eq!((late.order.state, late.order.ambiguous), (State::Unknown, true));
        let late = ours.finish(&two.lease, &end(Outcome::Sent)).expect("noted");
        assert_eq!((late.order.state, late.late), (State::Sent, true));
        let attempts = theirs.attempts(&id("b1")).expect("read");
        assert!(attempts[0].late);
        let told = theirs.finish_query(&taken.lease, &told(Told::NotFound)).expect("told");
        assert_eq!(told.order.state, State::Sent);
    });
}

#[test]
fn recovery_explains_every_abandoned_order_once() {
    both(|place| {
        let dead = place.open();
        for number in 0..20 {
            dead.prepare(&new_order(&format!("b{number}"))).expect("prepared");
            dead.begin(&id(&format!("b{number}")), &begin_for(Duration::from_millis(50))).expect("begun");
        }
        drop(dead);
        std::thread::sleep(Duration::from_millis(120));
        let claim = Claim { work: Work::Recover, mch_id: None, limit: 3, lease: LEASE };
        let found: Vec<String> = std::thread::scope(|scope| {
            let recovering = || {
                let journal = place.open();
                let mut found = Vec::new();
                loop {
                    let held = journal.claim(&claim).expect("claimed");
                    if held.is_empty() {
                        return found;
                    }
                    for held in held {
                        assert_eq!((held.order.state, held.order.ambiguous), (State::Unknown, true));
                        journal.finish_query(&held.lease, &status(OrderStatus::Sent)).expect("told");
                        found.push(held.order.id.mch_billno);
                    }
                }
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(recovering)).collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
        });
        let distinct: std::collections::BTreeSet<_> = found.iter().collect();
        assert!(distinct.len() == found.len() || place.engine == "postgresql", "{found:?}");
        let journal = place.open();
        // SKIP LOCKED may end a worker early; what is left is left for the next.
        while let Some(held) = journal.claim(&claim).expect("claimed").pop() {
            journal.finish_query(&held.lease, &status(OrderStatus::Sent)).expect("told");
        }
        let list = List { state: Some(State::Sent), limit: 100, ..List::default() };
        assert_eq!(journal.list(&list).expect("listed").len(), 20);
        let reconcile = Claim { work: Work::Reconcile, limit: 100, ..claim };
        assert!(journal.claim(&reconcile).expect("claimed").is_empty(), "not due before 24 hours");
        place.pass(2 * DAY);
        let due = journal.claim(&reconcile).expect("claimed");
        assert_eq!(due.len(), 20);
        let order = journal.finish_query(&due[0].lease, &status(OrderStatus::Received)).expect("told").order;
        assert_eq!(order.state, State::Received);
        let order = journal.finish_query(&due[1].lease, &status(OrderStatus::Refunding)).expect("told").order;
        assert_eq!(order.state, State::Refunding);
    });
}

#[test]
fn an_ambiguous_order_stays_with_its_host() {
    both(|place| {
        let journal = place.open();
        journal.prepare(&new_order("b1")).expect("prepared");
        let backup = Begin { host: "api2.mch.weixin.qq.com".into(), ..begin() };
        let held = journal.begin(&id("b1"), &backup).expect("begun");
        journal.finish(&held.lease, &end(Outcome::Pending)).expect("finished");
        place.pass(Duration::from_secs(2));
        match refusal(journal.begin(&id("b1"), &begin())) {
            Refusal::OtherHost { host, .. } => assert_eq!(host, backup.host),
            other => panic!("{other:?}"),
        }
        let anywhere = Begin { any_host: true, ..begin() };
        let held = journal.begin(&id("b1"), &anywhere).expect("asked for");
        let order = journal.finish(&held.lease, &end(Outcome::NotSent)).expect("finished").order;
        assert_eq!(order.ambiguous_host.as_deref(), Some(&*backup.host));
    });
}
