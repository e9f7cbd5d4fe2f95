//! The shared vectors through the C ABI. How many were run is compared with the manifest, so that none is skipped.
#![cfg(target_os = "linux")]
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value};
use support::{Workshop, here, succeeds};

/// Stories against a sandbox, for the languages that have a client for its control: C programs here have none.
const NOT_FOR_C: [&str; 1] = ["scenarios.json"];

#[test]
fn the_c_abi_agrees_with_every_vector() {
    assert!(
        Path::new("/usr/include/cjson/cJSON.h").is_file(),
        "this test needs cJSON: on Debian or Ubuntu, apt-get install libcjson-dev"
    );
    let folder = here().join("../tests/vectors");
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.json")).expect("the manifest");
    let manifest: Map<String, Value> = serde_json::from_str(&manifest).expect("JSON");
    let program = Workshop::new();
    let flags = ["-lcjson", "-D_DEFAULT_SOURCE"];
    let files: Vec<(&String, &Value)> =
        manifest.iter().filter(|(file, _)| !NOT_FOR_C.contains(&file.as_str())).collect();
    let mut command = Command::new(program.program(&["tests/c/conformance.c"], &flags));
    let said = succeeds(command.arg(&folder).args(files.iter().map(|(file, _)| file)));
    println!("{said}");
    let expected: Vec<String> = files.iter().map(|(file, cases)| format!("{file}: {cases} cases")).collect();
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}
