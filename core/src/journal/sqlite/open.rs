//! Opening the file: its folder of owners, its settings, its schema, and whether it is an old copy.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::super::Journal;
use super::super::boot;
use super::super::engine::Engine;
use super::super::error::{JournalError, JournalErrorKind};
use super::super::guard::{Guard, Mark, suspicion};
use super::super::name;
use super::super::open::{Options, take_parameter};
use super::engine::{Opened, Sqlite};
use super::owner::Owners;
use super::writer::{Writer, meta};
use super::{file_identity, schema, storage, wall};

/// How long to wait for other processes' transactions.
const BUSY: Duration = Duration::from_secs(10);

/// Where everything is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub path: PathBuf,
    pub guard: PathBuf,
    pub options: Options,
}

pub(in super::super) fn open(url: &str, options: &Options) -> Result<Arc<dyn Journal>, JournalError> {
    let (url, guard) = take_parameter(url, "guard");
    let (url, create) = take_parameter(&url, "create");
    let path = url.strip_prefix("sqlite:").unwrap_or_default();
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.contains('?') || path == ":memory:" {
        let message =
            "a SQLite journal's URL is sqlite:PATH, with no parameters but guard=PATH and create=no";
        return Err(JournalError::new(JournalErrorKind::Url, message));
    }
    match create.as_deref() {
        None | Some("yes") => {}
        // An empty file is no journal yet.
        Some("no") if std::fs::metadata(path).is_ok_and(|file| file.len() > 0) => {}
        Some("no") => {
            let message = "there is no journal at that path, and create=no forbids to make one";
            return Err(JournalError::new(JournalErrorKind::Unavailable, message));
        }
        Some(_) => return Err(JournalError::new(JournalErrorKind::Url, "create is yes or no")),
    }
    let beside = |suffix: &str| PathBuf::from(format!("{path}{suffix}"));
    let guard = guard.map_or_else(|| beside(".guard"), PathBuf::from);
    let place = Place { path: PathBuf::from(path), guard, options: options.clone() };
    Ok(Arc::new(Engine(Sqlite::new(&place)?)))
}

fn io_error(what: &str, error: &std::io::Error) -> JournalError {
    JournalError::new(JournalErrorKind::Storage, format!("{what}: {error}"))
}

/// A connection with the journal's settings.
pub(super) fn connect(path: &Path, writes: bool) -> Result<Connection, JournalError> {
    let connection = Connection::open(path).map_err(storage)?;
    connection.busy_timeout(BUSY).map_err(storage)?;
    connection.set_prepared_statement_cache_capacity(64);
    // Deleting the log when the last connection closes would take it from a forked child that has just
    // opened it: its locks are not its parent's.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(storage)?;
    let pragma = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).map_err(storage);
    let mode = pragma("PRAGMA journal_mode = WAL")?;
    if mode != "wal" {
        let message = format!("SQLite's journal mode is {mode} and can't be changed to WAL here");
        return Err(JournalError::new(JournalErrorKind::Unfit, message));
    }
    connection.execute_batch("PRAGMA synchronous = FULL").map_err(storage)?;
    connection.execute_batch("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON").map_err(storage)?;
    if !writes {
        connection.execute_batch("PRAGMA query_only = ON").map_err(storage)?;
    }
    Ok(connection)
}

impl Place {
    /// Opens everything, alone: others who open wait.
    pub fn open(&self) -> Result<Opened, JournalError> {
        let folder = PathBuf::from(format!("{}.owners", self.path.display()));
        // Its own folder only: a path with a slip in it must not become a new, empty journal somewhere else.
        match std::fs::create_dir(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(io_error("the owners' folder", &error));
            }
            _ => {}
        }
        let door = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join("door"));
        let door = door.map_err(|error| io_error("the owners' folder", &error))?;
        door.lock().map_err(|error| io_error("the owners' folder", &error))?;
        let opened = self.open_alone(&folder);
        drop(door);
        opened
    }

    fn open_alone(&self, folder: &Path) -> Result<Opened, JournalError> {
        let owners = Owners::enter(folder).map_err(|error| io_error("the owners' folder", &error))?;
        owners.clear();
        // Before the database is looked at: a guard never knows more than the database that it belongs to.
        let mut guard = Guard::new(&self.guard);
        let remembered = guard.read().map_err(|error| io_error("the restore guard", &error))?;
        let existed = self.path.exists();
        let mut connection = connect(&self.path, true)?;
        schema::migrate(&mut connection, &name::random("journal")?)?;
        if !existed && let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            // A new name in a folder is durable only once the folder is.
            let synced = File::open(folder).and_then(|folder| folder.sync_all());
            synced.map_err(|error| io_error("the journal's folder", &error))?;
        }
        let (fence, _, _) = meta(&connection)?;
        let one = |sql: &str| connection.query_row(sql, [], |row| row.get(0)).map_err(storage);
        let journal: String =
            connection.query_row("SELECT journal FROM meta", [], |row| row.get(0)).map_err(storage)?;
        let orders: i64 = one("SELECT count(*) FROM (SELECT 1 FROM orders LIMIT 1)")?;
        let mut mark = Mark { journal, place: file_identity(&self.path), high: fence };
        if let Some(evidence) = suspicion(&mark, remembered.as_ref(), orders == 0 && fence == 0) {
            let beyond =
                remembered.as_ref().map_or(0, |mark| if mark.high == i64::MAX { 0 } else { mark.high });
            mark.high = mark.high.max(beyond) + 1;
            suspect(&mut connection, &evidence, mark.high, wall(&self.options).0)?;
        }
        if remembered.as_ref() != Some(&mark) {
            guard.write(&mark).map_err(|error| io_error("the restore guard", &error))?;
        }
        let owners = Arc::new(owners);
        let writer = Writer {
            connection,
            path: self.path.clone(),
            guard,
            mark,
            boot: boot::boot_id(),
            owners: Arc::clone(&owners),
            options: self.options.clone(),
            in_file: None,
            doubtful: false,
            blameless: false,
            dead: false,
        };
        Ok(Opened::new(writer, self.clone()))
    }
}

/// Every order whose money question is open may have been attempted, closed or paid since the copy was made:
/// the service must be asked first. Who holds an order and lives goes on holding it.
fn suspect(connection: &mut Connection, evidence: &str, fence: i64, now: i64) -> Result<(), JournalError> {
    log::error!(target: "redpack", "the journal may be an old copy: {evidence}; open orders are queried first");
    let transaction = connection.transaction().map_err(storage)?;
    transaction
        .execute(
            "UPDATE meta SET fence = ?1, batch = batch + 1, restored_at = ?2, restored_by = ?3",
            (fence, now, evidence),
        )
        .map_err(storage)?;
    transaction
        .execute(
            "UPDATE orders SET state = 'unknown', state_before = state, ambiguous = 1, suspect = 1, may_attempt = 0,
                 advice = 'query_first', not_before = NULL,
                 first_attempt_at = coalesce(first_attempt_at, created_at), rev = rev + 1
             WHERE state IN ('prepared', 'sending', 'rejected', 'pending', 'unknown') AND failed = 0",
            [],
        )
        .map_err(storage)?;
    transaction.commit().map_err(storage)
}
