//! The engine's operations.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::super::error::{JournalError, JournalErrorKind};
use super::super::fault::{Fault, Point};
use super::super::guard::{Guard, Mark};
use super::super::input::{Claim, List, Pause, Turn};
use super::super::moment::{Moment, millis};
use super::super::order::{AttemptRow, Decision, Order, OrderId};
use super::super::reply::Restore;
use super::super::store::{Decided, Rule, Seen, Step, Stepped, Store, Write};
use super::open::{Place, suspect};
use super::pool::{Pool, Session};
use super::rows::{self, ORDER};
use super::schema::NOW_MS;
use super::write::{Written, commit};
use super::{claim, is_ambiguous, storage};
use crate::process::{Owned, PerProcess};

/// What belongs to one process.
pub(super) struct Opened {
    pub owner: String,
    pub pool: Pool,
    pub guard: Option<Mutex<Guard>>,
    pub mark: Mark,
    /// The highest fence that this process has seen: a lower one means that the database went back in time.
    pub high: AtomicI64,
    pub place: Place,
}

pub(super) struct Postgresql {
    current: PerProcess<Opened>,
}

/// How often a row may change under us before we give up.
const TRIES: usize = 50;
/// How often, and after which pause each, a write of unknown result is looked up.
const READ_BACKS: [u64; 5] = [0, 100, 400, 1000, 2000];

fn ambiguous(why: &str) -> JournalError {
    JournalError::new(JournalErrorKind::Ambiguous, format!("a commit's result is unknown: {why}"))
}

fn planned(fault: Fault) -> JournalError {
    match fault {
        Fault::Fails => JournalError::new(JournalErrorKind::Storage, "the storage failed, by plan"),
        Fault::Dies => JournalError::new(JournalErrorKind::Unavailable, "the process was killed, by plan"),
    }
}

impl Postgresql {
    pub fn new(place: &Place) -> Result<Self, JournalError> {
        Ok(Self { current: PerProcess::new(place.open()?) })
    }

    /// What belongs to this process. A child leaves its parent's connections alone for ever.
    fn opened(&self) -> Result<Arc<Owned<Opened>>, JournalError> {
        self.current.own(|parents| parents.place.open())
    }

    fn with<T>(&self, run: impl FnOnce(&mut Session) -> Result<T, JournalError>) -> Result<T, JournalError> {
        self.opened()?.pool.with(run)
    }
}

impl Opened {
    fn shift(&self) -> i64 {
        self.place.options.clock_shift()
    }

    /// One try of a step; `None`: the row changed, try again.
    fn try_step(&self, step: &Step) -> Result<Option<Stepped>, JournalError> {
        let known = self.high.load(Ordering::SeqCst);
        let seen = self.pool.with(|session| rows::seen(session, step, &self.owner, self.shift()))?;
        self.notice_fence(known, seen.fence)?;
        let write = match (step.rule)(&seen) {
            Decided::Keep(order) => return Ok(Some(Stepped { order: *order, wrote: false })),
            Decided::Refuse(refusal) => return Err(refusal.into()),
            Decided::Write(write) => *write,
        };
        let faults = &self.place.options.faults;
        if let Some(fault) = faults.at(Point::BeforeWrite) {
            return Err(planned(fault));
        }
        let mut order = write.order.clone();
        order.updated_at = seen.now;
        order.rev += 1;
        let mut doubt = None;
        let written = self.pool.with(|session| {
            commit(session, &seen, &write, &mut order, faults).or_else(|error| {
                if error.code() == Some(&postgres::error::SqlState::UNIQUE_VIOLATION) {
                    // Somebody else gave the intent key to an order meanwhile: look again.
                    return Ok(Written::Changed);
                }
                session.spoiled = true;
                if !is_ambiguous(&error) {
                    return Err(storage(error));
                }
                doubt = Some(storage(error));
                Ok(Written::Changed)
            })
        });
        let there = match (written?, doubt) {
            (_, Some(error)) => self.read_back(&seen, &order, error.message())?,
            (Written::Yes, None) => true,
            (Written::Changed, None) => false,
            (Written::Planned(Fault::Fails, Point::AfterCommit), None) => {
                self.read_back(&seen, &order, "planned")?
            }
            (Written::Planned(fault, _), None) => return Err(planned(fault)),
        };
        if !there {
            return Ok(None);
        }
        self.guard(&write, seen.fence)?;
        match faults.at(Point::BeforeReturn) {
            Some(Fault::Fails) => return Err(ambiguous("committed, then the storage failed, by plan")),
            Some(fault) => return Err(planned(fault)),
            None => {}
        }
        match write.refusal {
            Some(refusal) => Err(refusal.into()),
            None => Ok(Some(Stepped { order, wrote: true })),
        }
    }

    /// Sequences don't go back, unless the whole database does.
    fn notice_fence(&self, known: i64, fence: i64) -> Result<(), JournalError> {
        if fence > known {
            self.high.fetch_max(fence, Ordering::SeqCst);
            return Ok(());
        }
        let evidence = format!("the database gave lease {fence} after lease {known}: it went back in time");
        let shift = self.shift();
        let high = self.pool.with(|session| suspect(&mut session.client, &evidence, known, shift))?;
        self.high.fetch_max(high, Ordering::SeqCst);
        Err(JournalError::new(JournalErrorKind::Replaced, evidence))
    }

    fn guard(&self, write: &Write, fence: i64) -> Result<(), JournalError> {
        let Some(guard) = self.guard.as_ref().filter(|_| write.guarded) else { return Ok(()) };
        let mut guard = guard.lock().unwrap_or_else(PoisonError::into_inner);
        guard
            .write(&Mark { high: fence, ..self.mark.clone() })
            .map_err(|error| ambiguous(&format!("committed, but the restore guard failed: {error}")))
    }

    /// Finds out whether a write is there. First makes sure that it can't come later: the old connection's
    /// server process may still be at it, and its condition on `rev` must fail then.
    fn read_back(&self, seen: &Seen, order: &Order, why: &str) -> Result<bool, JournalError> {
        let mut last = ambiguous(why);
        for pause in READ_BACKS {
            std::thread::sleep(Duration::from_millis(pause));
            match self.pool.with(|session| look_up(session, seen, order)) {
                Ok(Some(there)) => return Ok(there),
                Ok(None) => return Err(ambiguous(why)),
                Err(error) => last = ambiguous(error.message()),
            }
        }
        Err(last)
    }
}

/// `None`: others have written since, so it can't be told.
fn look_up(session: &mut Session, seen: &Seen, order: &Order) -> Result<Option<bool>, JournalError> {
    if let Some(before) = &seen.order {
        let sql = "UPDATE redpack_orders SET rev = rev + 1 WHERE seq = $1 AND rev = $2";
        if session.execute(sql, &[&before.seq, &before.rev]).map_err(storage)? == 1 {
            return Ok(Some(false));
        }
    }
    let sql = "SELECT rev, stamp FROM redpack_orders WHERE mch_id = $1 AND mch_billno = $2";
    let rows = session.query(sql, &[&order.id.mch_id, &order.id.mch_billno]).map_err(storage)?;
    // An insert that isn't there may still come: trying again meets it.
    let Some(row) = rows.first() else { return Ok(Some(false)) };
    let (rev, stamp): (i64, i64) = (row.try_get(0).map_err(storage)?, row.try_get(1).map_err(storage)?);
    Ok(if stamp == seen.fence {
        Some(true)
    } else if seen.order.is_none() || rev <= order.rev {
        Some(false)
    } else {
        None
    })
}

impl Store for Postgresql {
    fn step(&self, step: &Step) -> Result<Stepped, JournalError> {
        let opened = self.opened()?;
        for _ in 0..TRIES {
            if let Some(stepped) = opened.try_step(step)? {
                return Ok(stepped);
            }
        }
        Err(JournalError::new(JournalErrorKind::Unavailable, "the order keeps changing under us"))
    }

    fn claim(&self, claim: &Claim, rule: &Rule) -> Result<Vec<Order>, JournalError> {
        let opened = self.opened()?;
        let shift = opened.shift();
        opened.pool.with(|session| claim::claim(session, claim, rule, &opened.owner, shift))
    }

    fn order(&self, id: &OrderId) -> Result<Option<Order>, JournalError> {
        self.with(|session| {
            let sql =
                format!("SELECT {} FROM redpack_orders o WHERE mch_id = $1 AND mch_billno = $2", *ORDER);
            let found = session.query(&sql, &[&id.mch_id, &id.mch_billno]).map_err(storage)?;
            Ok(found.first().map(|row| rows::order(row, 0)).transpose()?.flatten())
        })
    }

    fn order_of_intent(&self, mch_id: &str, intent: &str) -> Result<Option<Order>, JournalError> {
        self.with(|session| {
            let sql = format!("SELECT {} FROM redpack_orders o WHERE mch_id = $1 AND intent = $2", *ORDER);
            let found = session.query(&sql, &[&mch_id, &intent]).map_err(storage)?;
            Ok(found.first().map(|row| rows::order(row, 0)).transpose()?.flatten())
        })
    }

    fn attempts(&self, id: &OrderId) -> Result<Vec<AttemptRow>, JournalError> {
        self.with(|session| {
            let condition = "mch_id = $1 AND mch_billno = $2 ORDER BY fence";
            rows::attempts(session, condition, &[&id.mch_id, &id.mch_billno])
        })
    }

    fn decisions(&self, id: &OrderId) -> Result<Vec<Decision>, JournalError> {
        self.with(|session| rows::decisions(session, id))
    }

    fn list(&self, list: &List) -> Result<Vec<Order>, JournalError> {
        self.with(|session| {
            let sql = format!(
                "SELECT {} FROM redpack_orders o WHERE seq > $1 AND ($2::text IS NULL OR mch_id = $2)
                     AND ($3::text IS NULL OR state = $3) ORDER BY seq LIMIT $4",
                *ORDER
            );
            let state = list.state.map(super::super::State::as_str);
            let limit = i64::from(list.limit);
            let found = session.query(&sql, &[&list.after, &list.mch_id, &state, &limit]).map_err(storage)?;
            found.iter().filter_map(|row| rows::order(row, 0).transpose()).collect()
        })
    }

    fn turn(&self, mch_id: &str, interval: Duration, most: Duration) -> Result<Turn, JournalError> {
        self.with(|session| claim::turn(session, mch_id, interval, most))
    }

    fn set_pause(&self, mch_id: &str, pause: Option<(Option<Duration>, String)>) -> Result<(), JournalError> {
        let shift = self.opened()?.shift();
        self.with(|session| {
            let sql = format!(
                "INSERT INTO redpack_merchants (mch_id, paused, paused_until, reason)
                     VALUES ($1, $2, {NOW_MS} + $3::bigint, $4)
                 ON CONFLICT (mch_id) DO UPDATE SET paused = excluded.paused,
                     paused_until = excluded.paused_until, reason = excluded.reason"
            );
            let paused = i64::from(pause.is_some());
            let length = pause.as_ref().and_then(|(length, _)| length.map(|length| millis(length) + shift));
            let reason = pause.as_ref().map(|(_, reason)| reason);
            session.execute(&sql, &[&mch_id, &paused, &length, &reason]).map_err(storage).map(drop)
        })
    }

    fn pause(&self, mch_id: &str) -> Result<Option<Pause>, JournalError> {
        let now = self.now()?;
        self.with(|session| {
            let sql = "SELECT paused_until, reason FROM redpack_merchants WHERE mch_id = $1 AND paused = 1";
            let found = session.query(sql, &[&mch_id]).map_err(storage)?;
            let Some(row) = found.first() else { return Ok(None) };
            let until = row.try_get::<_, Option<i64>>(0).map_err(storage)?.map(Moment);
            let reason = row.try_get::<_, Option<String>>(1).map_err(storage)?.unwrap_or_default();
            Ok(Some(Pause { until, reason }).filter(|_| until.is_none_or(|until| until > now)))
        })
    }

    fn spent(&self, mch_id: &str, day: Option<&str>, openid: &str) -> Result<u64, JournalError> {
        let today = self.now()?.beijing_day();
        self.with(|session| rows::spent(session, mch_id, day.unwrap_or(&today), openid))
    }

    fn restore(&self) -> Result<Option<Restore>, JournalError> {
        self.with(|session| {
            let found =
                session.query("SELECT restored_at, restored_by FROM redpack_meta", &[]).map_err(storage)?;
            let Some(row) = found.first() else { return Ok(None) };
            let at = row.try_get::<_, Option<i64>>(0).map_err(storage)?;
            let evidence = row.try_get::<_, Option<String>>(1).map_err(storage)?.unwrap_or_default();
            Ok(at.map(|at| Restore { at: Moment(at), evidence }))
        })
    }

    fn accept_restore(&self, who: &str, why: &str) -> Result<(), JournalError> {
        let shift = self.opened()?.shift();
        self.with(|session| {
            let sql = format!(
                "WITH before AS (SELECT restored_by FROM redpack_meta WHERE restored_at IS NOT NULL FOR UPDATE),
                 cleared AS (UPDATE redpack_meta SET restored_at = NULL, restored_by = NULL FROM before)
                 INSERT INTO redpack_decisions (mch_id, mch_billno, at, who, why, evidence, state_before)
                 SELECT '', '', {NOW_MS} + $1, $2, $3, coalesce(restored_by, ''), 'restored' FROM before"
            );
            session.execute(&sql, &[&shift, &who, &why]).map_err(storage).map(drop)
        })
    }

    fn now(&self) -> Result<Moment, JournalError> {
        let shift = self.opened()?.shift();
        self.with(|session| {
            let found = session.query(&format!("SELECT {NOW_MS}"), &[]).map_err(storage)?;
            let now = found.first().map(|row| row.try_get::<_, i64>(0)).transpose().map_err(storage)?;
            Ok(Moment(now.unwrap_or(0).saturating_add(shift)))
        })
    }
}
