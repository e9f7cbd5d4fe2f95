//! What the README shows is run: its commands, its example and its demo, in both languages.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use redpack_sandbox::{Options, Sandbox};

const READMES: [(&str, &str); 2] = [("README.md", "en"), ("README.zh-CN.md", "zh")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn readme(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).expect(name)
}

/// The contents of each fenced block of that language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default().to_owned()).collect()
}

fn redpack(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redpack"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("REDPACK_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).current_dir(folder).output().expect("the command runs")
}

/// What changes from run to run: numbers, serials, times.
fn steady(text: &str) -> String {
    text.lines()
        .map(|line| {
            let words: Vec<String> = line
                .split(' ')
                .map(|word| {
                    let long = word.len() >= 20 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
                    if long {
                        "#".into()
                    } else {
                        word.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect()
                    }
                })
                .collect();
            words.join(" ").replace("99999", "9999") + "\n"
        })
        .collect()
}

#[test]
fn the_demo_prints_what_the_readme_shows() {
    for (name, lang) in READMES {
        let shown = blocks(&readme(name), "text").remove(0);
        let folder = tempfile::tempdir().expect("a folder");
        let output = redpack(&["demo", "--lang", lang], folder.path());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(steady(&shown), steady(&String::from_utf8_lossy(&output.stdout)), "{name}");
    }
}

#[test]
fn the_commands_and_the_example_work_against_the_sandbox() {
    for (name, _) in READMES {
        let text = readme(name);
        let folder = tempfile::tempdir().expect("a folder");
        let sandbox = Sandbox::start(Options::new(folder.path().join("try"))).expect("a sandbox");
        let commands: Vec<String> = blocks(&text, "console").concat().lines().map(str::to_owned).collect();
        assert_eq!(commands.len(), 4, "{name}");
        for command in &commands {
            let words: Vec<&str> =
                command.strip_prefix("$ redpack ").expect("a command").split(' ').collect();
            let output = redpack(&words, folder.path());
            assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let shown = blocks(&text, "rust");
        for (example, says) in [("send", "sent: 1"), ("settle", "paid, once: 1"), ("settle", "paid, once: 1")]
        {
            let file = format!("core/examples/{example}.rs");
            let source = std::fs::read_to_string(root().join(&file)).expect("the example");
            assert!(shown.iter().any(|block| source.contains(block)), "{name} and {file} differ");
            let output = run_example(example, &sandbox.base_url(), folder.path());
            assert!(output.stdout.starts_with(says.as_bytes()), "{output:?}");
        }
        // The payment that was asked for twice was made once.
        assert_eq!(sandbox.ledger().orders.len(), 3, "{name}");
        assert_eq!(sandbox.ledger().remarks["invoice 7"].debits, 1, "{name}");
    }
}

fn run_example(example: &str, gateway: &str, folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--locked", "--package", "redpack", "--example", example]);
    command.arg("--manifest-path").arg(root().join("Cargo.toml")).args(["--", gateway]);
    command.current_dir(folder).output().expect("cargo runs")
}
