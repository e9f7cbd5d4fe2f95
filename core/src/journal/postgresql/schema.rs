//! The tables, how an older journal becomes a newer one, and what else must be there.

use postgres::Client;

use super::super::cells::{CHANGING, FIXED, Kind};
use super::super::error::{JournalError, JournalErrorKind};
use super::storage;

/// The schema that this version reads and writes.
const VERSION: i64 = 1;

/// Keeps two that open at once from migrating at once.
const ADVISORY_LOCK: i64 = 0x7265_6470_6163_6b31;

/// Milliseconds since 1970, by the server's clock.
pub(super) const NOW_MS: &str = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/// Brings the database to this version's schema.
pub(super) fn migrate(client: &mut Client, journal: &str) -> Result<(), JournalError> {
    let mut transaction = client.transaction().map_err(storage)?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&ADVISORY_LOCK]).map_err(storage)?;
    let there = transaction
        .query_one("SELECT to_regclass('redpack_meta') IS NOT NULL", &[])
        .and_then(|row| row.try_get::<_, bool>(0))
        .map_err(storage)?;
    if there {
        let version: i64 = transaction
            .query_one("SELECT version FROM redpack_meta", &[])
            .and_then(|row| row.try_get(0))
            .map_err(storage)?;
        if version != VERSION {
            let message = format!("the journal's schema is version {version}; this program knows {VERSION}");
            return Err(JournalError::new(JournalErrorKind::NewerSchema, message));
        }
        return Ok(());
    }
    let column = |(name, kind): &(&str, Kind)| {
        let kind = if *kind == Kind::Int { "bigint" } else { "text" };
        format!("{name} {kind}")
    };
    let columns: Vec<String> = FIXED.iter().chain(&CHANGING).map(column).collect();
    let sql = format!(
        "CREATE SEQUENCE redpack_fence;
         CREATE TABLE redpack_meta (one bigint PRIMARY KEY CHECK (one = 1), version bigint NOT NULL,
             journal text NOT NULL, place text NOT NULL, restored_at bigint, restored_by text);
         CREATE TABLE redpack_orders (seq bigserial PRIMARY KEY, {}, stamp bigint NOT NULL,
             UNIQUE (mch_id, mch_billno)) WITH (fillfactor = 70);
         CREATE UNIQUE INDEX redpack_orders_intent ON redpack_orders (mch_id, intent) WHERE intent IS NOT NULL;
         CREATE INDEX redpack_orders_due ON redpack_orders (state, not_before);
         CREATE TABLE redpack_attempts (fence bigint PRIMARY KEY, mch_id text NOT NULL, mch_billno text NOT NULL,
             number bigint NOT NULL, host text NOT NULL, owner text NOT NULL, began_at bigint NOT NULL,
             finished_at bigint, outcome text, advice text, err_code text, http_status bigint, phase text,
             elapsed_ms bigint, late bigint NOT NULL DEFAULT 0);
         CREATE INDEX redpack_attempts_order ON redpack_attempts (mch_id, mch_billno);
         CREATE TABLE redpack_marks (fence bigint PRIMARY KEY);
         CREATE TABLE redpack_decisions (id bigserial PRIMARY KEY, mch_id text NOT NULL,
             mch_billno text NOT NULL, at bigint NOT NULL, who text NOT NULL, why text NOT NULL,
             evidence text NOT NULL, state_before text NOT NULL);
         CREATE TABLE redpack_merchants (mch_id text PRIMARY KEY, turn_next bigint,
             paused bigint NOT NULL DEFAULT 0, paused_until bigint, reason text);
         CREATE TABLE redpack_spent (mch_id text NOT NULL, day text NOT NULL, openid text NOT NULL,
             fen bigint NOT NULL, PRIMARY KEY (mch_id, day, openid));",
        columns.join(", ")
    );
    transaction.batch_execute(&sql).map_err(storage)?;
    transaction
        .execute("INSERT INTO redpack_meta VALUES (1, $1, $2, '', NULL, NULL)", &[&VERSION, &journal])
        .map_err(storage)?;
    transaction.commit().map_err(storage)
}

/// What a database must be able to do, tried out.
pub(super) fn probe(client: &mut Client) -> Result<(), JournalError> {
    let unfit = |what: &str, error: postgres::Error| {
        let message = format!("the database lacks {what}: {}", storage(error).message());
        JournalError::new(JournalErrorKind::Unfit, message)
    };
    client
        .query("SELECT seq FROM redpack_orders WHERE false FOR UPDATE SKIP LOCKED", &[])
        .map_err(|error| unfit("FOR UPDATE SKIP LOCKED", error))?;
    client
        .query(&format!("SELECT {NOW_MS}, nextval('redpack_fence')"), &[])
        .map_err(|error| unfit("a clock and sequences", error))?;
    let follower: bool =
        client.query_one("SELECT pg_is_in_recovery()", &[]).and_then(|row| row.try_get(0)).unwrap_or(false);
    if follower {
        let message = "this PostgreSQL is a read-only replica; the journal needs the primary";
        return Err(JournalError::new(JournalErrorKind::Unfit, message));
    }
    let asynchronous: i64 = client
        .query_one("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'async'", &[])
        .and_then(|row| row.try_get(0))
        .unwrap_or(0);
    if asynchronous > 0 {
        log::warn!(
            target: "redpack",
            "PostgreSQL has asynchronous replicas: failing over to one may lose outcomes; the journal will \
             then be a suspected old copy"
        );
    }
    Ok(())
}

/// Which database this is: what changes when a copy takes its place. Parts that can't be asked are left out.
pub(super) fn place(client: &mut Client) -> String {
    let parts = [
        "SELECT 'database ' || oid || ' table ' || 'redpack_orders'::regclass::oid FROM pg_database
             WHERE datname = current_database()",
        "SELECT 'system ' || system_identifier FROM pg_control_system()",
        "SELECT 'timeline ' || left(pg_walfile_name(pg_current_wal_lsn()), 8)",
    ];
    let found = parts
        .iter()
        .filter_map(|sql| client.query_one(*sql, &[]).and_then(|row| row.try_get::<_, String>(0)).ok());
    found.collect::<Vec<_>>().join(", ")
}
