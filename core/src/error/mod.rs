//! The one error type: every way in which a call did not end in "sent" or in an answered query.

mod kind;
mod problem;

pub use kind::ErrorKind;
pub use problem::Problem;

use std::fmt;

use crate::answer::Answer;
use crate::credentials::CredentialFault;
use crate::journal::Order;
use crate::outcome::{Advice, Outcome, Scope, Verdict};
use crate::secret::{Secret, cut, mask_openids_in, told_by_service};
use crate::timestamp::Timestamp;

/// What a call was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Building a client, loading credentials, making a number: nothing is ever sent.
    Setup,
    /// A send, or a generic call.
    Send,
    /// A query: whatever happens to it says nothing of the order.
    Query,
}

/// What came back from the server, whether or not it could be understood.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// The HTTP status.
    pub http_status: u16,
    /// The body, at most 1 MiB of it.
    pub body: Vec<u8>,
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Received(http {}, {} bytes)", self.http_status, self.body.len())
    }
}

/// A call that did not end well. **Read [`Error::outcome`] and [`Error::advice`], not the kind, to decide
/// what to do**: only [`Advice::NewOrderAllowed`] permits a new order, and of errors only those about an order
/// that a journal has as closed carry it.
///
/// `Display` is one line without secrets, openids masked; the service's own texts are in it for people and
/// must not be branched on.
#[derive(Clone)]
pub struct Error {
    inner: Box<Inner>,
}

/// An order number as the caller gave it. Whoever mixes up the fields gives an openid: people don't see it.
#[derive(Clone)]
struct Number(String);

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&cut(mask_openids_in(&single_line(&self.0)), LONGEST_CODE), f)
    }
}

// Each field's own `Debug` keeps secrets and openids to itself.
#[derive(Debug, Clone)]
struct Inner {
    kind: ErrorKind,
    operation: Operation,
    verdict: Verdict,
    not_before: Option<Timestamp>,
    message: String,
    mch_billno: Option<Number>,
    attempts: u32,
    problems: Vec<Problem>,
    answer: Option<Answer>,
    /// The answer's `err_code` and its text, as they may be shown.
    err_code: Option<String>,
    err_code_des: Option<String>,
    received: Option<Received>,
    credential_fault: Option<CredentialFault>,
    /// The order as the journal has it after the call.
    order: Option<Order>,
    /// The outcome of the call's own attempt, where the journal knows more than that.
    attempt_outcome: Option<Outcome>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, operation: Operation, message: impl Into<String>) -> Self {
        let verdict = kind.verdict();
        let inner = Inner {
            kind,
            operation,
            verdict,
            not_before: None,
            message: cut(mask_openids_in(&single_line(&message.into())), LONGEST_MESSAGE),
            mch_billno: None,
            attempts: 0,
            problems: Vec::new(),
            answer: None,
            err_code: None,
            err_code_des: None,
            received: None,
            credential_fault: None,
            order: None,
            attempt_outcome: None,
        };
        Self { inner: Box::new(inner) }.judged(verdict)
    }

    pub(crate) fn invalid(operation: Operation, problems: Vec<Problem>) -> Self {
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let mut error = Self::new(ErrorKind::InvalidRequest, operation, list.join("; "));
        error.inner.problems = problems;
        error
    }

    /// Sets the verdict. A failed query says nothing of the order: whatever happened, the order's outcome
    /// stays unknown and the query is to be asked again, unless request or setup must be mended first.
    pub(crate) fn judged(mut self, verdict: Verdict) -> Self {
        self.inner.verdict = verdict;
        if self.inner.operation == Operation::Query {
            self.inner.verdict.outcome = Outcome::Unknown;
            let local =
                verdict.outcome == Outcome::NotSent || self.inner.kind == ErrorKind::ClientCertificateDoubted;
            if !(local && matches!(verdict.advice, Advice::FixOrder | Advice::FixSetup)) {
                self.inner.verdict.advice = Advice::QueryFirst;
            }
        }
        let verdict = self.inner.verdict;
        self.inner.not_before = verdict.wait.not_before(Timestamp::now());
        self
    }

    /// Names the order; what is already named stays.
    pub(crate) fn for_order(mut self, mch_billno: Option<&str>) -> Self {
        if self.inner.mch_billno.is_none() {
            self.inner.mch_billno = mch_billno.map(|number| Number(number.to_owned()));
        }
        self
    }

    /// The same error met in the course of another operation: a query that was given up says nothing of its order.
    pub fn during(mut self, operation: Operation) -> Self {
        self.inner.operation = operation;
        let verdict = self.inner.kind.verdict();
        self.judged(verdict)
    }

    pub(crate) fn with_credential_fault(mut self, fault: CredentialFault) -> Self {
        self.inner.credential_fault = Some(fault);
        self
    }

    pub(crate) fn with_answer(mut self, answer: Answer) -> Self {
        let shown = |name: &str, most| answer.text(name).map(|text| told_by_service(text, most));
        self.inner.err_code = shown("err_code", LONGEST_CODE);
        self.inner.err_code_des =
            shown("err_code_des", LONGEST_TEXT).or_else(|| shown("return_msg", LONGEST_TEXT));
        self.inner.answer = Some(answer);
        self
    }

    pub(crate) fn with_received(mut self, received: Received) -> Self {
        self.inner.received = Some(received);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        self
    }

    pub(crate) fn with_scope(mut self, scope: Scope) -> Self {
        self.inner.verdict.scope = scope;
        self
    }

    pub(crate) fn masking(mut self, openid: Option<&str>) -> Self {
        if let Some(openid) = openid.filter(|openid| !openid.is_empty()) {
            let Inner { message, err_code, err_code_des, .. } = &mut *self.inner;
            for text in [Some(message), err_code.as_mut(), err_code_des.as_mut()].into_iter().flatten() {
                *text = text.replace(openid, &crate::secret::mask_openid(openid));
            }
        }
        self
    }

    /// A server that repeats the key in its words must not bring it into a log.
    pub(crate) fn without_key(mut self, key: &Secret) -> Self {
        let key = key.expose();
        let inner = &mut *self.inner;
        let told = [Some(&mut inner.message), inner.err_code.as_mut(), inner.err_code_des.as_mut()];
        for text in told.into_iter().flatten().filter(|text| !key.is_empty() && text.contains(key)) {
            *text = text.replace(key, "***");
        }
        self
    }

    /// What the journal makes of it: the order's own outcome and advice take the place of the attempt's.
    pub(crate) fn of_order(mut self, order: Order, verdict: Verdict, not_before: Option<Timestamp>) -> Self {
        self.inner.attempt_outcome = Some(self.inner.verdict.outcome);
        self.inner.verdict = verdict;
        self.inner.not_before = not_before;
        self.inner.order = Some(order);
        self
    }

    /// Names the order that stood in the way: outcome and advice stay the call's own.
    pub(crate) fn beside_order(mut self, order: &Order) -> Self {
        self.inner.order = Some(order.clone());
        self
    }

    pub(crate) fn not_before_time(mut self, time: Option<Timestamp>) -> Self {
        self.inner.not_before = time.or(self.inner.not_before);
        self
    }

    /// The order as the journal has it after the call; `None` without a journal. Of an
    /// [`ErrorKind::OrderConflict`] the order that stood in the way, of which outcome and advice don't speak.
    pub fn order(&self) -> Option<&Order> {
        self.inner.order.as_ref()
    }

    /// The outcome of the call's own attempt; with a journal, [`Error::outcome`] is the order's.
    pub fn attempt_outcome(&self) -> Outcome {
        self.inner.attempt_outcome.unwrap_or(self.inner.verdict.outcome)
    }

    /// For a host that queues calls: the call never started, so nothing was sent.
    pub fn not_started(mch_billno: &str) -> Self {
        Self::new(ErrorKind::NotStarted, Operation::Send, "the call never started")
            .for_order(named(mch_billno))
    }

    /// For a host whose caller gave up while a send was under way: the order's outcome is unknown.
    pub fn aborted(mch_billno: &str) -> Self {
        Self::new(ErrorKind::Aborted, Operation::Send, "aborted while the request was under way")
            .for_order(named(mch_billno))
            .with_attempts(1)
    }

    /// For the panic boundary of a host: how far the call came is not known, so the order's outcome isn't either.
    pub fn panicked(mch_billno: &str) -> Self {
        Self::new(ErrorKind::Panic, Operation::Send, "a defect, caught: the outcome is unknown")
            .for_order(named(mch_billno))
            .with_attempts(1)
    }

    /// What happened.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// What the call was about.
    pub fn operation(&self) -> Operation {
        self.inner.operation
    }

    /// What is known of the order's money. Of a failed query always [`Outcome::Unknown`]; of an
    /// [`ErrorKind::OrderConflict`] it says only that this call sent nothing.
    pub fn outcome(&self) -> Outcome {
        self.inner.verdict.outcome
    }

    /// What to do next.
    pub fn advice(&self) -> Advice {
        self.inner.verdict.advice
    }

    /// Whom else it concerns.
    pub fn scope(&self) -> Scope {
        self.inner.verdict.scope
    }

    /// The earliest time to follow the advice, where one is given.
    pub fn not_before(&self) -> Option<Timestamp> {
        self.inner.not_before
    }

    /// One line for people, openids masked.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The order that the call was about; `None` only where the caller gave none.
    pub fn mch_billno(&self) -> Option<&str> {
        self.inner.mch_billno.as_ref().map(|number| &*number.0)
    }

    /// How many times the request can have reached the service: 0 or 1.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The service's code, where it answered with one: openids masked, as in all of an error but
    /// [`Error::answer`] and [`Error::received`].
    pub fn err_code(&self) -> Option<&str> {
        self.inner.err_code.as_deref()
    }

    /// The service's text for people, openids masked. Never branch on it.
    pub fn err_code_des(&self) -> Option<&str> {
        self.inner.err_code_des.as_deref()
    }

    /// Every broken field rule of a request that was refused locally.
    pub fn problems(&self) -> &[Problem] {
        &self.inner.problems
    }

    /// What is wrong with the credentials, where they are the trouble.
    pub fn credential_fault(&self) -> Option<CredentialFault> {
        self.inner.credential_fault
    }

    /// The answer with every field as it came, where it could be read. It may hold an openid in clear.
    pub fn answer(&self) -> Option<&Answer> {
        self.inner.answer.as_ref()
    }

    /// HTTP status and body as they came, where anything came. The body may hold an openid in clear.
    pub fn received(&self) -> Option<&Received> {
        self.inner.received.as_ref()
    }

    /// The HTTP status, where there was one.
    pub fn http_status(&self) -> Option<u16> {
        self.inner.received.as_ref().map(|received| received.http_status)
    }
}

/// An order number, where there is one.
fn named(mch_billno: &str) -> Option<&str> {
    Some(mch_billno).filter(|number| !number.is_empty())
}

/// The longest `message`, in characters. Every broken rule of a request is to fit in.
const LONGEST_MESSAGE: usize = 2000;
/// The longest `err_code` that is shown: a code, not whatever a server puts in its place.
pub(crate) const LONGEST_CODE: usize = 128;
/// The longest text of the service that is shown.
pub(crate) const LONGEST_TEXT: usize = 500;

/// Texts from outside must not break a log's line or steer a terminal.
fn single_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { verdict, message, mch_billno, .. } = &*self.inner;
        write!(f, "{} ({}): {message}", verdict.outcome, verdict.advice)?;
        match mch_billno {
            Some(number) => {
                write!(f, " [order {}]", cut(mask_openids_in(&single_line(&number.0)), LONGEST_CODE))
            }
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.inner, f)
    }
}

impl std::error::Error for Error {}
