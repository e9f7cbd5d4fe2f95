//! The commands of the READMEs work as they stand there: against a staged install, and a sandbox in the gateway's place.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use support::{Workshop, World, built, here, succeeds};

/// The blocks of shell commands under a heading, up to the next one of its kind.
fn commands(file: &str, heading: &str) -> Vec<String> {
    let text = fs::read_to_string(here().join(file)).expect("text");
    let (_, section) =
        text.split_once(&format!("{heading}\n")).unwrap_or_else(|| panic!("{file}: no {heading}"));
    let section = section.split("\n## ").next().expect("a section");
    section
        .split("```sh\n")
        .skip(1)
        .map(|rest| rest.split("```").next().expect("an end").to_owned())
        .collect()
}

/// Runs a script, with `make install` done by the installer on what this test was built with.
fn run(world: &World, shop: &Workshop, script: &str) -> String {
    let installer = here().join("install/install.sh");
    let prelude = format!(
        "set -eu\nmake() {{ [ \"$1\" = install ] && env \"$2\" BUILT={} STRIP=0 {}; }}\n",
        built().display(),
        installer.display()
    );
    let mut command = Command::new("sh");
    world.at(&mut command);
    command.current_dir(shop.dir.path()).env("HOME", shop.dir.path());
    succeeds(command.arg("-c").arg(prelude + script))
}

#[test]
fn the_readmes_way_from_c_and_cpp_works() {
    for (file, heading) in
        [("../README.md", "## Use it from C and C++"), ("../README.zh-CN.md", "## 在 C 与 C++ 中使用")]
    {
        let blocks = commands(file, heading);
        assert_eq!(blocks.len(), 1, "{file}");
        let (shop, world) = (Workshop::new(), World::new());
        symlink(here(), shop.path("ffi")).expect("a link");
        let programs =
            "./send 1900000109261124abcdefghijkl oxTWIuGaIt6gTKsQRLau2M0yL16E 100\n./walkthrough\n";
        let said = run(&world, &shop, &(blocks.concat() + programs));
        assert!(said.contains("\nsent: 1000000000"), "{file}: {said}");
        assert!(said.ends_with("invoice 8: paid, once: sent\n"), "{file}: {said}");
        assert_eq!(world.debits(), 1 + 4);
    }
}

#[test]
fn the_examples_readmes_commands_work() {
    for (file, heading) in
        [("examples/README.md", "# Examples in C and C++"), ("examples/README.zh-CN.md", "# C 和 C++ 示例")]
    {
        let blocks = commands(file, heading);
        assert_eq!(blocks.len(), 2, "{file}");
        let (shop, world) = (Workshop::new(), World::new());
        for example in ["send.c", "walkthrough.c", "walkthrough.cpp"] {
            fs::copy(here().join("examples").join(example), shop.path(example)).expect("a copy");
        }
        symlink(world.dir.path().join("sandbox"), shop.path("try")).expect("a link");
        let installed = "make install PREFIX=$HOME/.local\n\
            export PKG_CONFIG_PATH=$HOME/.local/lib/pkgconfig LD_LIBRARY_PATH=$HOME/.local/lib\n";
        let gateway = "https://127.0.0.1:8443";
        assert_eq!(blocks[1].matches(gateway).count(), 1, "{file}");
        // Nothing that the commands must set by themselves comes from here.
        let unset = "unset REDPACK_BASE_URL REDPACK_CA_FILE REDPACK_MCH_ID REDPACK_APPID REDPACK_API_KEY\n\
            unset REDPACK_CERT REDPACK_KEY REDPACK_P12 REDPACK_JOURNAL\n";
        let named = blocks[1].replace(gateway, &world.sandbox.base_url());
        let said = run(&world, &shop, &format!("{installed}{unset}{}{named}./walkthrough_cpp\n", blocks[0]));
        assert_eq!(said.matches("invoice 8: paid, once: sent\n").count(), 2, "{file}: {said}");
        // The second walk finds both invoices paid in the journal, and sends its two plain orders.
        assert_eq!(world.debits(), 4 + 2, "{file}: {said}");
    }
}
