//! Rows out: one conditional statement where that is enough, else a transaction.

use std::sync::LazyLock;

use postgres::types::ToSql;

use super::super::cells::{self, CHANGING, Cell, FIXED, Kind};
use super::super::fault::{Fault, Faults, Point};
use super::super::moment::{Moment, millis};
use super::super::order::Order;
use super::super::store::{AttemptWrite, Seen, Spend, Write};
use super::pool::Session;

/// What became of a write.
pub(super) enum Written {
    /// It is there and durable.
    Yes,
    /// The row was not as it had been seen: decide again.
    Changed,
    /// A planned fault.
    Planned(Fault, Point),
}

fn cast(kind: Kind) -> &'static str {
    if kind == Kind::Int { "bigint" } else { "text" }
}

/// `UPDATE` over the revision, state and fence that were seen. Takes [`CHANGING`], then `stamp`, `seq`,
/// `rev`, `state`, `fence`.
static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let last = CHANGING.len();
    let sets = CHANGING
        .iter()
        .enumerate()
        .map(|(at, (name, kind))| format!("{name} = ${}::{}", at + 1, cast(*kind)));
    format!(
        "UPDATE redpack_orders SET {}, stamp = ${}::bigint
         WHERE seq = ${}::bigint AND rev = ${}::bigint AND state = ${}::text AND fence = ${}::bigint",
        sets.collect::<Vec<_>>().join(", "),
        last + 1,
        last + 2,
        last + 3,
        last + 4,
        last + 5
    )
});
const UPDATE_VALUES: usize = CHANGING.len() + 5;

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let columns: Vec<_> = FIXED.iter().chain(&CHANGING).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let values = columns.iter().enumerate().map(|(at, (_, kind))| format!("${}::{}", at + 1, cast(*kind)));
    format!(
        "INSERT INTO redpack_orders ({}, stamp) VALUES ({}, ${}::bigint) ON CONFLICT DO NOTHING RETURNING seq",
        names.join(", "),
        values.collect::<Vec<_>>().join(", "),
        columns.len() + 1
    )
});

/// `$n` for the numbers from `from` on, each with its type.
fn marks(from: usize, kinds: &[Kind]) -> Vec<String> {
    kinds.iter().enumerate().map(|(at, kind)| format!("${}::{}", from + at, cast(*kind))).collect()
}

use Kind::{Int, Text};

static UPDATE_AND_BEGIN: LazyLock<String> = LazyLock::new(|| {
    let values = marks(UPDATE_VALUES + 1, &[Int, Text, Text, Int, Text, Text, Int]).join(", ");
    format!(
        "WITH o AS ({} RETURNING 1) INSERT INTO redpack_attempts
             (fence, mch_id, mch_billno, number, host, owner, began_at) SELECT {values} FROM o",
        *UPDATE
    )
});

static UPDATE_AND_END: LazyLock<String> = LazyLock::new(|| {
    let names =
        ["finished_at", "outcome", "advice", "err_code", "http_status", "phase", "elapsed_ms", "late"];
    let values = marks(UPDATE_VALUES + 1, &[Int, Text, Text, Text, Int, Text, Int, Int]);
    let sets: Vec<String> =
        names.iter().zip(values).map(|(name, value)| format!("{name} = {value}")).collect();
    format!(
        "WITH o AS ({} RETURNING 1) UPDATE redpack_attempts a SET {} FROM o
             WHERE a.fence = ${}::bigint AND a.finished_at IS NULL",
        *UPDATE,
        sets.join(", "),
        UPDATE_VALUES + 9
    )
});

fn refs(values: &[Cell]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// The order and its attempt, in one statement. Sets [`Order::seq`] of an inserted order.
pub(super) fn put(
    session: &mut Session,
    seen: &Seen,
    order: &mut Order,
    attempt: Option<&AttemptWrite>,
) -> Result<bool, postgres::Error> {
    let Some(before) = &seen.order else {
        let mut values = cells::fixed(order);
        values.extend(cells::changing(order));
        values.push(Cell::from(seen.fence));
        let rows = session.query(&INSERT, &refs(&values))?;
        let Some(row) = rows.first() else { return Ok(false) };
        order.seq = row.try_get(0)?;
        return Ok(true);
    };
    let mut values = cells::changing(order);
    values.push(Cell::from(seen.fence));
    values.push(Cell::from(before.seq));
    values.push(Cell::from(before.rev));
    values.push(Cell::from(before.state.as_str()));
    values.push(Cell::from(before.fence));
    let sql = match attempt {
        None => &*UPDATE,
        Some(AttemptWrite::Begin { fence, number, host }) => {
            values.push(Cell::from(*fence));
            values.push(Cell::from(&order.id.mch_id));
            values.push(Cell::from(&order.id.mch_billno));
            values.push(Cell::from(*number));
            values.push(Cell::from(host));
            values.push(Cell::from(&seen.owner));
            values.push(Cell::from(seen.now));
            &*UPDATE_AND_BEGIN
        }
        Some(AttemptWrite::End { fence, end, late }) => {
            values.push(Cell::from(seen.now));
            values.push(Cell::from(end.outcome.as_str()));
            values.push(Cell::from(end.advice.as_str()));
            values.push(Cell::from(end.err_code.as_ref()));
            values.push(Cell::from(end.http_status.map(u32::from)));
            values.push(Cell::from(end.phase.as_str()));
            values.push(Cell::from(millis(end.elapsed)));
            values.push(Cell::from(*late));
            values.push(Cell::from(*fence));
            &*UPDATE_AND_END
        }
    };
    Ok(session.execute(sql, &refs(&values))? == 1)
}

/// Writes everything, and commits. An error may be ambiguous.
pub(super) fn commit(
    session: &mut Session,
    seen: &Seen,
    write: &Write,
    order: &mut Order,
    faults: &Faults,
) -> Result<Written, postgres::Error> {
    // A guarded write without an attempt leaves its fence elsewhere: the restore guard compares what it
    // remembers with the highest that is written down, not with a sequence that anybody advances.
    let marked = write.guarded && write.attempt.is_none();
    if !marked && write.spend.is_none() && write.decision.is_none() && faults.0.is_none() {
        let there = put(session, seen, order, write.attempt.as_ref())?;
        return Ok(if there { Written::Yes } else { Written::Changed });
    }
    session.begin()?;
    if !put(session, seen, order, write.attempt.as_ref())? {
        session.roll_back()?;
        return Ok(Written::Changed);
    }
    if marked {
        session.execute("INSERT INTO redpack_marks VALUES ($1)", &[&seen.fence])?;
    }
    if let Some(spend) = &write.spend
        && !count(session, &order.id.mch_id, spend, seen.spent)?
    {
        session.roll_back()?;
        return Ok(Written::Changed);
    }
    if let Some(decision) = &write.decision {
        let sql = "INSERT INTO redpack_decisions (mch_id, mch_billno, at, who, why, evidence, state_before)
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let Moment(at) = decision.at;
        session.execute(
            sql,
            &[
                &order.id.mch_id,
                &order.id.mch_billno,
                &at,
                &decision.who,
                &decision.why,
                &decision.evidence,
                &decision.state_before,
            ],
        )?;
    }
    if let Some(fault) = faults.at(Point::BeforeCommit) {
        session.roll_back()?;
        return Ok(Written::Planned(fault, Point::BeforeCommit));
    }
    session.commit()?;
    Ok(match faults.at(Point::AfterCommit) {
        Some(fault) => Written::Planned(fault, Point::AfterCommit),
        None => Written::Yes,
    })
}

/// Counts; false if others have counted since the rule looked, so that it must look again.
fn count(
    session: &mut Session,
    mch_id: &str,
    spend: &Spend,
    seen: (u64, u64),
) -> Result<bool, postgres::Error> {
    let sql = "INSERT INTO redpack_spent AS s VALUES ($1, $2, $3, greatest(0, $4::bigint))
         ON CONFLICT (mch_id, day, openid) DO UPDATE SET fen = greatest(0, s.fen + $4::bigint) RETURNING fen";
    for (openid, seen) in [(spend.openid.as_str(), seen.0), ("", seen.1)] {
        let rows = session.query(sql, &[&mch_id, &spend.day, &openid, &spend.fen])?;
        let fen: i64 = rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
        let expected = i64::try_from(seen).unwrap_or(i64::MAX).saturating_add(spend.fen);
        if spend.fen > 0 && fen != expected {
            return Ok(false);
        }
    }
    Ok(true)
}
