//! An order's row: the columns, once for both engines, and both ways.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::error::{JournalError, JournalErrorKind};
use super::moment::Moment;
use super::order::{Fields, Holder, Identity, Order, OrderId, Purpose};
use super::state::State;

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

/// Reads a row's cells in sequence.
struct Cells<I>(I);

impl<I: Iterator<Item = Cell>> Cells<I> {
    fn next(&mut self) -> Result<Cell, JournalError> {
        self.0.next().ok_or_else(|| corrupt("a row is too short"))
    }
    fn text(&mut self) -> Result<Option<String>, JournalError> {
        match self.next()? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text)),
            Cell::Int(_) => Err(corrupt("a number where a text should be")),
        }
    }
    fn int(&mut self) -> Result<Option<i64>, JournalError> {
        match self.next()? {
            Cell::Null => Ok(None),
            Cell::Int(number) => Ok(Some(number)),
            Cell::Text(_) => Err(corrupt("a text where a number should be")),
        }
    }
    fn needed_text(&mut self) -> Result<String, JournalError> {
        self.text()?.ok_or_else(|| corrupt("a text is missing"))
    }
    fn needed_int(&mut self) -> Result<i64, JournalError> {
        self.int()?.ok_or_else(|| corrupt("a number is missing"))
    }
    fn number<T: TryFrom<i64>>(&mut self) -> Result<T, JournalError> {
        T::try_from(self.needed_int()?).map_err(|_| corrupt("a number is out of range"))
    }
    fn flag(&mut self) -> Result<bool, JournalError> {
        Ok(self.needed_int()? != 0)
    }
    fn moment(&mut self) -> Result<Option<Moment>, JournalError> {
        Ok(self.int()?.map(Moment))
    }
    fn state(&mut self) -> Result<Option<State>, JournalError> {
        let Some(word) = self.text()? else { return Ok(None) };
        State::from_word(&word).map(Some).ok_or_else(|| corrupt("a state that this version doesn't know"))
    }
}

pub(crate) fn corrupt(what: &str) -> JournalError {
    JournalError::new(JournalErrorKind::Corrupt, format!("the journal holds {what}"))
}

/// An order from `seq`, [`FIXED`] and [`CHANGING`].
pub(crate) fn order(seq: i64, cells: impl IntoIterator<Item = Cell>) -> Result<Order, JournalError> {
    let mut row = Cells(cells.into_iter());
    let row = &mut row;
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
    let created_at = Moment(row.needed_int()?);
    let mut order = Order {
        id,
        identity,
        created_at,
        seq,
        intent: row.text()?,
        fields: decode_fields(&row.needed_text()?)?,
        state: row.state()?.ok_or_else(|| corrupt("an order without a state"))?,
        ambiguous: row.flag()?,
        failed: row.flag()?,
        may_attempt: row.flag()?,
        suspect: row.flag()?,
        attempts: row.number()?,
        reached: row.number()?,
        updated_at: Moment(row.needed_int()?),
        first_attempt_at: row.moment()?,
        advice: row.text()?,
        scope: row.text()?,
        err_code: row.text()?,
        not_before: row.moment()?,
        send_listid: row.text()?,
        query_status: row.text()?,
        queried_at: row.moment()?,
        queries: row.number()?,
        ambiguous_host: row.text()?,
        fence: row.needed_int()?,
        holder: None,
        state_before: None,
        ambiguous_before: false,
        host_before: None,
        first_boot: None,
        counted_day: None,
        rev: 0,
    };
    let (owner, purpose, until, boot) = (row.text()?, row.text()?, row.int()?, row.text()?);
    if let (Some(owner), Some(until)) = (owner, until) {
        let purpose = if purpose.as_deref() == Some("attempt") { Purpose::Attempt } else { Purpose::Query };
        order.holder = Some(Holder { owner, purpose, until, boot: boot.unwrap_or_default() });
    }
    order.state_before = row.state()?;
    order.ambiguous_before = row.flag()?;
    order.host_before = row.text()?;
    order.first_boot = row.text()?.zip(row.int()?);
    order.counted_day = row.text()?;
    order.rev = row.needed_int()?;
    Ok(order)
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

fn decode_fields(text: &str) -> Result<Fields, JournalError> {
    let decode = |part: &str| {
        let decoded = percent_decode_str(part).decode_utf8();
        decoded.map(std::borrow::Cow::into_owned).map_err(|_| corrupt("fields that are not UTF-8"))
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or_else(|| corrupt("fields that can't be read"))?;
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}
