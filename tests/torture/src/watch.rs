//! A worker's journal as the torture watches it: it stops its own process where a lease is worth most, right
//! after it was given and right before its outcome is written, and notes what a stale holder did then.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redpack::journal::{
    AttemptEnd, AttemptRow, Begin, BeginQuery, Claim, Decision, Evidence, Fields, Finished, Held, Journal,
    JournalError, Lease, List, Moment, NewOrder, Order, OrderId, Pause, Prepared, Purpose, QueryEnd, Restore,
    State, Told, Turn,
};
use redpack::{Fen, Outcome};
use rustix::process::{Signal, getpid, kill_process};
use rustix::time::{ClockId, clock_gettime};

use crate::chance::Chance;
use crate::driver::Claims;

/// How often, of a thousand leases, the process stops itself while it holds one: as often after it was given
/// as before the outcome is written.
const STOPS: u64 = 25;

/// The journal, watched.
pub struct Watched {
    inner: Arc<dyn Journal>,
    claims: Claims,
    /// Where a process says that it stops itself, so that the parent lets it go on.
    stops: PathBuf,
    chance: Mutex<Chance>,
    /// The fence of the lease that had ended before anything could be sent under it.
    stale: AtomicU64,
}

/// The clock that leases go by.
fn boot_ms() -> i64 {
    let time = clock_gettime(ClockId::Boottime);
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

fn unsigned(fence: i64) -> u64 {
    fence.unsigned_abs()
}

impl Watched {
    /// Watches a journal.
    pub fn new(inner: Arc<dyn Journal>, claims: Claims, stops: PathBuf, chance: Chance) -> Self {
        Self { inner, claims, stops, chance: Mutex::new(chance), stale: AtomicU64::new(0) }
    }

    /// Stops this process now and then. Tells whether it did.
    fn stop(&self) -> bool {
        if !self.chance.lock().unwrap_or_else(PoisonError::into_inner).permille(STOPS) {
            return false;
        }
        let told = std::fs::write(self.stops.join(std::process::id().to_string()), "");
        // Nobody would wake up whom the parent doesn't know to be asleep.
        told.is_ok() && kill_process(getpid(), Signal::STOP).is_ok()
    }

    /// A lease was given, at some time from `asked` to now.
    fn began(&self, held: &Held) {
        let (lease, now) = (&held.lease, boot_ms());
        // Given, and over before it could be used: nothing tells any more when it ended.
        if !lease.is_valid() {
            self.stale.store(unsigned(lease.fence()), Ordering::SeqCst);
            return;
        }
        let ends = now.saturating_add(i64::try_from(lease.left().as_millis()).unwrap_or(0));
        let about = &lease.id().mch_billno;
        self.claims.note("begun", &format!("{about} {} {now} {ends} {}", lease.fence(), std::process::id()));
        // From here to the first byte nothing but the lease's own end holds a stale holder back.
        if self.stop() && !lease.is_valid() {
            self.stale.store(unsigned(lease.fence()), Ordering::SeqCst);
        }
    }

    /// The holder is done with its attempt or query, and is going to say so.
    fn ending(&self, lease: &Lease, silent: bool) -> Option<Order> {
        let about = &lease.id().mch_billno;
        let fence = lease.fence();
        self.claims.note("ended", &format!("{about} {fence} {}", boot_ms()));
        if self.stale.load(Ordering::SeqCst) == unsigned(fence) && !silent {
            self.claims.note("sent-late", &format!("{about} {fence}"));
        }
        self.stop();
        if lease.is_valid() { None } else { self.inner.order(lease.id()).ok().flatten() }
    }

    /// What a stale holder's word did to an order that others had taken over: if nobody wrote between our
    /// look and our word, each difference is ours, and only `sent` may make one.
    fn ended(&self, lease: &Lease, before: Option<Order>, after: &Order) {
        let Some(before) = before else { return };
        let in_flight = before.state == State::Sending || lease.purpose() == Purpose::Query;
        let taken_over = before.fence != lease.fence() || !in_flight;
        let ours_alone = after.revision() == before.revision() + 1;
        let money = |order: &Order| {
            (order.state, order.ambiguous, order.may_attempt, order.failed, order.holder.is_some())
        };
        if taken_over && ours_alone && money(&before) != money(after) {
            let case = format!("{} {}", lease.id().mch_billno, lease.fence());
            self.claims.note("overwrote", &format!("{case}: {:?} to {:?}", money(&before), money(after)));
        }
    }
}

impl Journal for Watched {
    fn begin(&self, id: &OrderId, begin: &Begin) -> Result<Held, JournalError> {
        let held = self.inner.begin(id, begin)?;
        self.began(&held);
        Ok(held)
    }

    fn finish(&self, lease: &Lease, end: &AttemptEnd) -> Result<Finished, JournalError> {
        let before = self.ending(lease, end.outcome == Outcome::NotSent);
        let finished = self.inner.finish(lease, end)?;
        self.ended(lease, before.filter(|_| end.outcome != Outcome::Sent), &finished.order);
        Ok(finished)
    }

    fn begin_query(&self, id: &OrderId, query: BeginQuery) -> Result<Held, JournalError> {
        let held = self.inner.begin_query(id, query)?;
        self.began(&held);
        Ok(held)
    }

    fn finish_query(&self, lease: &Lease, end: &QueryEnd) -> Result<Finished, JournalError> {
        let before = self.ending(lease, end.told == Told::Nothing);
        let finished = self.inner.finish_query(lease, end)?;
        self.ended(lease, before, &finished.order);
        Ok(finished)
    }

    fn claim(&self, claim: &Claim) -> Result<Vec<Held>, JournalError> {
        let claimed = self.inner.claim(claim)?;
        for held in &claimed {
            self.began(held);
        }
        Ok(claimed)
    }

    fn prepare(&self, new: &NewOrder) -> Result<Prepared, JournalError> {
        self.inner.prepare(new)
    }

    fn amend(&self, id: &OrderId, fields: &Fields) -> Result<Order, JournalError> {
        self.inner.amend(id, fields)
    }

    fn close(&self, id: &OrderId) -> Result<Order, JournalError> {
        self.inner.close(id)
    }

    fn resolve(
        &self,
        id: &OrderId,
        evidence: &Evidence,
        who: &str,
        why: &str,
    ) -> Result<Order, JournalError> {
        self.inner.resolve(id, evidence, who, why)
    }

    fn order(&self, id: &OrderId) -> Result<Option<Order>, JournalError> {
        self.inner.order(id)
    }

    fn order_of_intent(&self, mch_id: &str, intent: &str) -> Result<Option<Order>, JournalError> {
        self.inner.order_of_intent(mch_id, intent)
    }

    fn attempts(&self, id: &OrderId) -> Result<Vec<AttemptRow>, JournalError> {
        self.inner.attempts(id)
    }

    fn decisions(&self, id: &OrderId) -> Result<Vec<Decision>, JournalError> {
        self.inner.decisions(id)
    }

    fn list(&self, list: &List) -> Result<Vec<Order>, JournalError> {
        self.inner.list(list)
    }

    fn turn(&self, mch_id: &str, per_second: u32, most: Duration) -> Result<Turn, JournalError> {
        self.inner.turn(mch_id, per_second, most)
    }

    fn pause(&self, mch_id: &str, length: Option<Duration>, reason: &str) -> Result<(), JournalError> {
        self.inner.pause(mch_id, length, reason)
    }

    fn resume(&self, mch_id: &str) -> Result<(), JournalError> {
        self.inner.resume(mch_id)
    }

    fn paused(&self, mch_id: &str) -> Result<Option<Pause>, JournalError> {
        self.inner.paused(mch_id)
    }

    fn spent_today(&self, mch_id: &str, re_openid: Option<&str>) -> Result<Fen, JournalError> {
        self.inner.spent_today(mch_id, re_openid)
    }

    fn restore(&self) -> Result<Option<Restore>, JournalError> {
        self.inner.restore()
    }

    fn accept_restore(&self, who: &str, why: &str) -> Result<(), JournalError> {
        self.inner.accept_restore(who, why)
    }

    fn now(&self) -> Result<Moment, JournalError> {
        self.inner.now()
    }
}
