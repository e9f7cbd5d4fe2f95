//! The tables of outcomes, for programs and tests that want to be sure to know every kind and code.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::LazyLock;

use redpack::answer::table::{CODES, STATUSES, code_verdict, communication_verdict, status_verdict};
use redpack::journal::{JournalErrorKind, State};
use redpack::{ErrorKind, Verdict};

use crate::boundary::{Fault, boundary, infallible};
use crate::error::redpack_error;
use crate::handle::Output;
use crate::status::{redpack_advice, redpack_outcome, redpack_scope, redpack_status};

pub(crate) fn list(words: impl Iterator<Item = &'static str>) -> Vec<CString> {
    words.filter_map(|word| CString::new(word).ok()).collect()
}

static KINDS: LazyLock<Vec<CString>> =
    LazyLock::new(|| list(ErrorKind::ALL.iter().map(|kind| kind.as_str())));
static JOURNAL_KINDS: LazyLock<Vec<CString>> =
    LazyLock::new(|| list(JournalErrorKind::ALL.iter().map(|kind| kind.as_str())));
static QUERY_STATUSES: LazyLock<Vec<CString>> = LazyLock::new(|| list(STATUSES.iter().map(|row| row.status)));
static STATES: LazyLock<Vec<CString>> = LazyLock::new(|| list(State::ALL.iter().map(|state| state.as_str())));
static CODE_NAMES: LazyLock<Vec<CString>> = LazyLock::new(|| list(CODES.iter().map(|row| row.code)));

pub(crate) fn entry(list: &[CString], index: usize) -> *const c_char {
    list.get(index).map_or(ptr::null(), |word| word.as_ptr())
}

/// How many kinds of errors a call of the client can end in. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_kind_count() -> usize {
    infallible(0, || KINDS.len())
}

/// One of those kinds, as redpack_error_kind gives it; NULL past the end. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_kind_name(index: usize) -> *const c_char {
    infallible(ptr::null(), || entry(&KINDS, index))
}

/// How many kinds of errors end in REDPACK_STATUS_JOURNAL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_journal_kind_count() -> usize {
    infallible(0, || JOURNAL_KINDS.len())
}

/// One of those kinds, as redpack_error_kind gives it; NULL past the end. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_journal_kind_name(index: usize) -> *const c_char {
    infallible(ptr::null(), || entry(&JOURNAL_KINDS, index))
}

/// How many codes (err_code) the tables know. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_code_count() -> usize {
    infallible(0, || CODE_NAMES.len())
}

/// One of those codes; NULL past the end. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_code_name(index: usize) -> *const c_char {
    infallible(ptr::null(), || entry(&CODE_NAMES, index))
}

/// How many statuses a query may tell, as far as the tables know. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_query_status_count() -> usize {
    infallible(0, || QUERY_STATUSES.len())
}

/// One of those statuses, as redpack_query_result_status gives it; NULL past the end. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_query_status_name(index: usize) -> *const c_char {
    infallible(ptr::null(), || entry(&QUERY_STATUSES, index))
}

/// How many states an order of a journal may have. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_state_count() -> usize {
    infallible(0, || STATES.len())
}

/// One of those states, as redpack_order_state gives it and redpack_journal_list takes it; NULL past the end. Valid
/// for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_state_name(index: usize) -> *const c_char {
    infallible(ptr::null(), || entry(&STATES, index))
}

fn tell(
    verdict: Verdict,
    outcome: Output<redpack_outcome>,
    advice: Output<redpack_advice>,
    scope: Output<redpack_scope>,
) {
    outcome.set(verdict.outcome.into());
    advice.set(verdict.advice.into());
    scope.set(verdict.scope.into());
}

/// What a kind of error says of a send. An error of kind "not_permitted" says more: what is known of its order. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_kind_verdict(
    kind: *const c_char,
    outcome: *mut redpack_outcome,
    advice: *mut redpack_advice,
    scope: *mut redpack_scope,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let word = text!(kind);
        let (outcome, advice, scope) = (output!(outcome), output!(advice), output!(scope));
        let kind = ErrorKind::ALL.iter().find(|kind| kind.as_str() == word);
        let kind = kind.ok_or_else(|| Fault::argument("kind", "is no kind of error", word.len()))?;
        tell(kind.verdict(), outcome, advice, scope);
        Ok(())
    })
}

/// What a code (err_code) says of a send that was answered with result_code FAIL; one that nobody knows is unknown,
/// and so is NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_code_verdict(
    err_code: *const c_char,
    outcome: *mut redpack_outcome,
    advice: *mut redpack_advice,
    scope: *mut redpack_scope,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let err_code = optional_text!(err_code);
        let (outcome, advice, scope) = (output!(outcome), output!(advice), output!(scope));
        tell(code_verdict(err_code), outcome, advice, scope);
        Ok(())
    })
}

/// What a code (err_code) says of a send that was answered with return_code FAIL: there the service speaks of the
/// communication, and the money may have moved. NULL for an answer without a code. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_communication_verdict(
    err_code: *const c_char,
    outcome: *mut redpack_outcome,
    advice: *mut redpack_advice,
    scope: *mut redpack_scope,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let err_code = optional_text!(err_code);
        let (outcome, advice, scope) = (output!(outcome), output!(advice), output!(scope));
        tell(communication_verdict(err_code), outcome, advice, scope);
        Ok(())
    })
}

/// What a status that a query told says of the order, the reason and the age of SENDING left aside; one that nobody
/// knows says nothing, and so does NULL (NOT_FOUND). Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_status_verdict(
    query_status: *const c_char,
    outcome: *mut redpack_outcome,
    advice: *mut redpack_advice,
    scope: *mut redpack_scope,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let query_status = optional_text!(query_status);
        let (outcome, advice, scope) = (output!(outcome), output!(advice), output!(scope));
        tell(status_verdict(query_status), outcome, advice, scope);
        Ok(())
    })
}
