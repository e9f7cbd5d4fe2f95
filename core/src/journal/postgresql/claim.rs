//! Work for many processes at once, and the merchant's pace.

use std::time::Duration;

use super::super::error::{JournalError, JournalErrorKind};
use super::super::input::{Claim, Turn, Work};
use super::super::moment::Moment;
use super::super::order::Order;
use super::super::store::{Decided, Rule, Seen};
use super::pool::Session;
use super::rows::{self, ORDER, left};
use super::schema::NOW_MS;
use super::storage;
use super::write::put;

/// Takes due orders that nobody holds and nobody else is claiming, in one transaction.
pub(super) fn claim(
    session: &mut Session,
    claim: &Claim,
    rule: &Rule,
    owner: &str,
    shift: i64,
) -> Result<Vec<Order>, JournalError> {
    let states = match claim.work {
        Work::Recover => {
            "(state IN ('sending', 'pending', 'unknown')
              OR (state = 'rejected' AND may_attempt = 0 AND failed = 0))"
        }
        Work::Reconcile => "state IN ('sent', 'refunding')",
    };
    let sql = format!(
        "SELECT nextval('redpack_fence'), {NOW_MS}, {} FROM redpack_orders o WHERE {states}
             AND ($1::text IS NULL OR mch_id = $1)
             AND (not_before IS NULL OR not_before <= {NOW_MS} + $2)
             AND (holder IS NULL OR holder_until <= {NOW_MS})
         ORDER BY not_before NULLS FIRST LIMIT $3 FOR UPDATE SKIP LOCKED",
        *ORDER
    );
    session.begin().map_err(storage)?;
    let limit = i64::from(claim.limit);
    let found = session.query(&sql, &[&claim.mch_id, &shift, &limit]).map_err(storage)?;
    let mut claimed = Vec::with_capacity(found.len());
    for row in &found {
        let fence: i64 = row.try_get(0).map_err(storage)?;
        let lease_now: i64 = row.try_get(1).map_err(storage)?;
        let order = rows::order(row, 2)?;
        let seen = Seen {
            holder_left: left(order.as_ref(), lease_now),
            order,
            by_intent: None,
            attempt: None,
            resolved: false,
            now: Moment(lease_now.saturating_add(shift)),
            boot: None,
            fence,
            owner: owner.to_owned(),
            lease_now,
            pause: None,
            restore: None,
            spent: (0, 0),
        };
        let Decided::Write(write) = rule(&seen) else { continue };
        let mut order = write.order;
        order.updated_at = seen.now;
        order.rev += 1;
        if !put(session, &seen, &mut order, None).map_err(storage)? {
            // Its row is locked by us: it can't have changed.
            let message = "an order changed under its own transaction";
            return Err(JournalError::new(JournalErrorKind::Corrupt, message));
        }
        if write.refusal.is_none() {
            claimed.push(order);
        }
    }
    // If this commit's result gets lost, leases that nobody knows of run out by themselves.
    session.commit().map_err(storage)?;
    Ok(claimed)
}

/// The merchant's next turn: one row, one statement, the server's clock.
pub(super) fn turn(
    session: &mut Session,
    mch_id: &str,
    interval: Duration,
    most: Duration,
) -> Result<Turn, JournalError> {
    let micros = |duration: Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4);
    let (interval, longest) = (micros(interval), micros(most).min(i64::MAX / 4));
    let sql =
        "WITH n AS MATERIALIZED (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us)
         INSERT INTO redpack_merchants AS m (mch_id, turn_next) SELECT $1, n.us + $2::bigint FROM n
         ON CONFLICT (mch_id) DO UPDATE SET turn_next =
             greatest(coalesce(m.turn_next, 0), excluded.turn_next - $2::bigint) + $2::bigint
         WHERE coalesce(m.turn_next, 0) - (excluded.turn_next - $2::bigint) <= $3::bigint
         RETURNING m.turn_next - $2::bigint - (SELECT us FROM n)";
    let rows = session.query(sql, &[&mch_id, &interval, &longest]).map_err(storage)?;
    let wait = |micros: i64| Duration::from_micros(u64::try_from(micros).unwrap_or(0));
    if let Some(row) = rows.first() {
        return Ok(Turn::After(wait(row.try_get(0).map_err(storage)?)));
    }
    let sql = "SELECT turn_next - (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
         FROM redpack_merchants WHERE mch_id = $1";
    let rows = session.query(sql, &[&mch_id]).map_err(storage)?;
    let next = rows.first().map(|row| row.try_get::<_, Option<i64>>(0)).transpose().map_err(storage)?;
    Ok(Turn::TooFar(wait(next.flatten().unwrap_or(0))))
}
