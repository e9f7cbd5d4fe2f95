//! Connections that threads share, one at a time each.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};

use postgres::types::ToSql;
use postgres::{Client, Row, Statement};

use super::super::error::JournalError;
use super::connect::Target;

/// A connection with what it has prepared.
pub(super) struct Session {
    pub client: Client,
    prepared: HashMap<String, Statement>,
    /// In the middle of a transaction, or of unknown state: not to be used again. A connection that went back
    /// like this would show its next user what was never committed.
    pub spoiled: bool,
}

impl Session {
    pub fn new(client: Client) -> Self {
        Self { client, prepared: HashMap::new(), spoiled: false }
    }

    /// Begins a transaction; until it ends, the connection is spoiled for others.
    pub fn begin(&mut self) -> Result<(), postgres::Error> {
        self.spoiled = true;
        self.client.batch_execute("BEGIN")
    }

    pub fn commit(&mut self) -> Result<(), postgres::Error> {
        self.client.batch_execute("COMMIT")?;
        self.spoiled = false;
        Ok(())
    }

    pub fn roll_back(&mut self) -> Result<(), postgres::Error> {
        self.client.batch_execute("ROLLBACK")?;
        self.spoiled = false;
        Ok(())
    }

    pub fn statement(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub fn query(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, postgres::Error> {
        let statement = self.statement(sql)?;
        self.client.query(&statement, values)
    }

    pub fn execute(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, postgres::Error> {
        let statement = self.statement(sql)?;
        self.client.execute(&statement, values)
    }
}

/// The most connections of one process.
const MOST: usize = 16;

struct Idle {
    sessions: Vec<Session>,
    open: usize,
}

pub(super) struct Pool {
    target: Target,
    idle: Mutex<Idle>,
    freed: Condvar,
}

impl Pool {
    /// A pool that has one connection already.
    pub fn new(target: Target, client: Client) -> Self {
        let idle = Idle { sessions: vec![Session::new(client)], open: 1 };
        Self { target, idle: Mutex::new(idle), freed: Condvar::new() }
    }

    /// Runs something on a connection; a connection that failed is not used again.
    pub fn with<T>(
        &self,
        run: impl FnOnce(&mut Session) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let mut held = Held { pool: self, session: Some(self.take()?) };
        let Some(session) = &mut held.session else { return Err(super::super::row::corrupt("no session")) };
        run(session)
    }

    fn take(&self) -> Result<Session, JournalError> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(session) = idle.sessions.pop() {
                if !session.client.is_closed() {
                    return Ok(session);
                }
                idle.open -= 1;
                continue;
            }
            if idle.open < MOST {
                idle.open += 1;
                break;
            }
            idle = self.freed.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
        drop(idle);
        self.target.connect().map(Session::new).inspect_err(|_| self.lost())
    }

    fn lost(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).open -= 1;
        self.freed.notify_one();
    }
}

struct Held<'a> {
    pool: &'a Pool,
    session: Option<Session>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        match self.session.take().filter(|session| !session.spoiled && !session.client.is_closed()) {
            Some(session) if !std::thread::panicking() => {
                self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).sessions.push(session);
                self.pool.freed.notify_one();
            }
            _ => self.pool.lost(),
        }
    }
}
