//! The shared vectors through the C ABI, under AddressSanitizer; scenarios at a sandbox, over TLS. How many were run is
//! compared with the manifest, so that none is skipped.
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
use support::{Workshop, World, here, succeeds};

#[test]
fn the_c_abi_agrees_with_every_vector() {
    assert!(
        Path::new("/usr/include/cjson/cJSON.h").is_file(),
        "this test needs cJSON: on Debian or Ubuntu, apt-get install libcjson-dev"
    );
    let folder = here().join("../tests/vectors");
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.json")).expect("the manifest");
    let manifest: Map<String, Value> = serde_json::from_str(&manifest).expect("JSON");
    let (shop, world) = (Workshop::new(), World::new());
    let sources = ["tests/c/conformance.c", "tests/c/scenarios.c"];
    let program = shop.program(&sources, &["-lcjson", "-fsanitize=address,undefined"]);
    let mut command = Command::new(program);
    let sandbox = &world.sandbox;
    world
        .at(&mut command)
        .env("TMPDIR", world.dir.path())
        .env("REDPACK_SANDBOX_URL", sandbox.base_url())
        .env("REDPACK_SANDBOX_CONTROL", sandbox.control_url())
        .env("REDPACK_SANDBOX_CA", sandbox.ca_file())
        .env("REDPACK_SANDBOX_CERT", sandbox.cert_file())
        .env("REDPACK_SANDBOX_KEY", sandbox.key_file())
        .env("REDPACK_SANDBOX_MCH_ID", sandbox.mch_id())
        .env("REDPACK_SANDBOX_APPID", sandbox.appid())
        .env("REDPACK_SANDBOX_API_KEY", sandbox.api_key().expose())
        .env("REDPACK_SANDBOX_WORKWX_SECRET", sandbox.workwx_secret().expose());
    let said = succeeds(command.arg(&folder).args(manifest.keys()));
    println!("{said}");
    let expected: Vec<String> =
        manifest.iter().map(|(file, cases)| format!("{file}: {cases} cases")).collect();
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    assert!(sandbox.ledger().totals.tls_handshakes > 40, "each scenario has a client, over TLS");
}
