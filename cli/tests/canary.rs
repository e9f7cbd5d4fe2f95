//! The canaries at the command line: what it writes, whatever happens. See `tests/canary/README.md`.
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

use redpack_canary::setup::{api_key, fields, files, filled};
use redpack_canary::{Gateway, Kind, found, scenarios, value};
use serde_json::Value;
use support::{Run, run_with, text};

/// What a command line doesn't do.
fn has_no_command(client: &Value) -> bool {
    client["do"] == "call" || client.get("replace").is_some() || client.get("hook").is_some()
}

/// It takes files only.
fn credentials(folder: &Path, name: &str) -> Vec<(&'static str, String)> {
    let files = files(folder, name);
    let certificate = text(&files.certificate);
    match (&files.key, &files.passphrase) {
        (Some(key), _) => vec![("--cert", certificate), ("--key", text(key))],
        (None, passphrase) => {
            let file = folder.join("passphrase");
            std::fs::write(&file, passphrase.as_deref().expect("a passphrase")).expect("written");
            vec![("--p12", certificate), ("--passphrase-file", text(&file))]
        }
    }
}

fn play(folder: &Path, url: &str, client: &Value, journal: &Path, style: &[&str]) -> Run {
    let setting = |name: &str| client["settings"][name].as_str().map(filled);
    let mut environment = Vec::new();
    let mut set = |name: &'static str, value: String| environment.push((name, value));
    set("REDPACK_MCH_ID", "1900000109".into());
    set("REDPACK_APPID", "wx8888888888888888".into());
    set("REDPACK_API_KEY", api_key(client));
    set("REDPACK_CA_FILE", text(&folder.join(client["roots"].as_str().unwrap_or("ca.pem"))));
    set("REDPACK_BASE_URL", setting("base_url").unwrap_or(url.into()));
    let own = (client["journal"] == true).then(|| format!("sqlite:{}", text(journal)));
    if let Some(journal) = setting("journal").or(own) {
        set("REDPACK_JOURNAL", journal);
    }
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, &**value)).collect();
    let number = redpack::new_mch_billno("1900000109").expect("a number");
    let query = client["do"] == "query";
    let mut arguments: Vec<String> = vec![if query { "query" } else { "send" }.into()];
    arguments.extend(style.iter().map(ToString::to_string));
    for (flag, file) in credentials(folder, client["credentials"].as_str().expect("credentials")) {
        arguments.extend([flag.into(), file]);
    }
    for (name, value) in fields(client, &number) {
        let flag = match name.as_str() {
            "mch_billno" => "--billno".into(),
            "re_openid" => "--openid".into(),
            "total_amount" => "--amount-fen".into(),
            other => format!("--{}", other.replace('_', "-")),
        };
        if !query || name == "mch_billno" {
            arguments.extend([flag, value]);
        }
    }
    run_with(arguments, &environment)
}

/// Of a line of JSON, all but the answer as it came, and the service's words: those are data.
fn without_what_the_server_said(output: &str) -> String {
    let line = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(mut told)) => {
            told.remove("answer");
            told.remove("err_code_des");
            Value::Object(told).to_string()
        }
        _ => line.to_owned(),
    };
    output.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_that_is_written_holds_a_canary() {
    let folder = tempfile::tempdir().expect("a folder");
    let gateway = Gateway::start(folder.path()).expect("a gateway");
    let (mut complaints, mut count) = (Vec::new(), 0);
    for (index, scenario) in scenarios().iter().enumerate() {
        let (name, client) = (scenario["name"].as_str().expect("a name"), &scenario["client"]);
        let url = gateway.server.url(name).expect("a scenario of the gateway");
        if has_no_command(client) || client["settings"]["proxy"].is_string() {
            continue;
        }
        for (style, flags) in [("lines", &["-vv"][..]), ("json", &["-vv", "--json"][..])] {
            let journal = folder.path().join(format!("journal-{index}-{style}"));
            let run = play(folder.path(), url, client, &journal, flags);
            count += 1;
            if (run.status == 0) != scenario["expect"].is_null() {
                complaints.push(format!("{name}: {run:?}"));
            }
            // An answered query is a result: it names who claimed the packet.
            let openids = !(client["do"] == "query" && run.status == 0);
            let shown = without_what_the_server_said(&run.stdout) + &run.stderr;
            for needle in found(&gateway.needles, shown.as_bytes()) {
                if openids || needle.kind == Kind::Secret {
                    complaints.push(format!("{name}: {} in {shown}", needle.what));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert_eq!(value("api_key").len(), 32);
    println!("canaries: {count} runs");
}
