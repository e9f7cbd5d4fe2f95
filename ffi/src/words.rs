//! The words of the numbers, as every language and the command line write them.

use std::ffi::{CStr, c_char};
use std::ptr;

use crate::boundary::infallible;

const STATUS_WORDS: [(i32, &CStr); 11] = [
    (0, c"ok"),
    (10, c"null_argument"),
    (11, c"invalid_utf8"),
    (12, c"invalid_argument"),
    (20, c"not_sent"),
    (21, c"rejected"),
    (22, c"pending"),
    (23, c"unknown"),
    (30, c"setup"),
    (40, c"journal"),
    (90, c"panic"),
];

const OUTCOME_WORDS: [(i32, &CStr); 5] =
    [(1, c"sent"), (2, c"not_sent"), (3, c"rejected"), (4, c"pending"), (5, c"unknown")];

const ADVICE_WORDS: [(i32, &CStr); 7] = [
    (0, c"none"),
    (1, c"fix_setup"),
    (2, c"fix_order"),
    (3, c"retry_same_order"),
    (4, c"query_first"),
    (5, c"new_order_allowed"),
    (6, c"ask_operator"),
];

const SCOPE_WORDS: [(i32, &CStr); 3] = [(0, c"order"), (1, c"recipient"), (2, c"merchant")];

fn word(words: &[(i32, &'static CStr)], number: i32) -> *const c_char {
    words.iter().find(|(of, _)| *of == number).map_or(ptr::null(), |(_, word)| word.as_ptr())
}

/// The word of a status, such as "not_sent", or NULL if there is no such status. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_status_text(status: i32) -> *const c_char {
    infallible(ptr::null(), || word(&STATUS_WORDS, status))
}

/// The word of an outcome, such as "not_sent", or NULL if there is none. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_outcome_text(outcome: i32) -> *const c_char {
    infallible(ptr::null(), || word(&OUTCOME_WORDS, outcome))
}

/// The word of an advice, such as "query_first", or NULL if there is none. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_advice_text(advice: i32) -> *const c_char {
    infallible(ptr::null(), || word(&ADVICE_WORDS, advice))
}

/// The word of a scope, such as "merchant", or NULL if there is none. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_scope_text(scope: i32) -> *const c_char {
    infallible(ptr::null(), || word(&SCOPE_WORDS, scope))
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;
    use crate::status::{redpack_advice, redpack_outcome, redpack_scope};

    fn text(word: *const c_char) -> &'static str {
        assert!(!word.is_null());
        // SAFETY: a constant of this file.
        unsafe { CStr::from_ptr(word) }.to_str().unwrap_or_default()
    }

    #[test]
    fn words_are_the_cores() {
        for outcome in redpack::Outcome::ALL {
            assert_eq!(text(redpack_outcome_text(redpack_outcome::from(*outcome) as i32)), outcome.as_str());
        }
        for advice in redpack::Advice::ALL {
            assert_eq!(text(redpack_advice_text(redpack_advice::from(*advice) as i32)), advice.as_str());
        }
        for scope in redpack::Scope::ALL {
            assert_eq!(text(redpack_scope_text(redpack_scope::from(*scope) as i32)), scope.as_str());
        }
        for number in [-1, 1, 7, 24, i32::MAX, i32::MIN] {
            assert!(redpack_status_text(number).is_null(), "{number}");
        }
        assert!(redpack_outcome_text(0).is_null() && redpack_advice_text(7).is_null());
    }

    /// A list of words in a comment goes stale unseen.
    #[test]
    fn the_comments_list_every_credential_fault() {
        let comments = include_str!("error.rs");
        for fault in redpack::CredentialFault::ALL {
            assert!(comments.contains(&format!("\"{fault}\"")), "{fault}");
        }
    }
}
