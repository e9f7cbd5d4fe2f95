//! The journal, read from JavaScript, and its queue paused.

use std::time::Duration;

use redpack::Client;
use redpack::journal::{List, OrderId, State};
use serde::Deserialize;

use crate::told::{Fault, json};

/// What is asked of the journal. `lib/journal.js` writes it. The merchant is the client's.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum JournalAsked {
    Order { mch_billno: String },
    OrderOfIntent { intent: String },
    Attempts { mch_billno: String },
    Decisions { mch_billno: String },
    List { state: Option<String>, after: i64, limit: u32 },
    Pause { reason: String, length_ms: u64 },
    Resume,
    Paused,
    SpentToday { re_openid: Option<String> },
    Suspected,
    AcceptRestore { who: String, why: String },
}

impl JournalAsked {
    pub fn answer(&self, client: &Client) -> Result<String, Fault> {
        let rule = "is not there: give the client one (the setting journal)";
        let journal = client.journal().ok_or_else(|| Fault::argument("journal", rule, 0))?;
        let mch_id = client.mch_id();
        Ok(match self {
            Self::Order { mch_billno } => json(&journal.order(&OrderId::new(mch_id, mch_billno))?),
            Self::OrderOfIntent { intent } => json(&journal.order_of_intent(&mch_id, intent)?),
            Self::Attempts { mch_billno } => json(&journal.attempts(&OrderId::new(mch_id, mch_billno))?),
            Self::Decisions { mch_billno } => json(&journal.decisions(&OrderId::new(mch_id, mch_billno))?),
            Self::List { state, after, limit } => {
                let state = state.as_deref().map(state_of).transpose()?;
                json(&journal.list(&List { mch_id: Some(mch_id), state, after: *after, limit: *limit })?)
            }
            Self::Pause { reason, length_ms } => {
                let length = (*length_ms > 0).then(|| Duration::from_millis(*length_ms));
                json(&journal.pause(&mch_id, length, reason)?)
            }
            Self::Resume => json(&journal.resume(&mch_id)?),
            Self::Paused => json(&journal.paused(&mch_id)?.map(|pause| pause.reason)),
            Self::SpentToday { re_openid } => json(&journal.spent_today(&mch_id, re_openid.as_deref())?),
            Self::Suspected => json(&journal.restore()?.is_some()),
            Self::AcceptRestore { who, why } => json(&journal.accept_restore(who, why)?),
        })
    }
}

fn state_of(word: &str) -> Result<State, Fault> {
    State::from_word(word).ok_or_else(|| Fault::argument("state", "is no state of an order", word.len()))
}
