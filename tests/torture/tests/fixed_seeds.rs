//! The torture as a test, with fixed seeds: 200 kills on SQLite, 100 on PostgreSQL.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, and says why"
)]

use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// One run at a time: two would only slow each other down until every time limit is passed.
static ALONE: Mutex<()> = Mutex::new(());

fn torture(arguments: &[&str]) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let output = Command::new(env!("CARGO_BIN_EXE_torture")).args(arguments).output().expect("it runs");
    let report = String::from_utf8_lossy(&output.stdout);
    println!("{report}");
    assert!(output.status.success(), "{report}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn nobody_is_paid_twice_and_nothing_is_lost_on_sqlite() {
    torture(&["--engine", "sqlite", "--seed", "6", "--kills", "200", "--payments", "600"]);
}

#[test]
fn nobody_is_paid_twice_and_nothing_is_lost_on_postgresql() {
    torture(&["--engine", "postgresql", "--seed", "11", "--kills", "100", "--payments", "300"]);
}
