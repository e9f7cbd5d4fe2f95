//! The tables of outcomes, for programs and tests that want to be sure to know every kind and code.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::LazyLock;

use redpack::answer::table::{CODES, code_verdict};
use redpack::{ErrorKind, Verdict};

use crate::boundary::{Fault, boundary, infallible};
use crate::error::redpack_error;
use crate::handle::Output;
use crate::status::{redpack_advice, redpack_outcome, redpack_scope, redpack_status};

fn list(words: impl Iterator<Item = &'static str>) -> Vec<CString> {
    words.filter_map(|word| CString::new(word).ok()).collect()
}

static KINDS: LazyLock<Vec<CString>> =
    LazyLock::new(|| list(ErrorKind::ALL.iter().map(|kind| kind.as_str())));
static CODE_NAMES: LazyLock<Vec<CString>> = LazyLock::new(|| list(CODES.iter().map(|row| row.code)));

fn entry(list: &[CString], index: usize) -> *const c_char {
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

/// What a kind of error says of a send. Any thread.
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
