//! valgrind over whole programs: no error, and nothing that is lost or left, but for what valgrind.supp explains.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use support::{Workshop, World, here, run, tool};

fn is_clean(source: &str) {
    let (shop, world) = (Workshop::new(), World::new());
    let program = shop.program(&[source], &[]);
    let mut command = tool("valgrind", "valgrind");
    let suppressions = format!("--suppressions={}", here().join("tests/valgrind.supp").display());
    command.args(["--error-exitcode=9", "--leak-check=full", "--show-leak-kinds=all"]);
    command.args(["--errors-for-leak-kinds=all", "--num-callers=40", "--gen-suppressions=all"]);
    let run = run(world.at(command.arg(suppressions).arg(program)));
    assert_eq!(run.status, 0, "{source}: {}\n{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("ERROR SUMMARY: 0 errors"), "{}", run.stderr);
}

#[test]
fn the_conventions_are_clean() {
    is_clean("tests/c/conventions.c");
}

#[test]
fn the_walkthrough_is_clean() {
    is_clean("examples/walkthrough.c");
}

/// A recovery that finds orders, and all else that only a journal has.
#[test]
fn the_journal_is_clean() {
    is_clean("tests/c/journal.c");
}
