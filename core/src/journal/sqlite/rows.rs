//! Rows in and out: one order loaded, decided on, and written over the revision that was seen.

use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::super::cells::{self, CHANGING, Cell, FIXED, Kind};
use super::super::error::{JournalError, JournalErrorKind};
use super::super::fault::Point;
use super::super::input::Pause;
use super::super::moment::{Moment, millis};
use super::super::order::{AttemptRow, Decision, Holder, Order, OrderId};
use super::super::row;
use super::super::store::{AttemptWrite, Decided, Rule, Seen, Step, Stepped, Write};
use super::storage;
use super::writer::Tx;

/// When to ask again for an order whose holder lives, but whose lease is by a clock that isn't ours.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Int(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

pub(super) fn columns() -> String {
    row::names(&[&FIXED[..], &CHANGING[..]].concat())
}

/// A row's cells from an index on. SQLite lets any column hold any type, so the type is looked at.
fn cells_of<'a>(
    row: &Row<'_>,
    from: usize,
    columns: impl IntoIterator<Item = (&'a str, Kind)>,
) -> Result<Vec<Cell>, JournalError> {
    let strange = |name: &str, what: &str| row::corrupt(&format!("in a column {name} {what}"));
    let cell = |(index, (name, _)): (usize, (&str, Kind))| match row.get_ref(from + index).map_err(storage)? {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(number) => Ok(Cell::Int(number)),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Cell::Text(text.to_owned())),
            Err(_) => Err(strange(name, "a text that is not UTF-8")),
        },
        ValueRef::Real(_) => Err(strange(name, "a floating-point number")),
        ValueRef::Blob(_) => Err(strange(name, "a blob")),
    };
    columns.into_iter().enumerate().map(cell).collect()
}

/// Reads `seq` and all columns of an order.
pub(super) fn read_order(row: &Row<'_>) -> Result<Order, JournalError> {
    cells::order(row.get(0).map_err(storage)?, cells_of(row, 1, cells::columns())?)
}

pub(super) fn select(condition: &str) -> String {
    format!("SELECT seq, {} FROM orders WHERE {condition}", columns())
}

pub(super) fn by_id(connection: &Connection, id: &OrderId) -> Result<Option<Order>, JournalError> {
    let sql = select("mch_id = ?1 AND mch_billno = ?2");
    let mut statement = connection.prepare_cached(&sql).map_err(storage)?;
    let mut rows = statement.query(params![id.mch_id, id.mch_billno]).map_err(storage)?;
    rows.next().map_err(storage)?.map(read_order).transpose()
}

pub(super) fn by_intent(
    connection: &Connection,
    mch_id: &str,
    intent: &str,
) -> Result<Option<Order>, JournalError> {
    let sql = select("mch_id = ?1 AND intent = ?2");
    let mut statement = connection.prepare_cached(&sql).map_err(storage)?;
    let mut rows = statement.query(params![mch_id, intent]).map_err(storage)?;
    rows.next().map_err(storage)?.map(read_order).transpose()
}

/// The attempts that fit a condition.
pub(super) fn attempts(
    connection: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<AttemptRow>, JournalError> {
    let sql = format!("SELECT {} FROM attempts WHERE {condition}", row::names(&row::ATTEMPT));
    let mut statement = connection.prepare_cached(&sql).map_err(storage)?;
    let mut rows = statement.query(values).map_err(storage)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(storage)? {
        found.push(row::attempt(cells_of(row, 0, row::ATTEMPT)?)?);
    }
    Ok(found)
}

pub(super) fn decisions(connection: &Connection, id: &OrderId) -> Result<Vec<Decision>, JournalError> {
    let names = row::names(&row::DECISION);
    let sql = format!("SELECT {names} FROM decisions WHERE mch_id = ?1 AND mch_billno = ?2 ORDER BY id");
    let mut statement = connection.prepare_cached(&sql).map_err(storage)?;
    let mut rows = statement.query([&id.mch_id, &id.mch_billno]).map_err(storage)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(storage)? {
        found.push(row::decision(cells_of(row, 0, row::DECISION)?)?);
    }
    Ok(found)
}

pub(super) fn pause(
    connection: &Connection,
    mch_id: &str,
    now: Moment,
) -> Result<Option<Pause>, JournalError> {
    let sql = "SELECT paused_until, reason FROM merchants WHERE mch_id = ?1 AND paused = 1";
    let mut statement = connection.prepare_cached(sql).map_err(storage)?;
    let found: Option<(Option<i64>, Option<String>)> =
        statement.query_row([mch_id], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(storage)?;
    let pause =
        found.map(|(until, reason)| Pause { until: until.map(Moment), reason: reason.unwrap_or_default() });
    Ok(pause.filter(|pause| pause.until.is_none_or(|until| until > now)))
}

pub(super) fn spent(
    connection: &Connection,
    mch_id: &str,
    day: &str,
    openid: &str,
) -> Result<u64, JournalError> {
    let sql = "SELECT fen FROM spent WHERE mch_id = ?1 AND day = ?2 AND openid = ?3";
    let mut statement = connection.prepare_cached(sql).map_err(storage)?;
    let fen: Option<i64> =
        statement.query_row([mch_id, day, openid], |row| row.get(0)).optional().map_err(storage)?;
    u64::try_from(fen.unwrap_or(0)).map_err(|_| row::corrupt("in a column fen a negative amount"))
}

impl Tx<'_> {
    /// How long a holder may still go on: until its lease ends by the boot clock, but no longer than it
    /// lives. A holder of an earlier boot is dead; one that lives and yet counts from another boot is of a
    /// system that doesn't name its boots, and goes on until it ends.
    fn left(&self, holder: &Holder) -> Option<Duration> {
        let left = if holder.boot == self.boot.boot {
            let ms = holder.until.saturating_sub(self.boot.ms);
            Duration::from_millis(u64::try_from(ms).unwrap_or(0))
        } else {
            LOOK_AGAIN
        };
        (!left.is_zero() && self.owners.is_alive(&holder.owner)).then_some(left)
    }

    /// Whether somebody who lives works on the order.
    pub fn is_held(&self, order: &Order) -> bool {
        order.holder.as_ref().is_some_and(|holder| self.left(holder).is_some())
    }

    fn seen(&self, order: Option<Order>) -> Seen {
        let holder_left =
            order.as_ref().and_then(|order| order.holder.as_ref()).and_then(|holder| self.left(holder));
        Seen {
            order,
            by_intent: None,
            attempt: None,
            resolved: false,
            now: self.now,
            boot: Some((self.boot.boot.clone(), self.boot.ms)),
            holder_left,
            fence: self.fence + 1,
            owner: self.owners.id.clone(),
            lease_now: self.boot.ms,
            pause: None,
            restore: self.restore.clone(),
            spent: (0, 0),
        }
    }

    /// Loads, decides, writes.
    pub fn step(&mut self, step: &Step) -> Result<Stepped, JournalError> {
        let mut seen = self.seen(by_id(self.connection, &step.id)?);
        if let Some(intent) = &step.intent {
            seen.by_intent = by_intent(self.connection, &step.id.mch_id, intent)?;
        }
        if let Some(fence) = step.attempt {
            let condition = "fence = ?1 AND mch_id = ?2 AND mch_billno = ?3";
            let values = params![fence, step.id.mch_id, step.id.mch_billno];
            seen.attempt = attempts(self.connection, condition, values)?.pop();
        }
        if step.resolved {
            seen.resolved = !decisions(self.connection, &step.id)?.is_empty();
        }
        seen.pause = pause(self.connection, &step.id.mch_id, self.now)?;
        if let Some(openid) = &step.spent_of {
            let day = self.now.beijing_day();
            let of = |openid: &str| spent(self.connection, &step.id.mch_id, &day, openid);
            seen.spent = (of(openid)?, of("")?);
        }
        self.decide(&seen, &step.rule)
    }

    /// The rule's decision on an order that is loaded already, written.
    pub fn claim_one(&mut self, order: Order, rule: &Rule) -> Result<Stepped, JournalError> {
        let seen = self.seen(Some(order));
        self.decide(&seen, rule)
    }

    fn decide(&mut self, seen: &Seen, rule: &Rule) -> Result<Stepped, JournalError> {
        let write = match rule(seen) {
            Decided::Keep(order) => return Ok(Stepped { order: *order, wrote: false }),
            Decided::Refuse(refusal) => return Err(refusal.into()),
            Decided::Write(write) => *write,
        };
        self.fault(Point::BeforeWrite)?;
        let Write { mut order, attempt, spend, decision, guarded, refusal } = write;
        order.updated_at = self.now;
        order.rev += 1;
        // A guarded write without a lease (closing, an operator's word) counts, too: else the guard could not
        // tell a copy from before it.
        if guarded || order.fence == seen.fence {
            self.fence = seen.fence;
        }
        self.put(&mut order, seen.order.as_ref())?;
        match attempt {
            Some(AttemptWrite::Begin { fence, number, host }) => {
                let sql = "INSERT INTO attempts (fence, mch_id, mch_billno, number, host, owner, began_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
                let values = params![
                    fence,
                    order.id.mch_id,
                    order.id.mch_billno,
                    number,
                    host,
                    self.owners.id,
                    self.now.0
                ];
                self.execute(sql, values)?;
            }
            Some(AttemptWrite::End { fence, end, late }) => {
                let sql = "UPDATE attempts SET finished_at = ?2, outcome = ?3, advice = ?4, err_code = ?5,
                     http_status = ?6, phase = ?7, elapsed_ms = ?8, late = ?9
                     WHERE fence = ?1 AND finished_at IS NULL";
                let values = params![
                    fence,
                    self.now.0,
                    end.outcome.as_str(),
                    end.advice.as_str(),
                    end.err_code,
                    end.http_status,
                    end.phase.as_str(),
                    millis(end.elapsed),
                    late
                ];
                self.execute(sql, values)?;
            }
            None => {}
        }
        if let Some(spend) = spend {
            let sql = "INSERT INTO spent VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET fen = max(0, fen + excluded.fen)";
            for openid in [spend.openid.as_str(), ""] {
                self.execute(sql, params![order.id.mch_id, spend.day, openid, spend.fen])?;
            }
        }
        if let Some(decision) = decision {
            let sql = "INSERT INTO decisions (mch_id, mch_billno, at, who, why, evidence, state_before)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let values = params![
                order.id.mch_id,
                order.id.mch_billno,
                decision.at.0,
                decision.who,
                decision.why,
                decision.evidence,
                decision.state_before
            ];
            self.execute(sql, values)?;
        }
        self.wrote = true;
        self.guarded |= guarded;
        match refusal {
            Some(refusal) => Err(refusal.into()),
            None => Ok(Stepped { order, wrote: true }),
        }
    }

    fn put(&self, order: &mut Order, seen: Option<&Order>) -> Result<(), JournalError> {
        let Some(seen) = seen else {
            let count = FIXED.len() + CHANGING.len();
            let marks: Vec<String> = (1..=count).map(|index| format!("?{index}")).collect();
            let sql = format!("INSERT INTO orders ({}) VALUES ({})", columns(), marks.join(", "));
            let values: Vec<Cell> = cells::fixed(order).into_iter().chain(cells::changing(order)).collect();
            self.execute(&sql, rusqlite::params_from_iter(values))?;
            order.seq = self.connection.last_insert_rowid();
            return Ok(());
        };
        let sets: Vec<String> = CHANGING
            .iter()
            .enumerate()
            .map(|(index, (name, _))| format!("{name} = ?{}", index + 1))
            .collect();
        let last = CHANGING.len();
        let sql = format!(
            "UPDATE orders SET {} WHERE seq = ?{} AND rev = ?{} AND state = ?{} AND fence = ?{}",
            sets.join(", "),
            last + 1,
            last + 2,
            last + 3,
            last + 4
        );
        let mut values = cells::changing(order);
        values.push(Cell::from(seen.seq));
        values.push(Cell::from(seen.rev));
        values.push(Cell::from(seen.state.as_str()));
        values.push(Cell::from(seen.fence));
        if self.execute(&sql, rusqlite::params_from_iter(values))? == 1 {
            return Ok(());
        }
        // Nobody else writes inside of this transaction: the row can't have changed.
        Err(JournalError::new(JournalErrorKind::Corrupt, "an order changed under its own transaction"))
    }

    fn execute(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, JournalError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(storage)?;
        statement.execute(values).map_err(storage)
    }
}
