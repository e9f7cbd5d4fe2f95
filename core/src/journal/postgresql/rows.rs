//! Rows in: an order with everything that a rule wants to see, in one round trip.

use std::error::Error;
use std::sync::LazyLock;
use std::time::Duration;

use postgres::Row;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::super::cells::{self, CHANGING, Cell, FIXED, Kind};
use super::super::error::JournalError;
use super::super::input::Pause;
use super::super::moment::Moment;
use super::super::order::{AttemptRow, Decision, Order, OrderId};
use super::super::reply::Restore;
use super::super::row;
use super::super::store::{Seen, Step};
use super::pool::Session;
use super::schema::NOW_MS;
use super::storage;

impl ToSql for Cell {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Cell::Null => Ok(IsNull::Yes),
            Cell::Int(number) => number.to_sql(kind, out),
            Cell::Text(text) => text.to_sql(kind, out),
        }
    }
    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT)
    }
    to_sql_checked!();
}

/// `seq` and all columns of an order.
pub(super) static ORDER: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<String> = FIXED.iter().chain(&CHANGING).map(|(name, _)| format!("o.{name}")).collect();
    format!("o.seq, {}", names.join(", "))
});

/// Reads an order whose columns start at `from`; `None` where an outer join found none.
pub(super) fn order(row: &Row, from: usize) -> Result<Option<Order>, JournalError> {
    let Some(seq) = row.try_get::<_, Option<i64>>(from).map_err(storage)? else { return Ok(None) };
    cells::order(seq, cells_of(row, from + 1, cells::columns())?).map(Some)
}

/// A row's cells from an index on.
fn cells_of<'a>(
    row: &Row,
    from: usize,
    columns: impl IntoIterator<Item = (&'a str, Kind)>,
) -> Result<Vec<Cell>, JournalError> {
    let cell = |(index, (_, kind)): (usize, (&str, Kind))| match kind {
        Kind::Int => row.try_get::<_, Option<i64>>(from + index).map(Cell::from),
        Kind::Text => {
            row.try_get::<_, Option<String>>(from + index).map(|text| text.map_or(Cell::Null, Cell::Text))
        }
    };
    columns.into_iter().enumerate().map(cell).collect::<Result<_, _>>().map_err(storage)
}

/// The attempts that fit a condition.
pub(super) fn attempts(
    session: &mut Session,
    condition: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<AttemptRow>, JournalError> {
    let sql = format!("SELECT {} FROM redpack_attempts WHERE {condition}", row::names(&row::ATTEMPT));
    let found = session.query(&sql, values).map_err(storage)?;
    found.iter().map(|row| row::attempt(cells_of(row, 0, row::ATTEMPT)?)).collect()
}

pub(super) fn decisions(session: &mut Session, id: &OrderId) -> Result<Vec<Decision>, JournalError> {
    let names = row::names(&row::DECISION);
    let sql =
        format!("SELECT {names} FROM redpack_decisions WHERE mch_id = $1 AND mch_billno = $2 ORDER BY id");
    let found = session.query(&sql, &[&id.mch_id, &id.mch_billno]).map_err(storage)?;
    found.iter().map(|row| row::decision(cells_of(row, 0, row::DECISION)?)).collect()
}

static SEEN: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT nextval('redpack_fence'), {NOW_MS}, t.restored_at, t.restored_by, m.paused, m.paused_until,
             m.reason, {} FROM redpack_meta t
         LEFT JOIN redpack_merchants m ON m.mch_id = $1
         LEFT JOIN redpack_orders o ON o.mch_id = $1 AND o.mch_billno = $2",
        *ORDER
    )
});
const ORDER_AT: usize = 7;

/// How long a holder may still go on, by the server's clock.
pub(super) fn left(order: Option<&Order>, lease_now: i64) -> Option<Duration> {
    let left = order?.holder.as_ref()?.until.saturating_sub(lease_now);
    (left > 0).then(|| Duration::from_millis(u64::try_from(left).unwrap_or(0)))
}

/// What a rule sees of a step.
pub(super) fn seen(
    session: &mut Session,
    step: &Step,
    owner: &str,
    shift: i64,
) -> Result<Seen, JournalError> {
    let rows = session.query(&SEEN, &[&step.id.mch_id, &step.id.mch_billno]).map_err(storage)?;
    let row = rows.first().ok_or_else(|| row::corrupt("no row that says what it is"))?;
    let number = |index| row.try_get::<_, Option<i64>>(index).map_err(storage);
    let text = |index| row.try_get::<_, Option<String>>(index).map_err(storage);
    let lease_now = number(1)?.unwrap_or(0);
    let now = Moment(lease_now.saturating_add(shift));
    let restore = number(2)?.map(|at| -> Result<_, JournalError> {
        Ok(Restore { at: Moment(at), evidence: text(3)?.unwrap_or_default() })
    });
    let until = number(5)?.map(Moment);
    let paused = number(4)? == Some(1) && until.is_none_or(|until| until > now);
    let pause = if paused { Some(Pause { until, reason: text(6)?.unwrap_or_default() }) } else { None };
    let order = order(row, ORDER_AT)?;
    let mut seen = Seen {
        holder_left: left(order.as_ref(), lease_now),
        order,
        by_intent: None,
        attempt: None,
        resolved: false,
        now,
        boot: None,
        fence: number(0)?.unwrap_or(0),
        owner: owner.to_owned(),
        lease_now,
        pause,
        restore: restore.transpose()?,
        spent: (0, 0),
    };
    if let Some(intent) = &step.intent {
        let sql = format!("SELECT {} FROM redpack_orders o WHERE mch_id = $1 AND intent = $2", *ORDER);
        let rows = session.query(&sql, &[&step.id.mch_id, intent]).map_err(storage)?;
        seen.by_intent = rows.first().map(|row| self::order(row, 0)).transpose()?.flatten();
    }
    if let Some(fence) = &step.attempt {
        let condition = "fence = $1 AND mch_id = $2 AND mch_billno = $3";
        seen.attempt = attempts(session, condition, &[fence, &step.id.mch_id, &step.id.mch_billno])?.pop();
    }
    if step.resolved {
        let sql = "SELECT 1 FROM redpack_decisions WHERE mch_id = $1 AND mch_billno = $2 LIMIT 1";
        let rows = session.query(sql, &[&step.id.mch_id, &step.id.mch_billno]).map_err(storage)?;
        seen.resolved = !rows.is_empty();
    }
    if let Some(openid) = &step.spent_of {
        let day = seen.now.beijing_day();
        let mut of = |openid: &str| spent(session, &step.id.mch_id, &day, openid);
        seen.spent = (of(openid)?, of("")?);
    }
    Ok(seen)
}

pub(super) fn spent(
    session: &mut Session,
    mch_id: &str,
    day: &str,
    openid: &str,
) -> Result<u64, JournalError> {
    let sql = "SELECT fen FROM redpack_spent WHERE mch_id = $1 AND day = $2 AND openid = $3";
    let rows = session.query(sql, &[&mch_id, &day, &openid]).map_err(storage)?;
    let fen = rows.first().map(|row| row.try_get::<_, i64>(0)).transpose().map_err(storage)?;
    u64::try_from(fen.unwrap_or(0)).map_err(|_| row::corrupt("in a column fen a negative amount"))
}
