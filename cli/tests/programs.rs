//! `sandbox`, `demo`, `new-billno` and the help, as a newcomer meets them.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;
use support::{Run, command, finish, order, run, text};

/// The sandbox as a process of its own; ended by its process id when dropped.
struct Child {
    child: Option<std::process::Child>,
    first_line: String,
}

impl Child {
    fn start(args: &[&str]) -> Self {
        let mut child = command().arg("sandbox").args(args).spawn().expect("started");
        let mut first_line = String::new();
        let stdout = child.stdout.as_mut().expect("a pipe");
        BufReader::new(stdout).read_line(&mut first_line).expect("a line");
        Self { child: Some(child), first_line }
    }

    fn end(mut self, signal: &str) -> Run {
        let child = self.child.take().expect("a child");
        let status = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(status.expect("kill").success());
        finish(child)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[cfg(unix)]
#[test]
fn the_sandbox_serves_until_a_signal() {
    for signal in ["-TERM", "-INT"] {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = text(&dir.path().join("made"));
        let child = Child::start(&["--json", "--dir", &folder, "--balance-fen", "150"]);
        let told: Value = serde_json::from_str(&child.first_line).expect("JSON");
        assert!(told["base_url"].as_str().is_some_and(|url| url.starts_with("https://127.0.0.1:")), "{told}");
        assert!(
            told["ledger_url"].as_str().is_some_and(|url| url.starts_with("http://127.0.0.1:")),
            "{told}"
        );
        let listed =
            ["ca.pem", "apiclient_cert.pem", "apiclient_key.pem", "apiclient_cert.p12", "config.toml"];
        for name in listed {
            assert!(Path::new(&folder).join(name).is_file(), "{name}");
        }
        let config = told["config"].as_str().expect("a path");
        let first = run([&["send", "--json", "--config", config][..], &order("p1")].concat());
        let second = run([&["send", "--json", "--config", config][..], &order("p2")].concat());
        assert_eq!((first.status, second.status), (0, 13), "{first:?} {second:?}");
        let end = child.end(signal);
        assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{end:?}");
        let gone = run(["query", "--json", "--config", config, "--billno", "p1"]);
        assert_eq!((gone.status, &gone.json()["kind"]), (12, &Value::from("connect")), "{gone:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_sandbox_takes_a_merchant_by_flags_only() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = dir.path().join("key");
    std::fs::write(&key, "flagkeyflagkeyflagkeyflagkey0000\n").expect("a file");
    let folder = text(&dir.path().join("made"));
    let flags =
        ["--dir", &folder, "--mch-id", "1230000109", "--appid", "wxabc", "--api-key-file", &text(&key)];
    let child = Child::start(&[&flags[..], &["--lang", "en"]].concat());
    assert!(child.first_line.starts_with("sandbox: a gateway on this machine"), "{}", child.first_line);
    let config = std::fs::read_to_string(Path::new(&folder).join("config.toml")).expect("config.toml");
    assert!(config.contains("1230000109") && config.contains("flagkeyflagkey"), "{config}");
    let end = child.end("-TERM");
    assert_eq!(end.status, 0, "{end:?}");
    assert!(!end.everything().contains("flagkey"), "{end:?}");
}

#[cfg(unix)]
#[test]
fn the_sandbox_says_how_to_connect_from_every_sdk() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = text(dir.path());
    let child = Child::start(&["--json", "--dir", &folder]);
    let told: Value = serde_json::from_str(&child.first_line).expect("JSON");
    let connect = told["connect"].as_object().expect("snippets");
    let sdks = ["curl", "axios", "wechatpay-axios-plugin", "tenpay", "requests", "wechatpy", "wechatpay-php"];
    for sdk in
        sdks.into_iter().chain(["EasyWeChat 5", "EasyWeChat 6", "WxJava", "gopay", "chanxuehong/wechat"])
    {
        let (name, snippet) = connect.iter().find(|(name, _)| name.contains(sdk)).expect(sdk);
        let snippet = snippet.as_str().expect("text");
        let place = ["{base_url}", "{dir}", "{mch_id}", "{appid}", "{api_key}", "{address}"];
        assert!(place.iter().all(|place| !snippet.contains(place)), "{name}: {snippet}");
        let address = told["base_url"].as_str().expect("a URL").replace("https://", "");
        assert!(snippet.contains(&address), "{name}: {snippet}");
    }
    let curl = connect["curl"].as_str().expect("text").replace(" \\\n", " ");
    assert!(curl.contains(&format!("--cacert {folder}/ca.pem")), "{curl}");
    let end = child.end("-TERM");
    assert_eq!(end.status, 0, "{end:?}");
}

#[test]
fn a_sandbox_that_can_not_start_says_why() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = text(dir.path());
    let open = run(["sandbox", "--dir", &folder, "--listen", "0.0.0.0:0"]);
    assert_eq!((open.status, open.stderr.contains("loopback only")), (1, true), "{open:?}");
    let file = text(&dir.path().join("file"));
    std::fs::write(&file, "x").expect("a file");
    let no_folder = run(["sandbox", "--dir", &file]);
    assert_eq!((no_folder.status, no_folder.stdout.as_str()), (1, ""), "{no_folder:?}");
}

#[test]
fn the_demo_goes_as_it_should_in_both_languages() {
    let dir = tempfile::tempdir().expect("a folder");
    for (lang, words) in [
        ("en", ["No account, no network", "next        nothing to do", "new_order_allowed does"]),
        ("zh", ["不动用真实资金", "下一步      无需处理", "才可以"]),
    ] {
        let mut demo = command();
        demo.args(["demo", "--lang", lang]).env("TMPDIR", dir.path());
        // What a real merchant has set up must not matter.
        demo.env("REDPACK_JOURNAL", "sqlite:x").env("REDPACK_BASE_URL", "https://nowhere.invalid");
        let run = finish(demo.spawn().expect("started"));
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
        for word in words {
            assert!(run.stdout.contains(word), "{word}: {}", run.stdout);
        }
        for word in
            ["sent", "pending", "NOTENOUGH", "not_sent", "rejected", "MONEY_LIMIT", "unknown", "RECEIVED"]
        {
            assert!(run.stdout.contains(word), "{word}: {}", run.stdout);
        }
        assert!(!run.stdout.contains("*** "), "{}", run.stdout);
    }
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 0, "nothing is left behind");

    let json = run(["demo", "--json"]);
    let steps: Vec<Value> =
        json.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(steps.len() >= 10 && steps.iter().all(|step| step["ok"] == true), "{json:?}");
}

#[test]
fn new_numbers_are_legal_and_differ() {
    let number = || run(["new-billno", "--mch-id", "1900000109"]).stdout.trim_end().to_owned();
    let (first, second) = (number(), number());
    assert!(redpack::billno::is_mch_billno(&first) && first.len() == 28, "{first}");
    assert_ne!(first, second);
    let json = run(["new-billno", "--mch-id", "1900000109", "--json"]).json();
    assert!(json["mch_billno"].as_str().is_some_and(redpack::billno::is_mch_billno), "{json}");
    for args in
        [&["new-billno"][..], &["new-billno", "--mch-id", "19000001091234"], &["new-billno", "--mch-id", ""]]
    {
        let refused = run(args.iter().copied());
        assert_eq!((refused.status, refused.stdout.as_str()), (1, ""), "{refused:?}");
        assert!(refused.stderr.contains("mch"), "{refused:?}");
    }
}

#[test]
fn help_and_version_are_there_for_each_command() {
    assert_eq!(run(["--version"]).stdout.trim(), format!("redpack {}", env!("CARGO_PKG_VERSION")));
    let plain = ["send", "query", "new-billno", "check", "sandbox", "demo"];
    let journaled = ["settle", "close", "recover", "reconcile", "resolve", "orders", "accept-restore"];
    for subcommand in plain.into_iter().chain(journaled) {
        let help = run([subcommand, "--help"]);
        assert_eq!((help.status, help.stderr.as_str()), (0, ""), "{help:?}");
        assert!(help.stdout.contains("--api-key-file") && help.stdout.contains("--json"), "{help:?}");
        assert!(help.stdout.contains("--journal"), "{help:?}");
    }
}
