//! The interface over any engine: each operation is a rule, run by the engine's store.

use std::sync::Arc;
use std::time::Duration;

use super::Journal;
use super::boot;
use super::error::JournalError;
use super::input::{AttemptEnd, Begin, BeginQuery, Claim, Evidence, List, NewOrder, Pause, QueryEnd, Turn};
use super::lease::Lease;
use super::moment::{Moment, millis};
use super::order::{AttemptRow, Decision, Fields, Order, OrderId, Purpose};
use super::reply::{Finished, Held, Prepared, Refusal, Restore};
use super::rules;
use super::store::{Rule, Step, Stepped, Store};

/// A store with the rules on top.
pub(super) struct Engine<S>(pub S);

fn step(id: &OrderId, rule: Rule) -> Step {
    Step { id: id.clone(), intent: None, attempt: None, resolved: false, spent_of: None, rule }
}

/// `asked_ms` was read before the journal was asked, so the lease ends here before it ends there.
fn held(order: Order, asked_ms: i64, lease: Duration, purpose: Purpose) -> Held {
    let lease = Lease {
        id: order.id.clone(),
        fence: order.fence,
        purpose,
        expires_ms: asked_ms.saturating_add(millis(lease)),
        process: std::process::id(),
    };
    Held { order, lease }
}

fn wrong_purpose() -> JournalError {
    Refusal::Invalid { field: "lease".into(), rule: "is for the other purpose" }.into()
}

impl<S: Store> Engine<S> {
    fn finished(&self, lease: &Lease, purpose: Purpose, rule: Rule) -> Result<Finished, JournalError> {
        if lease.purpose != purpose {
            return Err(wrong_purpose());
        }
        let attempt = (purpose == Purpose::Attempt).then_some(lease.fence);
        let resolved = purpose == Purpose::Query;
        let Stepped { order, wrote } = self.0.step(&Step { attempt, resolved, ..step(&lease.id, rule) })?;
        // A repeated end changes nothing and is not late; an end under an old fence is.
        let late = order.fence != lease.fence || (!wrote && purpose == Purpose::Query);
        Ok(Finished { order, late })
    }
}

impl<S: Store> Journal for Engine<S> {
    fn prepare(&self, new: &NewOrder) -> Result<Prepared, JournalError> {
        let rule = {
            let new = new.clone();
            Arc::new(move |seen: &_| rules::prepare(seen, &new))
        };
        let id = OrderId::new(new.mch_id.clone(), new.number.as_str());
        let step = Step { intent: new.intent.clone(), ..step(&id, rule) };
        let Stepped { order, wrote } = self.0.step(&step)?;
        let names =
            order.fields.keys().chain(new.fields.keys().filter(|name| !order.fields.contains_key(*name)));
        let differs = names
            .filter(|name| *name != "client_ip" && order.fields.get(*name) != new.fields.get(*name))
            .cloned()
            .collect();
        // A row that is written for the first time has this revision; adopting an intent key makes a later one.
        Ok(Prepared { created: wrote && order.rev == 1, order, differs })
    }

    fn amend(&self, id: &OrderId, fields: &Fields) -> Result<Order, JournalError> {
        let fields = fields.clone();
        let rule = Arc::new(move |seen: &_| rules::amend(seen, &fields));
        Ok(self.0.step(&step(id, rule))?.order)
    }

    fn begin(&self, id: &OrderId, begin: &Begin) -> Result<Held, JournalError> {
        let asked = boot::now_ms();
        let caps = begin.caps != super::Caps::default();
        let spent_of = if caps { self.0.order(id)?.map(|order| order.identity.re_openid) } else { None };
        let rule = {
            let begin = begin.clone();
            Arc::new(move |seen: &_| rules::begin(seen, &begin))
        };
        let stepped = self.0.step(&Step { spent_of, ..step(id, rule) })?;
        Ok(held(stepped.order, asked, begin.lease, Purpose::Attempt))
    }

    fn finish(&self, lease: &Lease, end: &AttemptEnd) -> Result<Finished, JournalError> {
        let (fence, end) = (lease.fence, end.clone());
        self.finished(lease, Purpose::Attempt, Arc::new(move |seen: &_| rules::finish(seen, fence, &end)))
    }

    fn begin_query(&self, id: &OrderId, query: BeginQuery) -> Result<Held, JournalError> {
        let asked = boot::now_ms();
        let rule = Arc::new(move |seen: &_| rules::begin_query(seen, query));
        let stepped = self.0.step(&step(id, rule))?;
        Ok(held(stepped.order, asked, query.lease, Purpose::Query))
    }

    fn finish_query(&self, lease: &Lease, end: &QueryEnd) -> Result<Finished, JournalError> {
        let (fence, end) = (lease.fence, end.clone());
        let rule = Arc::new(move |seen: &_| rules::finish_query(seen, fence, &end));
        self.finished(lease, Purpose::Query, rule)
    }

    fn close(&self, id: &OrderId) -> Result<Order, JournalError> {
        Ok(self.0.step(&step(id, Arc::new(rules::close)))?.order)
    }

    fn resolve(
        &self,
        id: &OrderId,
        evidence: &Evidence,
        who: &str,
        why: &str,
    ) -> Result<Order, JournalError> {
        let (evidence, who, why) = (evidence.clone(), who.to_owned(), why.to_owned());
        let rule = Arc::new(move |seen: &_| rules::resolve(seen, &evidence, &who, &why));
        Ok(self.0.step(&step(id, rule))?.order)
    }

    fn claim(&self, claim: &Claim) -> Result<Vec<Held>, JournalError> {
        let asked = boot::now_ms();
        let query = BeginQuery { lease: claim.lease, early: false };
        let rule: Rule = Arc::new(move |seen: &_| rules::begin_query(seen, query));
        let orders = self.0.claim(claim, &rule)?;
        Ok(orders.into_iter().map(|order| held(order, asked, claim.lease, Purpose::Query)).collect())
    }

    fn order(&self, id: &OrderId) -> Result<Option<Order>, JournalError> {
        self.0.order(id)
    }

    fn order_of_intent(&self, mch_id: &str, intent: &str) -> Result<Option<Order>, JournalError> {
        self.0.order_of_intent(mch_id, intent)
    }

    fn attempts(&self, id: &OrderId) -> Result<Vec<AttemptRow>, JournalError> {
        self.0.attempts(id)
    }

    fn decisions(&self, id: &OrderId) -> Result<Vec<Decision>, JournalError> {
        self.0.decisions(id)
    }

    fn list(&self, list: &List) -> Result<Vec<Order>, JournalError> {
        self.0.list(list)
    }

    fn turn(&self, mch_id: &str, per_second: u32, most: Duration) -> Result<Turn, JournalError> {
        let interval = Duration::from_secs(1) / per_second.max(1);
        self.0.turn(mch_id, interval, most)
    }

    fn pause(&self, mch_id: &str, length: Option<Duration>, reason: &str) -> Result<(), JournalError> {
        self.0.set_pause(mch_id, Some((length, reason.to_owned())))
    }

    fn resume(&self, mch_id: &str) -> Result<(), JournalError> {
        self.0.set_pause(mch_id, None)
    }

    fn paused(&self, mch_id: &str) -> Result<Option<Pause>, JournalError> {
        self.0.pause(mch_id)
    }

    fn spent_today(&self, mch_id: &str, re_openid: Option<&str>) -> Result<crate::Fen, JournalError> {
        Ok(crate::Fen(self.0.spent(mch_id, None, re_openid.unwrap_or_default())?))
    }

    fn restore(&self) -> Result<Option<Restore>, JournalError> {
        self.0.restore()
    }

    fn accept_restore(&self, who: &str, why: &str) -> Result<(), JournalError> {
        if who.trim().is_empty() || why.trim().is_empty() {
            return Err(Refusal::Invalid { field: "who and why".into(), rule: "must be given" }.into());
        }
        self.0.accept_restore(who, why)
    }

    fn now(&self) -> Result<Moment, JournalError> {
        self.0.now()
    }
}
