//! The one writing connection of a process, and one transaction of it.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;

use super::super::boot::{self, BootTime};
use super::super::error::{JournalError, JournalErrorKind};
use super::super::fault::{Fault, Point};
use super::super::guard::{Guard, Mark};
use super::super::moment::Moment;
use super::super::open::Options;
use super::super::reply::Restore;
use super::super::row::corrupt;
use super::batch::{Done, Work};
use super::owner::Owners;
use super::{file_identity, storage, wall};

pub(super) struct Writer {
    pub connection: Connection,
    pub path: PathBuf,
    pub guard: Guard,
    /// Name and place of the journal, as the guard knows them.
    pub mark: Mark,
    pub boot: String,
    pub owners: Arc<Owners>,
    pub options: Options,
    /// The fence of the first guarded write that the file itself is known to have, not only its log.
    pub in_file: Option<i64>,
    /// A flush failed: what the system believes to be written may not be on the disk.
    pub doubtful: bool,
    /// The last transaction was undone by a piece of work, not by its commit: it may be run again.
    pub blameless: bool,
    /// A planned fault has "killed" this process.
    pub dead: bool,
}

/// What work sees of the transaction that it is part of.
pub(super) struct Tx<'a> {
    pub connection: &'a Connection,
    pub now: Moment,
    pub boot: BootTime,
    pub fence: i64,
    pub restore: Option<Restore>,
    pub owners: &'a Owners,
    pub options: &'a Options,
    /// Whether anything was written.
    pub wrote: bool,
    /// Whether forgetting this transaction could cost money.
    pub guarded: bool,
}

fn died() -> JournalError {
    JournalError::new(JournalErrorKind::Unavailable, "the process was killed, by plan")
}

fn failed() -> JournalError {
    JournalError::new(JournalErrorKind::Storage, "the storage failed, by plan")
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.dead {
            self.move_log();
        }
    }
}

impl Writer {
    /// Runs work in one transaction; if that fails, each piece alone, so that one can't fail the others.
    pub fn run(&mut self, works: &mut [Work]) -> Vec<Result<Done, JournalError>> {
        match self.transaction(works) {
            Ok(results) => results,
            Err(_) if works.len() > 1 && self.blameless => works
                .iter_mut()
                .flat_map(|work| match self.transaction(std::slice::from_mut(work)) {
                    Ok(results) => results,
                    Err(error) => vec![Err(error)],
                })
                .collect(),
            Err(error) => works.iter().map(|_| Err(error.clone())).collect(),
        }
    }

    fn transaction(&mut self, works: &mut [Work]) -> Result<Vec<Result<Done, JournalError>>, JournalError> {
        self.blameless = false;
        if self.dead {
            return Err(died());
        }
        if file_identity(&self.path) != self.mark.place {
            let message = "the journal's file is not the one that was opened: moved, deleted or replaced";
            return Err(JournalError::new(JournalErrorKind::Replaced, message));
        }
        if self.doubtful {
            self.mend()?;
        }
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(storage)?;
        match self.in_transaction(works) {
            Ok(results) => Ok(results),
            Err(error) => {
                if !self.dead && !self.connection.is_autocommit() {
                    // SQLite may have rolled back by itself; then there is nothing to undo.
                    let _undone = self.connection.execute_batch("ROLLBACK");
                }
                Err(error)
            }
        }
    }

    fn in_transaction(
        &mut self,
        works: &mut [Work],
    ) -> Result<Vec<Result<Done, JournalError>>, JournalError> {
        let (fence, batch, restore) = meta(&self.connection)?;
        let mut tx = Tx {
            connection: &self.connection,
            now: wall(&self.options),
            boot: boot::now(&self.boot),
            fence,
            restore,
            owners: &self.owners,
            options: &self.options,
            wrote: false,
            guarded: false,
        };
        let mut results = Vec::with_capacity(works.len());
        for work in works {
            let result = work(&mut tx);
            match &result {
                Err(error) if error.kind() != JournalErrorKind::Refused => {
                    self.blameless = true;
                    return Err(error.clone());
                }
                _ => results.push(result),
            }
        }
        let (reached, guarded, wrote) = (tx.fence, tx.guarded, tx.wrote);
        if !wrote {
            // Looked at only: nothing to flush.
            self.connection.execute_batch("ROLLBACK").map_err(storage)?;
            return Ok(results);
        }
        let mut statement = self
            .connection
            .prepare_cached("UPDATE meta SET fence = ?1, batch = ?2, writer = ?3")
            .map_err(storage)?;
        statement.execute((reached, batch + 1, &self.owners.id)).map_err(storage)?;
        drop(statement);
        self.fault(Point::BeforeCommit)?;
        let commit = self.connection.execute_batch("COMMIT").map_err(storage);
        if let Err(error) = commit.and_then(|()| self.fault(Point::AfterCommit)) {
            if self.dead {
                return Err(error);
            }
            self.doubtful = true;
            self.read_back(batch + 1, error)?;
        }
        if guarded {
            self.mark.high = reached;
            let mark = self.mark.clone();
            self.guard.write(&mark).map_err(|error| {
                let message = format!("committed, but the restore guard failed: {error}");
                JournalError::new(JournalErrorKind::Ambiguous, message)
            })?;
            if self.in_file.is_none() && self.move_log() {
                self.in_file = Some(reached);
            }
        }
        if let Err(error) = self.fault(Point::BeforeReturn) {
            let message = format!("committed, then: {}", error.message());
            return Err(JournalError::new(JournalErrorKind::Ambiguous, message));
        }
        Ok(results)
    }

    /// Moves what is in the log into the file, as far as nobody reads it. Whoever copies the file without its
    /// log then has a journal that knows of orders and lacks its guard, which is noticed, and not an empty
    /// one, which would pay everything again.
    fn move_log(&self) -> bool {
        let moved = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        });
        // If it fails, what was committed is durable all the same; it is tried again at the next write.
        moved.is_ok_and(|(log, moved)| log >= 0 && log == moved)
    }

    /// A commit that reported an error is looked up, never assumed. If it is there, it is made durable before
    /// it counts: its flush may have failed.
    fn read_back(&mut self, batch: i64, error: JournalError) -> Result<(), JournalError> {
        if !self.connection.is_autocommit() {
            let _undone = self.connection.execute_batch("ROLLBACK");
        }
        let found: Result<(i64, String), _> =
            self.connection
                .query_row("SELECT batch, writer FROM meta", [], |row| Ok((row.get(0)?, row.get(1)?)));
        match found {
            Ok((there, writer)) if there == batch && writer == self.owners.id => self.mend(),
            Ok((there, _)) if there <= batch => Err(error),
            // Others have written since, or nothing can be read.
            Ok(_) | Err(_) => {
                let message = format!("a commit's result is unknown: {}", error.message());
                Err(JournalError::new(JournalErrorKind::Ambiguous, message))
            }
        }
    }

    /// After a failed flush: everything goes to the main file and is flushed there; only then is the journal
    /// trusted again.
    fn mend(&mut self) -> Result<(), JournalError> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy: i64 = self.connection.query_row(sql, [], |row| row.get(0)).map_err(storage)?;
        if busy != 0 {
            let message = "a flush failed before, and others keep the journal from being written anew";
            return Err(JournalError::new(JournalErrorKind::Storage, message));
        }
        self.doubtful = false;
        Ok(())
    }

    fn fault(&mut self, point: Point) -> Result<(), JournalError> {
        match self.options.faults.at(point) {
            None => Ok(()),
            Some(Fault::Fails) => Err(failed()),
            Some(Fault::Dies) => {
                self.dead = true;
                Err(died())
            }
        }
    }
}

impl Tx<'_> {
    /// A planned fault between the steps of a piece of work.
    pub fn fault(&self, point: Point) -> Result<(), JournalError> {
        match self.options.faults.at(point) {
            None => Ok(()),
            Some(Fault::Fails) => Err(failed()),
            Some(Fault::Dies) => Err(died()),
        }
    }
}

pub(super) fn meta(connection: &Connection) -> Result<(i64, i64, Option<Restore>), JournalError> {
    let mut statement = connection
        .prepare_cached("SELECT fence, batch, restored_at, restored_by FROM meta")
        .map_err(storage)?;
    let (fence, batch, restore) = statement
        .query_row([], |row| {
            let at: Option<i64> = row.get(2)?;
            let evidence: Option<String> = row.get(3)?;
            let restore = at.map(|at| Restore { at: Moment(at), evidence: evidence.unwrap_or_default() });
            Ok((row.get(0)?, row.get(1)?, restore))
        })
        .map_err(storage)?;
    // Both are counted up one by one: neither is ever near the end of its type.
    for (name, number) in [("fence", fence), ("batch", batch)] {
        if !(0..=i64::MAX / 2).contains(&number) {
            return Err(corrupt(&format!("in a column {name} a number that is out of range")));
        }
    }
    Ok((fence, batch, restore))
}
