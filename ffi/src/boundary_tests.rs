//! A panic in any exported function becomes what its documentation says, and every exported function is guarded.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::cell::Cell;
use std::ffi::{CStr, c_char};
use std::path::Path;
use std::{fs, ptr};

use crate::config::{redpack_config, redpack_config_free, redpack_config_new};
use crate::error::{
    redpack_error, redpack_error_advice, redpack_error_free, redpack_error_kind, redpack_error_outcome,
    redpack_error_status,
};
use crate::status::{redpack_advice, redpack_outcome, redpack_status};

thread_local! {
    static DEMANDED: Cell<bool> = const { Cell::new(false) };
}

/// What a test plants: the next guarded body of this thread panics.
pub(super) fn panic_if_demanded() {
    assert!(!DEMANDED.replace(false), "demanded by a test");
}

fn demand_a_panic() {
    DEMANDED.set(true);
}

fn word(text: *const c_char) -> &'static str {
    assert!(!text.is_null());
    // SAFETY: not NULL, and the callers below use it while its owner lives.
    unsafe { CStr::from_ptr(text) }.to_str().expect("UTF-8")
}

fn new_config(config: &mut *mut redpack_config, error: *mut *mut redpack_error) -> redpack_status {
    // SAFETY: constants, and places that can be written to.
    unsafe { redpack_config_new(c"1".as_ptr(), c"wx".as_ptr(), c"key".as_ptr(), config, error) }
}

#[test]
fn a_panic_becomes_a_status_and_an_error_that_fears_for_the_money() {
    let (mut config, mut error) = (ptr::null_mut(), ptr::null_mut());
    demand_a_panic();
    assert_eq!(new_config(&mut config, &raw mut error), redpack_status::REDPACK_STATUS_PANIC);
    assert!(config.is_null() && !error.is_null());
    // SAFETY: a live error.
    unsafe {
        assert_eq!(redpack_error_status(error), redpack_status::REDPACK_STATUS_PANIC);
    }
    // SAFETY: the same.
    assert_eq!(unsafe { redpack_error_outcome(error) }, redpack_outcome::REDPACK_OUTCOME_UNKNOWN);
    // SAFETY: the same.
    assert_eq!(unsafe { redpack_error_advice(error) }, redpack_advice::REDPACK_ADVICE_QUERY_FIRST);
    // SAFETY: the same.
    assert_eq!(word(unsafe { redpack_error_kind(error) }), "panic");

    demand_a_panic();
    // SAFETY: a live error; what its getter says is the fallback.
    assert!(unsafe { redpack_error_kind(error) }.is_null());
    demand_a_panic();
    // SAFETY: a live error, not used again.
    unsafe { redpack_error_free(error) };
    assert!(!DEMANDED.get(), "freeing is guarded");

    demand_a_panic();
    assert_eq!(new_config(&mut config, ptr::null_mut()), redpack_status::REDPACK_STATUS_PANIC);
    assert_eq!(new_config(&mut config, ptr::null_mut()), redpack_status::REDPACK_STATUS_OK);
    // SAFETY: a live configuration, not used again.
    unsafe { redpack_config_free(config) };
}

#[test]
fn a_panic_where_there_is_no_status_becomes_the_fallback() {
    demand_a_panic();
    assert_eq!(crate::version::redpack_abi_version(), 0);
    assert_eq!(crate::version::redpack_abi_version(), crate::version::REDPACK_ABI_VERSION);
    demand_a_panic();
    assert!(crate::words::redpack_status_text(0).is_null());
    assert_eq!(word(crate::words::redpack_status_text(0)), "ok");
}

/// The bodies of the exported functions of a source file, without comments and blanks, by their names.
fn bodies(source: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    for part in source.split("extern \"C\" fn ").skip(1) {
        let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if name.is_empty() {
            continue; // the type of a callback: "extern "C" fn(…)"
        }
        // The formatter puts a function's closing brace, and no other, at the start of a line.
        let body = part.split_once("{\n").and_then(|(_, rest)| rest.split_once("\n}\n")).expect("a body").0;
        let code = body.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        found.push((name, code.collect::<String>()));
    }
    found
}

/// Whether one call of a guard is all that there is.
fn is_guarded(body: &str) -> bool {
    let body =
        body.strip_prefix("unsafe {").map_or(body, |rest| rest.trim_end_matches(';').trim_end_matches('}'));
    let body = body.trim().trim_end_matches(';');
    let Some(open) = body.find('(') else { return false };
    let mut depth = 0;
    let end = body.char_indices().skip(open).find_map(|(at, c)| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        (depth == 0).then_some(at)
    });
    ["boundary", "infallible", "get", "free"].contains(&&body[..open]) && end == Some(body.len() - 1)
}

#[test]
fn every_exported_function_is_guarded_as_a_whole() {
    let mut names = Vec::new();
    for entry in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("the sources").flatten()
    {
        let path = entry.path();
        if path.ends_with("boundary_tests.rs") {
            continue;
        }
        for (name, body) in bodies(&fs::read_to_string(&path).expect("text")) {
            assert!(is_guarded(&body), "{}: {name}: {body}", path.display());
            names.push(name);
        }
    }
    names.sort();
    let listed =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("abi/symbols.txt")).expect("text");
    assert_eq!(names, listed.lines().collect::<Vec<_>>(), "the list of symbols and the sources differ");
}

#[test]
fn the_check_of_sources_sees_what_is_outside() {
    assert!(is_guarded("boundary(error, || {Ok(())})"));
    assert!(is_guarded("unsafe { free(answer) };"));
    assert!(is_guarded("unsafe {get(answer, 0, |answer| {answer.len()})}"));
    assert!(!is_guarded("let name = name(); boundary(error, || Ok(()))"));
    assert!(!is_guarded("boundary(error, || Ok(())); other()"));
    assert!(!is_guarded("value"));
}
