//! What is said of one order of the journal: as JSON, and to people.

use std::process::ExitCode;

use redpack::journal::State;
use redpack::{Advice, Error, ErrorKind, Fen, Outcome, Problem, Scope, Settlement, Timestamp, mask_openid};
use serde::Serialize;

use crate::lines::{Lines, amount};
use crate::trouble::Trouble;
use crate::words::{self, Label, Lang, journal};

/// The keys are a promise, as those of a send.
#[derive(Serialize)]
pub struct OrderReport {
    pub outcome: Outcome,
    pub advice: Advice,
    pub scope: Scope,
    pub mch_billno: Option<String>,
    pub intent: Option<String>,
    pub state: Option<State>,
    pub attempts: u32,
    pub queries: u32,
    pub hosts: Vec<String>,
    pub look_again: Option<Timestamp>,
    /// The same, by the name that a send has for it.
    pub not_before: Option<Timestamp>,
    pub err_code: Option<String>,
    pub send_listid: Option<String>,
    pub total_amount: Option<Fen>,
    pub message: String,
    pub trouble: Option<String>,
    pub kind: Option<ErrorKind>,
    pub problems: Vec<Problem>,
    pub credential_fault: Option<redpack::CredentialFault>,
    /// Masked.
    #[serde(skip)]
    recipient: Option<String>,
    /// Trouble with the settings, in the reader's language.
    #[serde(skip)]
    people: Option<String>,
}

impl OrderReport {
    /// Nobody knows anything yet.
    pub fn blank(mch_billno: Option<&str>, intent: Option<&str>) -> Self {
        let verdict = ErrorKind::NotPermitted.verdict();
        Self {
            outcome: verdict.outcome,
            advice: verdict.advice,
            scope: verdict.scope,
            mch_billno: mch_billno.map(str::to_owned),
            intent: intent.map(str::to_owned),
            state: None,
            attempts: 0,
            queries: 0,
            hosts: Vec::new(),
            look_again: None,
            not_before: None,
            err_code: None,
            send_listid: None,
            total_amount: None,
            message: String::new(),
            trouble: None,
            kind: None,
            problems: Vec::new(),
            credential_fault: None,
            recipient: None,
            people: None,
        }
    }

    pub fn of(settlement: &Settlement) -> Self {
        let order = &settlement.order;
        let masked = mask_openid(&order.identity.re_openid);
        let hide = |text: &String| text.replace(&order.identity.re_openid, &masked);
        Self {
            outcome: settlement.outcome,
            advice: settlement.advice,
            scope: settlement.scope,
            state: Some(order.state),
            attempts: settlement.attempts,
            queries: settlement.queries,
            hosts: settlement.hosts.clone(),
            look_again: settlement.look_again,
            not_before: settlement.look_again,
            err_code: order.err_code.clone(),
            send_listid: order.send_listid.clone(),
            total_amount: Some(Fen(order.identity.total_amount)),
            message: journal::state(Lang::En, order.state).into(),
            trouble: settlement.trouble.as_ref().map(hide),
            recipient: Some(masked.clone()),
            ..Self::blank(Some(&order.id.mch_billno), order.intent.as_deref())
        }
    }

    /// The operation failed. If it was about an order, that order's state counts.
    pub fn failed(self, error: &Error) -> Self {
        let order = error.order();
        Self {
            outcome: error.outcome(),
            advice: error.advice(),
            scope: error.scope(),
            mch_billno: error.mch_billno().map(str::to_owned).or(self.mch_billno.clone()),
            intent: order.and_then(|order| order.intent.clone()).or(self.intent.clone()),
            state: order.map(|order| order.state),
            look_again: error.not_before(),
            not_before: error.not_before(),
            err_code: order.and_then(|order| order.err_code.clone()),
            send_listid: order.and_then(|order| order.send_listid.clone()),
            total_amount: order.map(|order| Fen(order.identity.total_amount)),
            message: error.message().to_owned(),
            trouble: Some(error.message().to_owned()),
            kind: Some(error.kind()),
            problems: error.problems().to_vec(),
            credential_fault: error.credential_fault(),
            ..self
        }
    }

    /// Nothing could be called. `not_sent` is true only of a new order: `known` says that the order may have
    /// been sent before.
    pub fn refused(self, trouble: Option<&Trouble>, problems: Vec<Problem>, known: bool, lang: Lang) -> Self {
        let kind = trouble.map_or(ErrorKind::InvalidRequest, Trouble::kind);
        let verdict = kind.verdict();
        let messages = trouble.map(|trouble| trouble.message(Lang::En)).into_iter();
        let messages: Vec<String> = messages.chain(problems.iter().map(ToString::to_string)).collect();
        Self {
            outcome: if known { Outcome::Unknown } else { verdict.outcome },
            advice: verdict.advice,
            scope: verdict.scope,
            message: messages.join("; "),
            trouble: Some(messages.join("; ")),
            kind: Some(kind),
            credential_fault: trouble.and_then(Trouble::credential_fault),
            people: trouble.map(|trouble| trouble.message(lang)),
            problems,
            ..self
        }
    }

    pub fn people(&self, lang: Lang) -> String {
        let (word, meaning) = match self.state {
            Some(state) => (state.as_str(), journal::state(lang, state)),
            None => (self.outcome.as_str(), words::outcome(lang, self.outcome)),
        };
        let mut lines = Lines::new(lang, word, meaning)
            .maybe(Label::Order, self.mch_billno.as_deref())
            .maybe(Label::Intent, self.intent.as_deref())
            .maybe(Label::Amount, self.total_amount.map(|fen| amount(lang, fen)).as_deref())
            .maybe(Label::Recipient, self.recipient.as_deref())
            .maybe(Label::Listid, self.send_listid.as_deref());
        if self.attempts > 0 || self.queries > 0 {
            lines = lines.line(Label::Calls, &journal::made(lang, self.attempts, self.queries, &self.hosts));
        }
        if let Some(text) = &self.people {
            lines = lines.line(Label::Reason, text);
        } else if let Some(trouble) = self.trouble.as_ref().filter(|_| self.problems.is_empty()) {
            lines = lines.line(Label::Reason, &words::explained(lang, self.kind, trouble));
        }
        for problem in &self.problems {
            lines = lines.line(Label::Reason, &problem.to_string());
        }
        let next = format!("{} ({})", words::advice(lang, self.advice), self.advice);
        lines
            .line(Label::Next, &next)
            .maybe(Label::LookAgain, self.look_again.map(|time| time.to_string()).as_deref())
            .maybe(Label::Concerns, words::scope(lang, self.scope))
            .done()
    }
}

/// The exit status that a send's outcome has.
pub fn status(outcome: Outcome) -> ExitCode {
    ExitCode::from(match outcome {
        Outcome::Sent => 0,
        Outcome::NotSent => 10,
        Outcome::Rejected => 11,
        Outcome::Unknown => 12,
        Outcome::Pending => 13,
    })
}
