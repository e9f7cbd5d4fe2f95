//! The tables, and how an older journal becomes a newer one.

use rusqlite::{Connection, TransactionBehavior};

use super::super::cells::{CHANGING, FIXED, Kind};
use super::super::error::{JournalError, JournalErrorKind};
use super::storage;

/// The schema that this version reads and writes.
pub(super) const VERSION: i64 = 1;

fn columns() -> String {
    let column = |(name, kind): &(&str, Kind)| {
        let kind = if *kind == Kind::Int { "INTEGER" } else { "TEXT" };
        format!("{name} {kind}")
    };
    FIXED.iter().chain(&CHANGING).map(column).collect::<Vec<_>>().join(", ")
}

/// Brings the file to this version's schema. True if it was empty.
pub(super) fn migrate(connection: &mut Connection, journal: &str) -> Result<bool, JournalError> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(storage)?;
    let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(storage)?;
    match version {
        VERSION => return Ok(false),
        0 => {}
        newer => {
            let message = format!("the journal's schema is version {newer}; this program knows {VERSION}");
            return Err(JournalError::new(JournalErrorKind::NewerSchema, message));
        }
    }
    let sql = format!(
        "CREATE TABLE meta (one INTEGER PRIMARY KEY CHECK (one = 1), journal TEXT NOT NULL,
             fence INTEGER NOT NULL, batch INTEGER NOT NULL, writer TEXT NOT NULL,
             restored_at INTEGER, restored_by TEXT);
         CREATE TABLE orders (seq INTEGER PRIMARY KEY, {}, UNIQUE (mch_id, mch_billno));
         CREATE UNIQUE INDEX orders_intent ON orders (mch_id, intent) WHERE intent IS NOT NULL;
         CREATE INDEX orders_due ON orders (state, not_before);
         CREATE TABLE attempts (fence INTEGER PRIMARY KEY, mch_id TEXT NOT NULL, mch_billno TEXT NOT NULL,
             number INTEGER NOT NULL, host TEXT NOT NULL, owner TEXT NOT NULL, began_at INTEGER NOT NULL,
             finished_at INTEGER, outcome TEXT, advice TEXT, err_code TEXT, http_status INTEGER, phase TEXT,
             elapsed_ms INTEGER, late INTEGER NOT NULL DEFAULT 0);
         CREATE INDEX attempts_order ON attempts (mch_id, mch_billno);
         CREATE TABLE decisions (id INTEGER PRIMARY KEY, mch_id TEXT NOT NULL, mch_billno TEXT NOT NULL,
             at INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, evidence TEXT NOT NULL,
             state_before TEXT NOT NULL);
         CREATE TABLE merchants (mch_id TEXT PRIMARY KEY, turn_boot TEXT, turn_next INTEGER,
             paused INTEGER NOT NULL DEFAULT 0, paused_until INTEGER, reason TEXT) WITHOUT ROWID;
         CREATE TABLE spent (mch_id TEXT NOT NULL, day TEXT NOT NULL, openid TEXT NOT NULL,
             fen INTEGER NOT NULL, PRIMARY KEY (mch_id, day, openid)) WITHOUT ROWID;
         PRAGMA user_version = {VERSION};",
        columns()
    );
    transaction.execute_batch(&sql).map_err(storage)?;
    transaction
        .execute("INSERT INTO meta VALUES (1, ?1, 0, 0, '', NULL, NULL)", [journal])
        .map_err(storage)?;
    transaction.commit().map_err(storage)?;
    Ok(true)
}
