//! The error object: all that is to be said of a call that did not end well.

use std::ffi::c_char;
use std::ptr;

use redpack::journal::{JournalErrorKind, Refusal};
use redpack::{Advice, Error, ErrorKind, Operation, Outcome, Problem, Scope};

use crate::answer::redpack_answer;
use crate::boundary::Fault;
use crate::handle::{free, get, lend};
use crate::order::redpack_order;
use crate::status::{redpack_advice, redpack_outcome, redpack_scope, redpack_status};
use crate::text::{Text, seconds, text_at};

/// All that is to be said of a call that did not end well: what is known of the money, what to do next, and
/// why. It holds no secret, and its message no openid.
///
/// Every fallible function takes "redpack_error **error" last. Pass NULL if the status is enough. It is
/// written only on failure, and then the object is yours: free it with redpack_error_free. A pointer in it is
/// overwritten, not freed. An error may be read by several threads.
///
/// Methods: redpack_error_*.
pub struct redpack_error {
    status: redpack_status,
    outcome: redpack_outcome,
    attempt_outcome: redpack_outcome,
    advice: redpack_advice,
    scope: redpack_scope,
    not_before: i64,
    http_status: i32,
    attempts: u32,
    kind: Text,
    message: Text,
    mch_billno: Text,
    err_code: Text,
    err_code_des: Text,
    credential_fault: Text,
    problem_fields: Vec<Text>,
    problem_rules: Vec<Text>,
    problem_lengths: Vec<usize>,
    answer: Option<redpack_answer>,
    order: Option<redpack_order>,
    body: Option<Vec<u8>>,
}

pub(crate) fn status_of(fault: &Fault) -> redpack_status {
    match fault {
        Fault::Null(_) => redpack_status::REDPACK_STATUS_NULL_ARGUMENT,
        Fault::Utf8(..) => redpack_status::REDPACK_STATUS_INVALID_UTF8,
        Fault::Argument(_) => redpack_status::REDPACK_STATUS_INVALID_ARGUMENT,
        Fault::Journal(_) => redpack_status::REDPACK_STATUS_JOURNAL,
        Fault::Panic => redpack_status::REDPACK_STATUS_PANIC,
        Fault::Core(error) if error.kind() == ErrorKind::Panic => redpack_status::REDPACK_STATUS_PANIC,
        Fault::Core(error) if error.operation() == Operation::Setup => redpack_status::REDPACK_STATUS_SETUP,
        Fault::Core(error) => match error.outcome() {
            Outcome::NotSent => redpack_status::REDPACK_STATUS_NOT_SENT,
            Outcome::Rejected => redpack_status::REDPACK_STATUS_REJECTED,
            Outcome::Pending => redpack_status::REDPACK_STATUS_PENDING,
            // An error about an order that was sent after all: the caller reads the outcome.
            Outcome::Unknown | Outcome::Sent => redpack_status::REDPACK_STATUS_UNKNOWN,
        },
    }
}

impl redpack_error {
    pub(crate) fn new(fault: Fault) -> Self {
        let status = status_of(&fault);
        match fault {
            Fault::Null(name) => Self::wrong_call(status, "null_argument", &[problem(name, "is NULL", 0)]),
            Fault::Utf8(name, length) => {
                Self::wrong_call(status, "invalid_utf8", &[problem(name, "is not UTF-8", length)])
            }
            Fault::Argument(problem) => Self::wrong_call(status, "invalid_argument", &[problem]),
            Fault::Core(error) => Self::of_core(status, &error),
            Fault::Journal(error) => {
                let mut told = Self::plain(status, error.kind().as_str(), error.to_string());
                let refused = error.kind() == JournalErrorKind::Refused;
                told.advice = if refused { Advice::FixOrder } else { Advice::FixSetup }.into();
                told.order = error.refusal().and_then(Refusal::order).map(redpack_order::new);
                told
            }
            Fault::Panic => {
                let message =
                    "a defect of the library, caught: if a request was under way, its outcome is unknown";
                let mut told = Self::plain(status, "panic", message.into());
                told.outcome = Outcome::Unknown.into();
                told.attempt_outcome = Outcome::Unknown.into();
                told.advice = Advice::QueryFirst.into();
                told
            }
        }
    }

    fn plain(status: redpack_status, kind: &str, message: String) -> Self {
        Self {
            status,
            outcome: Outcome::NotSent.into(),
            attempt_outcome: Outcome::NotSent.into(),
            advice: Advice::FixOrder.into(),
            scope: Scope::Order.into(),
            not_before: 0,
            http_status: 0,
            attempts: 0,
            kind: Text::new(kind),
            message: Text::new(message),
            mch_billno: Text::default(),
            err_code: Text::default(),
            err_code_des: Text::default(),
            credential_fault: Text::default(),
            problem_fields: Vec::new(),
            problem_rules: Vec::new(),
            problem_lengths: Vec::new(),
            answer: None,
            order: None,
            body: None,
        }
    }

    fn wrong_call(status: redpack_status, kind: &str, problems: &[Problem]) -> Self {
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let mut told = Self::plain(status, kind, list.join("; "));
        told.tell_problems(problems);
        told
    }

    fn tell_problems(&mut self, problems: &[Problem]) {
        self.problem_fields = problems.iter().map(|problem| Text::new(&*problem.field)).collect();
        self.problem_rules = problems.iter().map(|problem| Text::new(&*problem.rule)).collect();
        self.problem_lengths = problems.iter().map(|problem| problem.length).collect();
    }

    fn of_core(status: redpack_status, error: &Error) -> Self {
        let mut told = Self::plain(status, error.kind().as_str(), error.to_string());
        told.outcome = error.outcome().into();
        told.attempt_outcome = error.attempt_outcome().into();
        told.advice = error.advice().into();
        told.scope = error.scope().into();
        told.not_before = seconds(error.not_before());
        told.http_status = error.http_status().map_or(0, i32::from);
        told.attempts = error.attempts();
        told.mch_billno = Text::maybe(error.mch_billno());
        told.err_code = Text::maybe(error.err_code());
        told.err_code_des = Text::maybe(error.err_code_des());
        told.credential_fault = Text::maybe(error.credential_fault().map(redpack::CredentialFault::as_str));
        told.tell_problems(error.problems());
        told.answer = error.answer().map(|answer| redpack_answer::new(answer.root()));
        told.order = error.order().map(redpack_order::new);
        told.body = error.received().map(|received| received.body.clone());
        told
    }
}

fn problem(name: &'static str, rule: &'static str, length: usize) -> Problem {
    Problem { field: name.into(), rule: rule.into(), length }
}

/// Frees an error and all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_free(error: *mut redpack_error) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(error) };
}

/// The status that the function returned. REDPACK_STATUS_NULL_ARGUMENT for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_status(error: *const redpack_error) -> redpack_status {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, redpack_status::REDPACK_STATUS_NULL_ARGUMENT, |error| error.status) }
}

/// What happened, as a word: "timeout", "answer", "invalid_request", "order_conflict", "null_argument" …
/// For logs and metrics; decide by outcome and advice. Valid until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_kind(error: *const redpack_error) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| error.kind.as_ptr()) }
}

/// What is known of the money: with a journal of the order, else of this call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_outcome(error: *const redpack_error) -> redpack_outcome {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, redpack_outcome::REDPACK_OUTCOME_NONE, |error| error.outcome) }
}

/// What is known of this very call; it differs from the outcome where a journal knows more of the order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_attempt_outcome(error: *const redpack_error) -> redpack_outcome {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, redpack_outcome::REDPACK_OUTCOME_NONE, |error| error.attempt_outcome) }
}

/// What to do next. REDPACK_ADVICE_ASK_OPERATOR for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_advice(error: *const redpack_error) -> redpack_advice {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, redpack_advice::REDPACK_ADVICE_ASK_OPERATOR, |error| error.advice) }
}

/// Whom else it concerns: with REDPACK_SCOPE_MERCHANT, stop the queue.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_scope(error: *const redpack_error) -> redpack_scope {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, redpack_scope::REDPACK_SCOPE_ORDER, |error| error.scope) }
}

/// The earliest time to follow the advice, in seconds since 1970 (UTC); 0 where none is given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_not_before(error: *const redpack_error) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, 0, |error| error.not_before) }
}

/// One line for people, without secrets, openids masked. Never branch on it. Valid until the error is
/// freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_message(error: *const redpack_error) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| error.message.as_ptr()) }
}

/// The order number; NULL where the call had none. Valid until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_mch_billno(error: *const redpack_error) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| error.mch_billno.as_ptr()) }
}

/// The err_code of the service; NULL where it gave none. Valid until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_err_code(error: *const redpack_error) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| error.err_code.as_ptr()) }
}

/// The words of the service, for people; NULL where it gave none. Valid until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_err_code_des(error: *const redpack_error) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| error.err_code_des.as_ptr()) }
}

/// What is wrong with the credentials, as a word: "wrong_passphrase", "key_mismatch", "expired" …; NULL
/// where nothing is. Valid until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_credential_fault(error: *const redpack_error) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| error.credential_fault.as_ptr()) }
}

/// The HTTP status; 0 where there was none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_http_status(error: *const redpack_error) -> i32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, 0, |error| error.http_status) }
}

/// How many requests may have left in this call: 0 or 1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_attempts(error: *const redpack_error) -> u32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, 0, |error| error.attempts) }
}

/// How many arguments or fields break a rule.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_problem_count(error: *const redpack_error) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, 0, |error| error.problem_fields.len()) }
}

/// The name of a field that breaks a rule; NULL past the end. Valid until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_problem_field(
    error: *const redpack_error,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| text_at(&error.problem_fields, index)) }
}

/// The rule that it breaks, as the end of a sentence that starts with its name; NULL past the end. Valid
/// until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_problem_rule(
    error: *const redpack_error,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| text_at(&error.problem_rules, index)) }
}

/// The length of its value in bytes; the value itself is never kept. 0 past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_problem_length(error: *const redpack_error, index: usize) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, 0, |error| error.problem_lengths.get(index).copied().unwrap_or(0)) }
}

/// The answer of the service, where there was one that could be read; else NULL. Borrowed: never free it,
/// and don't use it after the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_answer(error: *const redpack_error) -> *const redpack_answer {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| lend(error.answer.as_ref())) }
}

/// The order as the journal has it after the call; NULL without a journal. Borrowed, as the answer is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_order(error: *const redpack_error) -> *const redpack_order {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(error, ptr::null(), |error| lend(error.order.as_ref())) }
}

/// What the server sent, as it came, understood or not: NULL and 0 where nothing came. It may hold openids.
/// "length" may be NULL. Valid until the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_error_body(error: *const redpack_error, length: *mut usize) -> *const u8 {
    // SAFETY: the conventions demand NULL or a live handle.
    let body = unsafe {
        get(error, (ptr::null(), 0), |error| {
            error.body.as_ref().map_or((ptr::null(), 0), |body| (body.as_ptr(), body.len()))
        })
    };
    if !length.is_null() {
        // SAFETY: not NULL, and the conventions demand that outputs can be written to.
        unsafe { length.write(body.1) };
    }
    body.0
}
