//! Opening the database: schema, what it must be able to do, and whether it is an old copy.

use std::path::Path;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};

use postgres::GenericClient;

use super::super::Journal;
use super::super::engine::Engine;
use super::super::error::{JournalError, JournalErrorKind};
use super::super::guard::{Guard, Mark, suspicion};
use super::super::name;
use super::super::open::{Options, take_parameter};
use super::super::row::corrupt;
use super::connect::Target;
use super::pool::Pool;
use super::schema::{self, NOW_MS};
use super::storage;
use super::store::{Opened, Postgresql};

pub(in super::super) fn open(url: &str, options: &Options) -> Result<Arc<dyn Journal>, JournalError> {
    let (url, guard) = take_parameter(url, "guard");
    let place = Place { target: Target::parse(&url)?, guard, options: options.clone() };
    Ok(Arc::new(Engine(Postgresql::new(&place)?)))
}

/// Where everything is.
#[derive(Clone)]
pub(super) struct Place {
    pub target: Target,
    pub guard: Option<String>,
    pub options: Options,
}

impl Place {
    pub fn open(&self) -> Result<Opened, JournalError> {
        let mut client = self.target.connect()?;
        schema::migrate(&mut client, &name::random("journal")?)?;
        schema::probe(&mut client)?;
        let guard_error = |error: std::io::Error| {
            JournalError::new(JournalErrorKind::Storage, format!("the restore guard: {error}"))
        };
        let place = schema::place(&mut client);
        // One at a time: a second one that judged by what the first has not yet written would find the same old
        // copy again, and disturb those who have begun to ask about its orders.
        let mut opening = client.transaction().map_err(storage)?;
        opening.query_one("SELECT journal FROM redpack_meta FOR UPDATE", &[]).map_err(storage)?;
        // Before the database is looked at: a guard never knows more than the database that it belongs to.
        let mut guard = self.guard.as_ref().map(|path| Guard::new(Path::new(path)));
        let remembered = match &mut guard {
            Some(guard) => guard.read().map_err(guard_error)?,
            None => None,
        };
        let row = opening
            .query_one(
                "SELECT journal, place, nextval('redpack_fence'), greatest(0, (SELECT max(fence) FROM
                     redpack_attempts), (SELECT max(fence) FROM redpack_marks)) FROM redpack_meta",
                &[],
            )
            .map_err(storage)?;
        let journal: String = row.try_get(0).map_err(storage)?;
        let stored: String = row.try_get(1).map_err(storage)?;
        let given: i64 = row.try_get(2).map_err(storage)?;
        let high: i64 = row.try_get(3).map_err(storage)?;
        let mut mark = Mark { journal, place: place.clone(), high };
        let moved = (!stored.is_empty() && stored != place)
            .then(|| format!("the database is not the one that it was: {stored}; now {place}"));
        // A guard that is new on this host has nothing to say.
        let guarded = remembered.as_ref().and_then(|_| suspicion(&mark, remembered.as_ref(), true));
        if let Some(evidence) = moved.or(guarded) {
            let beyond = remembered.as_ref().map_or(0, |mark| mark.high);
            mark.high = suspect(&mut opening, &evidence, beyond, self.options.clock_shift())?;
        }
        if stored != place {
            opening.execute("UPDATE redpack_meta SET place = $1", &[&place]).map_err(storage)?;
        }
        if let Some(guard) = &mut guard {
            guard.write(&mark).map_err(guard_error)?;
        }
        opening.commit().map_err(storage)?;
        Ok(Opened {
            owner: name::random("owner")?,
            pool: Pool::new(self.target.clone(), client),
            guard: guard.map(Mutex::new),
            high: AtomicI64::new(given.max(mark.high)),
            mark,
            place: self.clone(),
        })
    }
}

/// No lease lasts longer; one that seems to was given by a clock that was wrong.
const LONGEST_LEASE_MS: i64 = 12 * 3_600_000;

/// Every order whose money question is open may have been attempted, closed or paid since the copy was made:
/// the service must be asked first. Returns a fence higher than any that was ever given.
///
/// Who holds an order now goes on holding it, for what is left of the lease: another host may have opened the
/// same copy before, and be in the middle of a query. A lease of the past that the copy brought along ends soon.
pub(super) fn suspect(
    client: &mut impl GenericClient,
    evidence: &str,
    beyond: i64,
    shift: i64,
) -> Result<i64, JournalError> {
    log::error!(target: "redpack", "the journal may be an old copy: {evidence}; open orders are queried first");
    let mut transaction = client.transaction().map_err(storage)?;
    let sql = format!("UPDATE redpack_meta SET restored_at = {NOW_MS} + $1, restored_by = $2");
    transaction.execute(&sql, &[&shift, &evidence]).map_err(storage)?;
    let held = format!("holder_until > {NOW_MS} AND holder_until < {NOW_MS} + {LONGEST_LEASE_MS}");
    let sql = format!(
        "UPDATE redpack_orders SET state = 'unknown', state_before = state, ambiguous = 1, suspect = 1, may_attempt = 0,
             advice = 'query_first', holder = CASE WHEN {held} THEN holder END,
             holder_purpose = CASE WHEN {held} THEN holder_purpose END,
             holder_until = CASE WHEN {held} THEN holder_until END,
             holder_boot = CASE WHEN {held} THEN holder_boot END, not_before = NULL,
             first_attempt_at = coalesce(first_attempt_at, created_at), rev = rev + 1
         WHERE state IN ('prepared', 'sending', 'rejected', 'pending', 'unknown') AND failed = 0"
    );
    transaction.execute(&sql, &[]).map_err(storage)?;
    let beyond = if beyond == i64::MAX { 0 } else { beyond };
    let row = transaction
        .query_one(
            "SELECT setval('redpack_fence', greatest($1::bigint, nextval('redpack_fence')) + 1000)",
            &[&beyond],
        )
        .map_err(storage)?;
    let fence: i64 = row.try_get(0).map_err(storage)?;
    transaction.execute("INSERT INTO redpack_marks VALUES ($1)", &[&fence]).map_err(storage)?;
    transaction.commit().map_err(storage)?;
    if fence <= 0 { Err(corrupt("a fence that is not a number")) } else { Ok(fence) }
}
