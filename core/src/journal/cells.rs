//! An order's row: the columns, once for both engines, and both ways.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::error::JournalError;
use super::moment::Moment;
use super::order::{Fields, Holder, Identity, Order, OrderId, Purpose};
use super::row::Row;
use super::state::State;
use crate::outcome::{Advice, Scope};

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}
impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}
impl From<Moment> for Cell {
    fn from(value: Moment) -> Self {
        Self::Int(value.0)
    }
}
impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<&String> for Cell {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
}

use Kind::{Int, Text};

/// Columns that are written once, when the order is prepared.
pub(crate) const FIXED: [(&str, Kind); 10] = [
    ("mch_id", Text),
    ("mch_billno", Text),
    ("kind", Text),
    ("sub_mch_id", Text),
    ("wxappid", Text),
    ("re_openid", Text),
    ("total_amount", Int),
    ("total_num", Int),
    ("consume_mch_id", Text),
    ("created_at", Int),
];

/// Columns that later writes replace, all of them.
pub(crate) const CHANGING: [(&str, Kind); 32] = [
    ("intent", Text),
    ("fields", Text),
    ("state", Text),
    ("ambiguous", Int),
    ("failed", Int),
    ("may_attempt", Int),
    ("suspect", Int),
    ("attempts", Int),
    ("reached", Int),
    ("updated_at", Int),
    ("first_attempt_at", Int),
    ("advice", Text),
    ("scope", Text),
    ("err_code", Text),
    ("not_before", Int),
    ("send_listid", Text),
    ("query_status", Text),
    ("queried_at", Int),
    ("queries", Int),
    ("ambiguous_host", Text),
    ("fence", Int),
    ("holder", Text),
    ("holder_purpose", Text),
    ("holder_until", Int),
    ("holder_boot", Text),
    ("state_before", Text),
    ("ambiguous_before", Int),
    ("host_before", Text),
    ("first_boot", Text),
    ("first_boot_ms", Int),
    ("counted_day", Text),
    ("rev", Int),
];

/// The row without `seq`, in the order of [`FIXED`] and [`CHANGING`].
pub(crate) fn fixed(order: &Order) -> Vec<Cell> {
    let identity = &order.identity;
    vec![
        Cell::from(&order.id.mch_id),
        Cell::from(&order.id.mch_billno),
        Cell::from(&identity.kind),
        Cell::from(&identity.sub_mch_id),
        Cell::from(&identity.wxappid),
        Cell::from(&identity.re_openid),
        Cell::from(identity.total_amount),
        Cell::from(identity.total_num),
        Cell::from(&identity.consume_mch_id),
        Cell::from(order.created_at),
    ]
}

pub(crate) fn changing(order: &Order) -> Vec<Cell> {
    let holder = order.holder.as_ref();
    let purpose = |holder: &Holder| if holder.purpose == Purpose::Attempt { "attempt" } else { "query" };
    vec![
        Cell::from(order.intent.as_ref()),
        Cell::Text(encode_fields(&order.fields)),
        Cell::from(order.state.as_str()),
        Cell::from(order.ambiguous),
        Cell::from(order.failed),
        Cell::from(order.may_attempt),
        Cell::from(order.suspect),
        Cell::from(order.attempts),
        Cell::from(order.reached),
        Cell::from(order.updated_at),
        Cell::from(order.first_attempt_at),
        Cell::from(order.advice.as_ref()),
        Cell::from(order.scope.as_ref()),
        Cell::from(order.err_code.as_ref()),
        Cell::from(order.not_before),
        Cell::from(order.send_listid.as_ref()),
        Cell::from(order.query_status.as_ref()),
        Cell::from(order.queried_at),
        Cell::from(order.queries),
        Cell::from(order.ambiguous_host.as_ref()),
        Cell::from(order.fence),
        Cell::from(holder.map(|holder| &holder.owner)),
        Cell::from(holder.map(purpose)),
        Cell::from(holder.map(|holder| holder.until)),
        Cell::from(holder.map(|holder| &holder.boot)),
        Cell::from(order.state_before.map(State::as_str)),
        Cell::from(order.ambiguous_before),
        Cell::from(order.host_before.as_ref()),
        Cell::from(order.first_boot.as_ref().map(|(boot, _)| boot)),
        Cell::from(order.first_boot.as_ref().map(|(_, ms)| *ms)),
        Cell::from(order.counted_day.as_ref()),
        Cell::from(order.rev),
    ]
}

/// The columns of an order's row behind `seq`.
pub(crate) fn columns() -> impl Iterator<Item = (&'static str, Kind)> {
    FIXED.iter().chain(&CHANGING).copied()
}

/// An order from `seq`, [`FIXED`] and [`CHANGING`]. What a writer of ours can't have written is refused: a row
/// that was damaged, by hand or otherwise, must not be half believed.
pub(crate) fn order(seq: i64, cells: Vec<Cell>) -> Result<Order, JournalError> {
    let row = &mut Row::new(format!("order {seq}"), columns(), cells);
    let id = OrderId::new(row.needed_text()?, row.needed_text()?);
    let identity = Identity {
        kind: row.needed_text()?,
        sub_mch_id: row.needed_text()?,
        wxappid: row.needed_text()?,
        re_openid: row.needed_text()?,
        total_amount: row.number()?,
        total_num: row.number()?,
        consume_mch_id: row.needed_text()?,
    };
    let created_at = row.needed_moment()?;
    let order = Order {
        id,
        identity,
        created_at,
        seq,
        intent: row.text()?,
        fields: decode_fields(row)?,
        state: row.needed_word(State::ALL, State::as_str)?,
        ambiguous: row.flag()?,
        failed: row.flag()?,
        may_attempt: row.flag()?,
        suspect: row.flag()?,
        attempts: row.number()?,
        reached: row.number()?,
        updated_at: row.needed_moment()?,
        first_attempt_at: row.moment()?,
        advice: row.word(Advice::ALL, Advice::as_str)?.map(|advice| advice.as_str().to_owned()),
        scope: row.word(Scope::ALL, Scope::as_str)?.map(|scope| scope.as_str().to_owned()),
        err_code: row.text()?,
        not_before: row.moment()?,
        send_listid: row.text()?,
        query_status: row.text()?,
        queried_at: row.moment()?,
        queries: row.number()?,
        ambiguous_host: row.text()?,
        fence: row.count()?,
        holder: holder(row)?,
        state_before: row.word(State::ALL, State::as_str)?,
        ambiguous_before: row.flag()?,
        host_before: row.text()?,
        first_boot: match (row.text()?, row.int()?) {
            (None, None) => None,
            (Some(boot), Some(ms)) => Some((boot, ms)),
            _ => return Err(row.damaged("nothing, or first_boot does: both are set or neither")),
        },
        counted_day: row.text()?,
        rev: row.count()?,
    };
    contradiction(&order).map_or(Ok(order), |(column, what)| Err(row.damaged_at(column, what)))
}

/// Who works on the order: all four columns, or none.
fn holder(row: &mut Row) -> Result<Option<Holder>, JournalError> {
    let owner = row.text()?;
    let purpose = row.word(&["attempt", "query"], |word| word)?;
    let (until, boot) = (row.int()?, row.text()?);
    match (owner, purpose, until, boot) {
        (None, None, None, None) => Ok(None),
        (Some(owner), Some(purpose), Some(until), Some(boot)) => {
            let purpose = if purpose == "attempt" { Purpose::Attempt } else { Purpose::Query };
            Ok(Some(Holder { owner, purpose, until, boot }))
        }
        _ => Err(row.damaged_at("holder", "only a part: its four columns are all set or all empty")),
    }
}

/// What no sequence of writes of ours leaves together, and would be believed in a question of money.
fn contradiction(order: &Order) -> Option<(&'static str, &'static str)> {
    let done = order.state.is_settled();
    let may_have_failed = matches!(order.state, State::Rejected | State::Closed | State::Manual);
    if order.state == State::Closed && (order.ambiguous || order.suspect) {
        Some(("state", "\"closed\" of an order that is ambiguous or suspected"))
    } else if order.failed && !may_have_failed {
        Some(("failed", "1 of an order whose state no failed order has"))
    } else if order.may_attempt && (done || order.failed) {
        Some(("may_attempt", "1 of an order that is never attempted again"))
    } else if order.state == State::Sending && order.state_before.is_none() {
        Some(("state_before", "nothing of an order that is being sent"))
    } else {
        None
    }
}

/// Everything but the characters that need no escape in `name=value&name=value`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.');

fn encode_fields(fields: &Fields) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            format!("{}={}", utf8_percent_encode(name, ESCAPED), utf8_percent_encode(value, ESCAPED))
        })
        .collect();
    pairs.join("&")
}

fn decode_fields(row: &mut Row) -> Result<Fields, JournalError> {
    let text = row.needed_text()?;
    let decode = |part: &str| {
        let decoded = percent_decode_str(part).decode_utf8();
        decoded.map(std::borrow::Cow::into_owned).map_err(|_| row.damaged("a field that is not UTF-8"))
    };
    let mut fields = Fields::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| row.damaged("a field without a value"))?;
        if fields.insert(decode(name)?, decode(value)?).is_some() {
            return Err(row.damaged("a field twice"));
        }
    }
    Ok(fields)
}
