//! A row's cells read in sequence. Whatever is wrong with one is told with the name of its column.

use super::cells::{Cell, Kind};
use super::error::{JournalError, JournalErrorKind};
use super::moment::Moment;
use super::order::{AttemptRow, Decision};
use crate::outcome::{Advice, Outcome};
use crate::transport::Phase;

/// One row under its reader.
pub(crate) struct Row {
    /// Which row, for people: the table and the row's own number.
    which: String,
    columns: Vec<(&'static str, Kind)>,
    cells: std::vec::IntoIter<Cell>,
    next: usize,
}

/// The last millisecond that four-digit years have. Later moments, and those before 1970, are not from a clock.
const LAST_MOMENT: i64 = 253_402_300_799_999;
/// Fences and revisions are counted up one by one: none is ever near the end of its type.
const MOST: i64 = i64::MAX / 2;

pub(crate) fn corrupt(what: &str) -> JournalError {
    JournalError::new(JournalErrorKind::Corrupt, format!("the journal holds {what}"))
}

impl Row {
    pub fn new(
        which: impl Into<String>,
        columns: impl IntoIterator<Item = (&'static str, Kind)>,
        cells: Vec<Cell>,
    ) -> Self {
        Self {
            which: which.into(),
            columns: columns.into_iter().collect(),
            cells: cells.into_iter(),
            next: 0,
        }
    }

    /// An error about the column that was read last.
    pub fn damaged(&self, what: &str) -> JournalError {
        let column = self.columns.get(self.next.saturating_sub(1)).map_or("a column", |(name, _)| name);
        self.damaged_at(column, what)
    }

    /// An error about a column.
    pub fn damaged_at(&self, column: &str, what: &str) -> JournalError {
        let which = &self.which;
        let message = format!("the journal's row of {which} is damaged: {column} holds {what}");
        JournalError::new(JournalErrorKind::Corrupt, message)
    }

    fn next(&mut self) -> Result<Cell, JournalError> {
        self.next += 1;
        self.cells.next().ok_or_else(|| self.damaged("nothing: the row is too short"))
    }

    pub fn text(&mut self) -> Result<Option<String>, JournalError> {
        match self.next()? {
            Cell::Null => Ok(None),
            Cell::Text(text) => Ok(Some(text)),
            Cell::Int(_) => Err(self.damaged("a number where a text should be")),
        }
    }

    pub fn int(&mut self) -> Result<Option<i64>, JournalError> {
        match self.next()? {
            Cell::Null => Ok(None),
            Cell::Int(number) => Ok(Some(number)),
            Cell::Text(_) => Err(self.damaged("a text where a number should be")),
        }
    }

    pub fn needed_text(&mut self) -> Result<String, JournalError> {
        self.text()?.ok_or_else(|| self.damaged("nothing where a text should be"))
    }

    pub fn needed_int(&mut self) -> Result<i64, JournalError> {
        self.int()?.ok_or_else(|| self.damaged("nothing where a number should be"))
    }

    pub fn number<T: TryFrom<i64>>(&mut self) -> Result<T, JournalError> {
        T::try_from(self.needed_int()?).map_err(|_| self.damaged("a number that is out of range"))
    }

    /// A number that is counted up from zero.
    pub fn count(&mut self) -> Result<i64, JournalError> {
        let number = self.needed_int()?;
        if (0..=MOST).contains(&number) {
            Ok(number)
        } else {
            Err(self.damaged("a number that is out of range"))
        }
    }

    pub fn flag(&mut self) -> Result<bool, JournalError> {
        match self.needed_int()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.damaged("a number that is neither 0 nor 1")),
        }
    }

    pub fn moment(&mut self) -> Result<Option<Moment>, JournalError> {
        match self.int()? {
            None => Ok(None),
            Some(ms) if (0..=LAST_MOMENT).contains(&ms) => Ok(Some(Moment(ms))),
            Some(_) => Err(self.damaged("a time that no clock shows")),
        }
    }

    pub fn needed_moment(&mut self) -> Result<Moment, JournalError> {
        self.moment()?.ok_or_else(|| self.damaged("nothing where a time should be"))
    }

    /// One of our words, or nothing.
    pub fn word<T: Copy>(
        &mut self,
        all: &[T],
        spelling: fn(T) -> &'static str,
    ) -> Result<Option<T>, JournalError> {
        let Some(text) = self.text()? else { return Ok(None) };
        let known = all.iter().copied().find(|word| spelling(*word) == text);
        known.map(Some).ok_or_else(|| self.damaged("a word that this version doesn't know"))
    }

    pub fn needed_word<T: Copy>(
        &mut self,
        all: &[T],
        spelling: fn(T) -> &'static str,
    ) -> Result<T, JournalError> {
        self.word(all, spelling)?.ok_or_else(|| self.damaged("nothing where a word should be"))
    }
}

use Kind::{Int, Text};

/// The columns of an attempt, in the order in which both engines ask for them.
pub(crate) const ATTEMPT: [(&str, Kind); 13] = [
    ("fence", Int),
    ("number", Int),
    ("host", Text),
    ("owner", Text),
    ("began_at", Int),
    ("finished_at", Int),
    ("outcome", Text),
    ("advice", Text),
    ("err_code", Text),
    ("http_status", Int),
    ("phase", Text),
    ("elapsed_ms", Int),
    ("late", Int),
];

const PHASES: [Phase; 7] = [
    Phase::Start,
    Phase::Resolve,
    Phase::Connect,
    Phase::Handshake,
    Phase::Ready,
    Phase::Send,
    Phase::Answer,
];

/// An attempt from [`ATTEMPT`].
pub(crate) fn attempt(cells: Vec<Cell>) -> Result<AttemptRow, JournalError> {
    let row = &mut Row::new("an attempt", ATTEMPT, cells);
    let optional = |row: &mut Row| match row.int()? {
        None => Ok(None),
        Some(status) => {
            u16::try_from(status).map(Some).map_err(|_| row.damaged("a number that is no HTTP status"))
        }
    };
    let attempt = AttemptRow {
        fence: row.count()?,
        number: row.number()?,
        host: row.needed_text()?,
        owner: row.needed_text()?,
        began_at: row.needed_moment()?,
        finished_at: row.moment()?,
        outcome: row.word(Outcome::ALL, Outcome::as_str)?.map(|word| word.as_str().to_owned()),
        advice: row.word(Advice::ALL, Advice::as_str)?.map(|word| word.as_str().to_owned()),
        err_code: row.text()?,
        http_status: optional(row)?,
        phase: row.word(&PHASES, Phase::as_str)?.map(|word| word.as_str().to_owned()),
        elapsed_ms: row.int()?,
        late: row.flag()?,
    };
    if attempt.finished_at.is_some() != attempt.outcome.is_some() {
        return Err(row.damaged_at("outcome", "nothing of an ended attempt, or something of one under way"));
    }
    Ok(attempt)
}

/// The columns of an operator's decision.
pub(crate) const DECISION: [(&str, Kind); 5] =
    [("at", Int), ("who", Text), ("why", Text), ("evidence", Text), ("state_before", Text)];

/// A decision from [`DECISION`].
pub(crate) fn decision(cells: Vec<Cell>) -> Result<Decision, JournalError> {
    let row = &mut Row::new("a decision", DECISION, cells);
    Ok(Decision {
        at: row.needed_moment()?,
        who: row.needed_text()?,
        why: row.needed_text()?,
        evidence: row.needed_text()?,
        state_before: row.needed_text()?,
    })
}

/// `fence, number, …`, for a SELECT.
pub(crate) fn names(columns: &[(&str, Kind)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}
