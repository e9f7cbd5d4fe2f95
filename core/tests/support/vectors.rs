//! Reads the shared vectors, for the programs that run them.
#![allow(dead_code, reason = "each test program uses its own part")]
#![allow(
    missing_docs,
    clippy::missing_panics_doc,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "test support"
)]

use std::path::PathBuf;

use serde_json::Value;

pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(name)
}

pub fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(path(name)).expect("a vector file");
    serde_json::from_str(&text).expect("JSON")
}

/// Every runner, in whatever language, prints how many cases it ran; the number must be the manifest's.
pub fn ran(name: &str, count: usize) {
    println!("{name}: {count} cases");
    assert_eq!(Some(count as u64), read("MANIFEST.json")[name].as_u64(), "{name}");
}

pub fn list<'a>(case: &'a Value, name: &str) -> &'a Vec<Value> {
    case[name].as_array().unwrap_or_else(|| panic!("no list {name} in {case}"))
}

pub fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("no text {name} in {case}"))
}
