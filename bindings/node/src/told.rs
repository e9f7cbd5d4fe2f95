//! Results and errors as JSON text: what the event loop can read quickest.

use std::io::{self, Write};

use redpack::journal::{JournalError, JournalErrorKind, Order, Refusal};
use redpack::xml::Element;
use redpack::{Advice, Answer, Error, ErrorKind, Outcome, Problem, Scope, Timestamp, Verdict};
use serde::Serialize;
use serde_json::ser::Formatter;

/// JavaScript's numbers are exact up to here.
const MAX_SAFE_INTEGER: u64 = 9_007_199_254_740_991;

/// Why a call did not end well.
pub enum Fault {
    Core(Box<Error>),
    Journal(JournalError),
    Problems(Problems),
}

/// Arguments that break rules, before there is a request to judge.
pub struct Problems {
    pub broken: Vec<Problem>,
    /// Of a query they say nothing of the order.
    pub asks: bool,
    pub mch_billno: String,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Core(Box::new(error))
    }
}

impl From<JournalError> for Fault {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::Problems(Problems { broken: vec![problem], asks: false, mch_billno: String::new() })
    }
}

impl Fault {
    /// An argument that breaks a rule; the rule is the end of a sentence that starts with the name.
    pub fn argument(field: &'static str, rule: &'static str, length: usize) -> Self {
        Problem { field: field.into(), rule: rule.into(), length }.into()
    }

    /// As a JavaScript exception that carries the JSON: `lib/errors.js` makes a RedpackError of it.
    pub fn thrown(&self) -> napi::Error {
        napi::Error::from_reason(self.json())
    }

    pub fn json(&self) -> String {
        match self {
            Self::Core(error) => json(&ErrorTold::of_core(error)),
            Self::Journal(error) => json(&ErrorTold::of_journal(error)),
            Self::Problems(problems) => json(&ErrorTold::of_problems(problems)),
        }
    }
}

/// All that is to be said of an error.
#[derive(Serialize)]
struct ErrorTold<'a> {
    kind: &'static str,
    message: String,
    outcome: Outcome,
    advice: Advice,
    scope: Scope,
    not_before: Option<Timestamp>,
    err_code: Option<&'a str>,
    err_code_des: Option<&'a str>,
    mch_billno: Option<&'a str>,
    http_status: Option<u16>,
    attempts: u32,
    attempt_outcome: Outcome,
    problems: &'a [Problem],
    credential_fault: Option<redpack::CredentialFault>,
    answer: Option<&'a Answer>,
    order: Option<&'a Order>,
    body: Option<String>,
}

impl<'a> ErrorTold<'a> {
    fn plain(kind: &'static str, message: String, verdict: Verdict) -> Self {
        Self {
            kind,
            message,
            outcome: verdict.outcome,
            advice: verdict.advice,
            scope: verdict.scope,
            not_before: None,
            err_code: None,
            err_code_des: None,
            mch_billno: None,
            http_status: None,
            attempts: 0,
            attempt_outcome: verdict.outcome,
            problems: &[],
            credential_fault: None,
            answer: None,
            order: None,
            body: None,
        }
    }

    fn of_core(error: &'a Error) -> Self {
        Self {
            kind: error.kind().as_str(),
            message: error.to_string(),
            outcome: error.outcome(),
            advice: error.advice(),
            scope: error.scope(),
            not_before: error.not_before(),
            err_code: error.err_code(),
            err_code_des: error.err_code_des(),
            mch_billno: error.mch_billno(),
            http_status: error.http_status(),
            attempts: error.attempts(),
            attempt_outcome: error.attempt_outcome(),
            problems: error.problems(),
            credential_fault: error.credential_fault(),
            answer: error.answer(),
            order: error.order(),
            body: error.received().map(|received| String::from_utf8_lossy(&received.body).into_owned()),
        }
    }

    fn of_journal(error: &'a JournalError) -> Self {
        let refused = error.kind() == JournalErrorKind::Refused;
        let advice = if refused { Advice::FixOrder } else { Advice::FixSetup };
        let verdict = Verdict { advice, ..ErrorKind::InvalidRequest.verdict() };
        let order = error.refusal().and_then(Refusal::order);
        Self { order, ..Self::plain(error.kind().as_str(), error.to_string(), verdict) }
    }

    fn of_problems(given: &'a Problems) -> Self {
        let list: Vec<String> = given.broken.iter().map(ToString::to_string).collect();
        let kind = ErrorKind::InvalidRequest;
        let verdict = kind.verdict();
        let verdict = if given.asks { Verdict { outcome: Outcome::Unknown, ..verdict } } else { verdict };
        let message = format!("{} ({}): {}", verdict.outcome, verdict.advice, list.join("; "));
        let mch_billno = Some(&*given.mch_billno).filter(|number| !number.is_empty());
        Self { problems: &given.broken, mch_billno, ..Self::plain(kind.as_str(), message, verdict) }
    }
}

/// An element with its children in the document's order, which an object by names would lose.
#[derive(Serialize)]
pub struct Node<'a> {
    name: &'a str,
    text: &'a str,
    children: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    pub fn new(element: &'a Element) -> Self {
        Self {
            name: &element.name,
            text: &element.text,
            children: element.children.iter().map(Node::new).collect(),
        }
    }
}

/// Numbers beyond JavaScript's go as `{"$bigint":"…"}`, which `lib/calls.js` turns into a BigInt.
struct Exact;

impl Formatter for Exact {
    fn write_u64<W: Write + ?Sized>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        if value > MAX_SAFE_INTEGER {
            write!(writer, r#"{{"$bigint":"{value}"}}"#)
        } else {
            write!(writer, "{value}")
        }
    }
}

/// The core's results as they serialise themselves, which can't fail.
pub fn json(value: &impl Serialize) -> String {
    let mut text = Vec::with_capacity(1024);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Exact);
    match value.serialize(&mut serializer) {
        Ok(()) => String::from_utf8(text).unwrap_or_default(),
        Err(_) => String::new(),
    }
}
