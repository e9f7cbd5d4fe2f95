//! Bad input of many kinds: a clear error, exit status 10 or 2, nothing sent, no secret shown.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use serde_json::json;
use support::{OPENID, World, order, order_with, run, run_with};

/// The fields that break a rule, each once.
fn fields(run: &support::Run) -> Vec<String> {
    let json = run.json();
    let problems = json["problems"].as_array().expect("problems");
    let mut names: Vec<String> =
        problems.iter().map(|problem| problem["field"].as_str().unwrap_or_default().to_owned()).collect();
    names.dedup();
    names
}

#[test]
fn broken_fields_are_named_and_nothing_is_sent() {
    let world = World::new();
    let long = "祝".repeat(43);
    for (flag, value, field) in [
        ("--billno", "", "mch_billno"),
        ("--billno", "abc-1", "mch_billno"),
        ("--billno", "12345678901234567890123456789", "mch_billno"),
        ("--billno", "订单", "mch_billno"),
        ("--openid", "", "re_openid"),
        ("--openid", &long, "re_openid"),
        ("--amount-fen", "", "total_amount"),
        ("--amount-fen", "0", "total_amount"),
        ("--amount-fen", "-100", "total_amount"),
        ("--amount-fen", "+100", "total_amount"),
        ("--amount-fen", "1.00", "total_amount"),
        ("--amount-fen", "1e2", "total_amount"),
        ("--amount-fen", "0100", "total_amount"),
        ("--amount-fen", " 100", "total_amount"),
        ("--amount-fen", "１００", "total_amount"),
        ("--amount-fen", "0x64", "total_amount"),
        ("--amount-fen", "NaN", "total_amount"),
        ("--amount-fen", "99999999999999999999999", "total_amount"),
        ("--send-name", "", "send_name"),
        ("--send-name", "一家名字特别特别长的百货公司", "send_name"),
        ("--wishing", &long, "wishing"),
        ("--wishing", "bell \u{7}", "wishing"),
        ("--act-name", "", "act_name"),
        ("--remark", "\u{ffff}", "remark"),
    ] {
        let run = world.run("send", &order_with("m1", &[(flag, value)]));
        assert_eq!((run.status, &run.json()["advice"]), (10, &json!("fix_order")), "{flag} {value}: {run:?}");
        assert_eq!(run.json()["outcome"], "not_sent");
        assert_eq!(run.json()["attempts"], 0);
        assert_eq!(fields(&run), [field], "{flag} {value}: {run:?}");
    }
    for (flag, value, field) in [
        ("--client-ip", "::1", "client_ip"),
        ("--client-ip", "", "client_ip"),
        ("--client-ip", "256.1.1.1", "client_ip"),
        ("--scene-id", "PRODUCT_9", "scene_id"),
        ("--total-num", "2", "total_num"),
        ("--total-num", "-1", "total_num"),
        ("--sub-mch-id", "", "sub_mch_id"),
        ("--consume-mch-id", "a b", "consume_mch_id"),
        ("--nonce-str", "123456789012345678901234567890123", "nonce_str"),
        ("--agentid", "1", "agentid"),
    ] {
        let run = world.send("m2", &[flag, value]);
        assert_eq!((run.status, fields(&run)), (10, vec![field.to_owned()]), "{flag} {value}: {run:?}");
    }
    let query = world.query("abc-1", &[]);
    assert_eq!((query.status, &query.json()["advice"]), (12, &json!("fix_order")), "{query:?}");
    assert_eq!((&query.json()["found"], fields(&query)), (&json!(null), vec!["mch_billno".to_owned()]));
    assert_eq!(world.requests(), 0);
}

#[test]
fn all_problems_are_told_together() {
    let world = World::new();
    let config = world.config();
    let run = run([
        "send",
        "--json",
        "--config",
        &config,
        "--amount-yuan",
        "1.234",
        "--client-ip",
        "",
        "--billno",
        "-",
    ]);
    let mut found = fields(&run);
    found.sort();
    let all = [
        "act_name",
        "client_ip",
        "mch_billno",
        "re_openid",
        "remark",
        "send_name",
        "total_amount",
        "wishing",
    ];
    assert_eq!((run.status, found), (10, all.map(str::to_owned).to_vec()), "{run:?}");
    // Where credentials are missing too, both are told.
    let both = support::run(["send", "--json", "--amount-fen", "-1"]);
    assert_eq!((both.status, &both.json()["advice"]), (10, &json!("fix_setup")));
    assert!(fields(&both).contains(&"total_amount".to_owned()), "{both:?}");
    assert_eq!(world.requests(), 0);
}

#[test]
fn amounts_in_yuan_are_exact_or_refused() {
    let world = World::new();
    let config = world.config();
    for yuan in ["", "1.234", "-1", "1,00", "1.", "¥1", "NaN", "1e2"] {
        let args: Vec<&str> =
            order("y1").into_iter().filter(|arg| !["--amount-fen", "100"].contains(arg)).collect();
        let run = run([&["send", "--json", "--config", &config, "--amount-yuan", yuan][..], &args].concat());
        assert_eq!((run.status, fields(&run)), (10, vec!["total_amount".to_owned()]), "{yuan}: {run:?}");
    }
    assert_eq!(world.requests(), 0);
}

#[test]
fn a_command_line_that_can_not_be_parsed_ends_with_2() {
    let world = World::new();
    for args in [
        &[][..],
        &["nosuch"],
        &["send", "--nosuch"],
        &["send", "stray"],
        &["send", "--billno"],
        &["send", "--billno", "1", "--billno", "2"],
        &["--mch-id", "1", "send", "--mch-id", "2"],
        &["send", "--amount-fen", "1", "--amount-yuan", "1"],
        &["send", "--endpoint", "transfers"],
        &["send", "--lang", "fr"],
        &["send", "--api-key", "x"],
        &["send", "--insecure"],
        &["query", "--openid", "o"],
        &["sandbox"],
        &["sandbox", "--dir", "d", "--listen", "nowhere"],
        &["sandbox", "--dir", "d", "--balance-fen", "-1"],
    ] {
        let run = world.run_raw(args);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}: {run:?}");
        assert!(!run.stderr.is_empty() && !run.stderr.contains("panicked"), "{args:?}: {run:?}");
    }
}

impl World {
    fn run_raw(&self, args: &[&str]) -> support::Run {
        assert_eq!(self.requests(), 0);
        run(args.iter().copied())
    }
}

#[cfg(unix)]
#[test]
fn text_that_is_not_utf_8_is_refused_cleanly() {
    use std::ffi::{OsStr, OsString};
    use std::os::unix::ffi::OsStrExt;

    let bytes = |bytes: &[u8]| OsStr::from_bytes(bytes).to_owned();
    let word = |text: &str| OsString::from(text);
    for args in [
        vec![bytes(b"\xff")],
        vec![word("send"), word("--billno"), bytes(b"\xff")],
        vec![word("send"), bytes(b"--billno=\xff")],
        vec![word("send"), bytes(b"--\xff")],
        vec![word("query"), word("--mch-id"), bytes(b"19\xc3\x28")],
    ] {
        let run = run(args.clone());
        assert_eq!((run.status, run.stderr.contains("panicked")), (2, false), "{args:?}: {run:?}");
    }
    // A path may be any bytes.
    let run = run([word("send"), word("--json"), word("--api-key-file"), bytes(b"/nowhere/\xff")]);
    assert_eq!(run.status, 10, "{run:?}");
    let mut command = support::command();
    command.args(["send", "--json"]).env("REDPACK_API_KEY", bytes(b"CANARY\xff"));
    let run = support::finish(command.spawn().expect("started"));
    assert_eq!((run.status, run.everything().contains("CANARY")), (10, false), "{run:?}");
    assert!(run.stdout.contains("REDPACK_API_KEY is not UTF-8"), "{run:?}");
}

#[test]
fn no_secret_is_ever_shown() {
    let world = World::new();
    let canary = "CANARYcanaryCANARYcanaryCANARY00";
    let (key_file, short_file) =
        (world.file("key", format!("{canary}\n")), world.file("short", "CANARY short"));
    let config = world.config();
    let env = [("REDPACK_API_KEY", canary), ("REDPACK_MCH_ID", "1900000109"), ("REDPACK_APPID", "wx1")];
    for args in [
        &["--help"][..],
        &["help", "send"],
        &["send", "--help"],
        &["check", "-h"],
        &["send", "--json", "--config", &config, "--billno", "s1"],
        &["query", "--config", &config, "--billno", "s1", "-v"],
        &["query", "--config", &config, "--billno", "s1", "-vv", "--json"],
        &["check", "--config", &config],
        &["check", "--config", &config, "--api-key-file", &key_file],
        &["query", "--config", &config, "--billno", "s1", "--api-key-file", &short_file],
        &[
            "check",
            "--config",
            &config,
            "--p12",
            world.sandbox.p12_file().to_str().expect("UTF-8"),
            "--passphrase-file",
            &key_file,
        ],
        // Mistakes that people make: the secret where its file belongs, or anywhere else.
        &["send", "--json", "--api-key-file", canary],
        &["send", "--json", "--config", &config, "--passphrase-file", canary, "--p12", "x"],
        &["send", "--api-key", canary],
        &["send", &format!("--api-key={canary}")],
        &["send", canary],
        &[canary],
        &["send", "--json", "--endpoint", canary],
        &["sandbox", "--dir", "d", "--api-key-file", canary],
        &["new-billno"],
    ] {
        let run = run_with(args.iter().copied(), &env);
        assert!(!run.everything().to_lowercase().contains("canary"), "{args:?}: {run:?}");
        assert!(!run.everything().contains(world.api_key()), "{args:?}: {run:?}");
    }
}

#[test]
fn openids_are_masked_in_what_people_read() {
    let world = World::new();
    let config = world.config();
    let order = order_with("o1", &[("--amount-fen", "1")]);
    let run = run([&["send", "--config", &config, "-v"][..], &order].concat());
    assert_eq!(run.status, 11, "{run:?}");
    assert!(!run.everything().contains(OPENID), "{run:?}");
}
