//! The engine's operations, and what a forked child does first.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::super::error::{JournalError, JournalErrorKind};
use super::super::input::{Claim, List, Pause, Turn, Work as Kind};
use super::super::moment::Moment;
use super::super::order::{AttemptRow, Decision, Order, OrderId};
use super::super::reply::Restore;
use super::super::store::{Rule, Step, Stepped, Store};
use super::batch::{Batcher, Done, Work};
use super::open::{Place, connect};
use super::writer::{Tx, Writer, meta};
use super::{rows, storage, wall};
use crate::process::{Owned, PerProcess};

/// Calls into SQLite under way in this process. A child that finds any at its birth inherits locks in
/// SQLite's memory that nobody will ever release, and must not go near it.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// One call into SQLite.
struct Call;

impl Call {
    fn begin() -> Self {
        UNDER_WAY.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What belongs to one process.
pub(super) struct Opened {
    batcher: Batcher,
    readers: Mutex<Vec<Connection>>,
    place: Place,
    /// Keeps SQLite's log from being taken away under a child, whose SQLite believes that it has its
    /// parent's locks.
    #[allow(dead_code, reason = "held, not used")]
    shared: Option<std::fs::File>,
}

impl Opened {
    pub fn new(writer: Writer, place: Place) -> Self {
        Self { batcher: Batcher::new(writer), readers: Mutex::default(), place, shared: None }
    }
}

pub(super) struct Sqlite {
    current: PerProcess<Opened>,
}

impl Sqlite {
    pub fn new(place: &Place) -> Result<Self, JournalError> {
        let _call = Call::begin();
        Ok(Self { current: PerProcess::new(place.open()?) })
    }

    /// What belongs to this process. A child leaves its parent's connections alone for ever: closing them
    /// would speak to the file in its parent's name.
    fn opened(&self) -> Result<Arc<Owned<Opened>>, JournalError> {
        self.current.own(|parents| {
            if UNDER_WAY.load(Ordering::SeqCst) != 0 {
                let message = "this process was forked while its parent was in the journal; it can't use it";
                return Err(JournalError::new(JournalErrorKind::Forked, message));
            }
            let _call = Call::begin();
            let mut own = parents.place.open()?;
            own.shared = shared_lock(&parents.place)?;
            Ok(own)
        })
    }

    fn run(&self, work: Work) -> Result<Done, JournalError> {
        let opened = self.opened()?;
        let _call = Call::begin();
        opened.batcher.run(work)
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, JournalError>) -> Result<T, JournalError> {
        let opened = self.opened()?;
        let _call = Call::begin();
        let pooled = opened.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => connect(&opened.place.path, false)?,
        };
        let result = read(&connection);
        if result.is_ok() {
            opened.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
        result
    }
}

/// A read lock of this process's own on the whole file, which stands for the one that SQLite's inherited
/// memory wrongly believes to hold.
#[cfg(unix)]
fn shared_lock(place: &Place) -> Result<Option<std::fs::File>, JournalError> {
    let locked = std::fs::File::open(&place.path).and_then(|file| {
        rustix::fs::fcntl_lock(&file, rustix::fs::FlockOperation::NonBlockingLockShared)?;
        Ok(file)
    });
    locked.map(Some).map_err(|error| {
        JournalError::new(JournalErrorKind::Unavailable, format!("the journal's lock: {error}"))
    })
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the same signature on every system")]
fn shared_lock(_place: &Place) -> Result<Option<std::fs::File>, JournalError> {
    Ok(None)
}

fn wrong_result() -> JournalError {
    JournalError::new(JournalErrorKind::Corrupt, "the journal mixed up its results, which is a defect")
}

/// How many waits a merchant's next turn may lie ahead before its clock is believed to be wrong.
const FURTHEST_TURN_MICROS: i64 = 3_600_000_000;

impl Store for Sqlite {
    fn step(&self, step: &Step) -> Result<Stepped, JournalError> {
        let step = step.clone();
        match self.run(Box::new(move |tx| tx.step(&step).map(Box::new).map(Done::Stepped)))? {
            Done::Stepped(stepped) => Ok(*stepped),
            _ => Err(wrong_result()),
        }
    }

    fn claim(&self, claim: &Claim, rule: &Rule) -> Result<Vec<Order>, JournalError> {
        let (claim, rule) = (claim.clone(), std::sync::Arc::clone(rule));
        match self.run(Box::new(move |tx| take_work(tx, &claim, &rule).map(Done::Orders)))? {
            Done::Orders(orders) => Ok(orders),
            _ => Err(wrong_result()),
        }
    }

    fn order(&self, id: &OrderId) -> Result<Option<Order>, JournalError> {
        self.read(|connection| rows::by_id(connection, id))
    }

    fn order_of_intent(&self, mch_id: &str, intent: &str) -> Result<Option<Order>, JournalError> {
        self.read(|connection| rows::by_intent(connection, mch_id, intent))
    }

    fn attempts(&self, id: &OrderId) -> Result<Vec<AttemptRow>, JournalError> {
        self.read(|connection| {
            let condition = "mch_id = ?1 AND mch_billno = ?2 ORDER BY fence";
            rows::attempts(connection, condition, [&id.mch_id, &id.mch_billno])
        })
    }

    fn decisions(&self, id: &OrderId) -> Result<Vec<Decision>, JournalError> {
        self.read(|connection| rows::decisions(connection, id))
    }

    fn list(&self, list: &List) -> Result<Vec<Order>, JournalError> {
        self.read(|connection| {
            let sql = rows::select(
                "seq > ?1 AND (?2 IS NULL OR mch_id = ?2) AND (?3 IS NULL OR state = ?3) ORDER BY seq LIMIT ?4",
            );
            let mut statement = connection.prepare_cached(&sql).map_err(storage)?;
            let state = list.state.map(super::super::State::as_str);
            let mut found =
                statement.query(params![list.after, list.mch_id, state, list.limit]).map_err(storage)?;
            let mut orders = Vec::new();
            while let Some(row) = found.next().map_err(storage)? {
                orders.push(rows::read_order(row)?);
            }
            Ok(orders)
        })
    }

    fn turn(&self, mch_id: &str, interval: Duration, most: Duration) -> Result<Turn, JournalError> {
        let mch_id = mch_id.to_owned();
        match self.run(Box::new(move |tx| take_turn(tx, &mch_id, interval, most).map(Done::Turn)))? {
            Done::Turn(turn) => Ok(turn),
            _ => Err(wrong_result()),
        }
    }

    fn set_pause(&self, mch_id: &str, pause: Option<(Option<Duration>, String)>) -> Result<(), JournalError> {
        let mch_id = mch_id.to_owned();
        self.run(Box::new(move |tx| {
            let until = pause.as_ref().and_then(|(length, _)| length.map(|length| tx.now.after(length).0));
            let reason = pause.as_ref().map(|(_, reason)| reason);
            let sql = "INSERT INTO merchants (mch_id, paused, paused_until, reason) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET paused = excluded.paused, paused_until = excluded.paused_until,
                     reason = excluded.reason";
            tx.connection.execute(sql, params![mch_id, pause.is_some(), until, reason]).map_err(storage)?;
            tx.wrote = true;
            Ok(Done::Nothing)
        }))
        .map(drop)
    }

    fn pause(&self, mch_id: &str) -> Result<Option<Pause>, JournalError> {
        let now = self.now()?;
        self.read(|connection| rows::pause(connection, mch_id, now))
    }

    fn spent(&self, mch_id: &str, day: Option<&str>, openid: &str) -> Result<u64, JournalError> {
        let today = self.now()?.beijing_day();
        self.read(|connection| rows::spent(connection, mch_id, day.unwrap_or(&today), openid))
    }

    fn restore(&self) -> Result<Option<Restore>, JournalError> {
        self.read(|connection| meta(connection).map(|(_, _, restore)| restore))
    }

    fn accept_restore(&self, who: &str, why: &str) -> Result<(), JournalError> {
        let (who, why) = (who.to_owned(), why.to_owned());
        self.run(Box::new(move |tx| {
            let Some(restore) = tx.restore.take() else { return Ok(Done::Nothing) };
            let sql = "INSERT INTO decisions (mch_id, mch_billno, at, who, why, evidence, state_before)
                 VALUES ('', '', ?1, ?2, ?3, ?4, 'restored')";
            tx.connection.execute(sql, params![tx.now.0, who, why, restore.evidence]).map_err(storage)?;
            tx.connection
                .execute("UPDATE meta SET restored_at = NULL, restored_by = NULL", [])
                .map_err(storage)?;
            tx.wrote = true;
            Ok(Done::Nothing)
        }))
        .map(drop)
    }

    fn now(&self) -> Result<Moment, JournalError> {
        Ok(wall(&self.opened()?.place.options))
    }
}

fn take_work(tx: &mut Tx<'_>, claim: &Claim, rule: &Rule) -> Result<Vec<Order>, JournalError> {
    let states = match claim.work {
        Kind::Recover => {
            "(state IN ('sending', 'pending', 'unknown')
              OR (state = 'rejected' AND may_attempt = 0 AND failed = 0))"
        }
        Kind::Reconcile => "state IN ('sent', 'refunding')",
    };
    let sql = rows::select(&format!(
        "{states} AND (?1 IS NULL OR mch_id = ?1) AND (not_before IS NULL OR not_before <= ?2) ORDER BY not_before"
    ));
    let connection = tx.connection;
    let mut statement = connection.prepare_cached(&sql).map_err(storage)?;
    let mut found = statement.query(params![claim.mch_id, tx.now.0]).map_err(storage)?;
    let mut candidates = Vec::new();
    while let Some(row) = found.next().map_err(storage)? {
        let order = rows::read_order(row)?;
        if !tx.is_held(&order) {
            candidates.push(order);
        }
        if candidates.len() >= claim.limit as usize {
            break;
        }
    }
    drop(found);
    let mut orders = Vec::new();
    for order in candidates {
        match tx.claim_one(order, rule) {
            Ok(stepped) => orders.push(stepped.order),
            Err(error) if error.kind() == JournalErrorKind::Refused => {}
            Err(error) => return Err(error),
        }
    }
    // What the horizon made an operator's came out as a query's lease all the same, and may be asked about.
    Ok(orders)
}

fn take_turn(
    tx: &mut Tx<'_>,
    mch_id: &str,
    interval: Duration,
    most: Duration,
) -> Result<Turn, JournalError> {
    let micros = |duration: Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    let now = tx.boot.ms.saturating_mul(1000);
    let sql = "SELECT turn_boot, turn_next FROM merchants WHERE mch_id = ?1";
    let mut statement = tx.connection.prepare_cached(sql).map_err(storage)?;
    let found: Option<(Option<String>, Option<i64>)> =
        statement.query_row([mch_id], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(storage)?;
    let next = match found {
        Some((Some(boot), Some(next)))
            if boot == tx.boot.boot && next.saturating_sub(now) < FURTHEST_TURN_MICROS =>
        {
            next.max(now)
        }
        _ => now,
    };
    let wait = Duration::from_micros(u64::try_from(next - now).unwrap_or(0));
    if wait > most {
        return Ok(Turn::TooFar(wait));
    }
    let sql = "INSERT INTO merchants (mch_id, turn_boot, turn_next) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET turn_boot = excluded.turn_boot, turn_next = excluded.turn_next";
    let mut statement = tx.connection.prepare_cached(sql).map_err(storage)?;
    statement
        .execute(params![mch_id, tx.boot.boot, next.saturating_add(micros(interval))])
        .map_err(storage)?;
    tx.wrote = true;
    Ok(Turn::After(wait))
}
