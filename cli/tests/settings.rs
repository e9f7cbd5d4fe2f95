//! Flags before environment before file; what is missing, doubled or unreadable is told, and told together.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::{MCH_ID, World, run, run_with, text};

/// A settings file for the sandbox, with some lines changed or added.
fn config_with(world: &World, name: &str, changes: &[(&str, &str)]) -> String {
    let original = std::fs::read_to_string(world.config()).expect("config.toml");
    let changed = |line: &&str| changes.iter().any(|(key, _)| line.starts_with(&format!("{key} =")));
    let mut lines: Vec<String> = original.lines().filter(|line| !changed(line)).map(str::to_owned).collect();
    lines.extend(
        changes.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| format!("{key} = {value}")),
    );
    let path = world.sandbox.dir().join(name);
    std::fs::write(&path, lines.join("\n")).expect("a file");
    text(&path)
}

fn check(config: &str, flags: &[&str], env: &[(&str, &str)]) -> (i32, Value) {
    let run = run_with([&["check", "--json", "--config", config][..], flags].concat(), env);
    (run.status, run.json())
}

fn message(value: &Value) -> &str {
    value["message"].as_str().unwrap_or_default()
}

#[test]
fn flags_before_environment_before_file() {
    let world = World::new();
    let config = world.config();
    let base_url = |flags: &[&str], env: &[(&str, &str)]| check(&config, flags, env).1["base_url"].clone();
    assert_eq!(base_url(&[], &[]), world.sandbox.base_url());
    let env = [("REDPACK_BASE_URL", "https://env.example")];
    assert_eq!(base_url(&[], &env), "https://env.example");
    assert_eq!(base_url(&["--base-url", "https://flag.example"], &env), "https://flag.example");
    assert_eq!(base_url(&[], &[("REDPACK_BASE_URL", "")]), world.sandbox.base_url());

    let number = |args: &[&str], env: &[(&str, &str)]| {
        let run = run_with(args.iter().copied(), env);
        assert_eq!(run.status, 0, "{run:?}");
        run.stdout.chars().take(4).collect::<String>()
    };
    let env = [("REDPACK_MCH_ID", "22220000")];
    assert_eq!(number(&["new-billno", "--config", &config], &[]), MCH_ID[..4]);
    assert_eq!(number(&["new-billno", "--config", &config], &env), "2222");
    assert_eq!(number(&["new-billno", "--mch-id", "33330000"], &env), "3333");
    assert_eq!(number(&["--mch-id", "33330000", "new-billno"], &env), "3333");
}

#[test]
fn a_stronger_api_key_wins_whatever_its_form() {
    let world = World::new();
    let (right, wrong) = (world.api_key().to_owned(), "w".repeat(32));
    let right_file = world.file("right.key", format!("{right}\r\n"));
    let wrong_file = world.file("wrong.key", format!("{wrong}\n"));
    let with_wrong_text = config_with(&world, "wrong.toml", &[("api_key", &format!("{wrong:?}"))]);
    let with_right_file =
        config_with(&world, "right.toml", &[("api_key", ""), ("api_key_file", &format!("{right_file:?}"))]);
    let status = |billno: &str, config: &str, flags: &[&str], env: &[(&str, &str)]| {
        let args = [&["query", "--json", "--config", config, "--billno", billno][..], flags].concat();
        let run = run_with(args, env);
        assert!(!run.everything().contains(&wrong) && !run.everything().contains(&right), "{run:?}");
        run.json()["err_code"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(status("k1", &with_wrong_text, &[], &[]), "SIGN_ERROR");
    assert_eq!(status("k1", &with_wrong_text, &[], &[("REDPACK_API_KEY", &right)]), "NOT_FOUND");
    assert_eq!(status("k1", &with_wrong_text, &["--api-key-file", &right_file], &[]), "NOT_FOUND");
    assert_eq!(status("k1", &with_right_file, &[], &[]), "NOT_FOUND");
    assert_eq!(status("k1", &with_right_file, &[], &[("REDPACK_API_KEY", &wrong)]), "SIGN_ERROR");
    assert_eq!(status("k1", &with_right_file, &[], &[("REDPACK_API_KEY", "")]), "NOT_FOUND");
    let flags = ["--api-key-file", wrong_file.as_str()];
    assert_eq!(status("k1", &with_right_file, &flags, &[("REDPACK_API_KEY", &right)]), "SIGN_ERROR");
}

#[test]
fn the_strongest_level_decides_the_kind_of_credentials() {
    let world = World::new();
    let (cert, key, p12) =
        (text(world.sandbox.cert_file()), text(world.sandbox.key_file()), text(world.sandbox.p12_file()));
    let config = world.config();
    assert_eq!(check(&config, &["--p12", &p12], &[]).0, 0);
    let p12_config =
        config_with(&world, "p12.toml", &[("cert", ""), ("key", ""), ("p12", r#""apiclient_cert.p12""#)]);
    assert_eq!(check(&p12_config, &[], &[]).0, 0);
    assert_eq!(check(&p12_config, &["--cert", &cert, "--key", &key], &[]).0, 0);
    assert_eq!(check(&config, &["--cert", &cert], &[]).0, 0, "the key may come from the file");

    let (status, json) = check(&p12_config, &["--cert", &cert], &[]);
    assert_eq!((status, message(&json).contains("--key")), (1, true), "{json}");
    let (status, json) = check(&config, &["--cert", &cert, "--key", &key, "--p12", &p12], &[]);
    assert_eq!((status, message(&json).contains("not both")), (1, true), "{json}");
    let both = config_with(&world, "both.toml", &[("p12", r#""apiclient_cert.p12""#)]);
    let (status, json) = check(&both, &[], &[]);
    assert_eq!((status, message(&json).contains("not both")), (1, true), "{json}");
    assert_eq!(check(&both, &["--p12", &p12], &[]).0, 0, "a stronger level ends the dispute");
}

#[test]
fn the_authority_that_is_trusted() {
    let world = World::new();
    let without = config_with(&world, "no_ca.toml", &[("ca_file", "")]);
    let ca = text(world.sandbox.ca_file());
    let kind = |flags: &[&str], env: &[(&str, &str)]| {
        let args = [&["query", "--json", "--billno", "t1", "--config", &without][..], flags].concat();
        run_with(args, env).json()["kind"].as_str().unwrap_or("answered").to_owned()
    };
    assert_eq!(kind(&[], &[]), "server_certificate");
    assert_eq!(kind(&["--ca-file", &ca], &[]), "answered");
    assert_eq!(kind(&[], &[("REDPACK_CA_FILE", &ca)]), "answered");
    assert_eq!(kind(&["--system-roots"], &[("REDPACK_CA_FILE", &ca)]), "server_certificate");
    assert_eq!(kind(&["--system-roots", "--ca-file", &ca], &[]), "configuration");
    assert_eq!(kind(&["--ca-file", "/nowhere/ca.pem"], &[]), "credentials");
}

#[test]
fn all_that_is_missing_is_named_together() {
    for (subcommand, status) in [("send", 10), ("query", 12), ("check", 1)] {
        let run = run([subcommand, "--json"]);
        let json = run.json();
        assert_eq!(run.status, status, "{run:?}");
        for name in ["REDPACK_MCH_ID", "REDPACK_APPID", "REDPACK_API_KEY", "--cert and --key, or --p12"] {
            assert!(message(&json).contains(name), "{name}: {json}");
        }
        if subcommand != "check" {
            assert_eq!(json["advice"], "fix_setup");
            assert_eq!(json["scope"], "merchant");
        }
    }
    let json = run(["send", "--json", "--lang", "zh"]).json();
    assert!(message(&json).starts_with("missing: "), "JSON is the same in every language: {json}");
    let human = run(["send", "--lang", "zh"]);
    assert!(human.stdout.contains("缺少：--mch-id"), "{human:?}");
}

#[test]
fn a_journal_may_stand_at_every_level_and_is_never_ignored() {
    let world = World::new();
    let config = world.config();
    let with_journal = config_with(&world, "journal.toml", &[("journal", r#""sqlite:orders.db""#)]);
    let url = |name: &str| format!("sqlite:{}", world.dir.path().join(name).display());
    let (env, flag) = (url("env.db"), url("flag.db"));
    let send = |billno: &str, config: &str, flags: &[&str], env: &[(&str, &str)]| {
        let order = support::order(billno);
        let run = run_with([&["send", "--json", "--config", config][..], flags, &order].concat(), env);
        assert_eq!((run.status, &run.json()["state"]), (0, &json!("sent")), "{run:?}");
    };
    send("j1", &with_journal, &[], &[]);
    assert!(world.sandbox.dir().join("orders.db").exists(), "beside the settings file");
    send("j2", &with_journal, &[], &[("REDPACK_JOURNAL", &env)]);
    send("j3", &with_journal, &["--journal", &flag], &[("REDPACK_JOURNAL", &env)]);
    for (name, order) in [("env.db", "j2"), ("flag.db", "j3")] {
        let run = world.run("orders", &["--journal", &url(name)]);
        assert_eq!((run.status, &run.json()["mch_billno"]), (0, &json!(order)), "{run:?}");
    }
    // A password is never shown, whatever is wrong.
    for url in
        ["mysql://u:CANARY@h/d", "postgresql://u:CANARY@127.0.0.1:1/d", "postgres://u:CANARY@[/", "CANARY"]
    {
        for (subcommand, status) in
            [("send", 10), ("query", 12), ("settle", 12), ("orders", 1), ("recover", 1)]
        {
            let billno =
                if ["orders", "recover"].contains(&subcommand) { &[][..] } else { &["--billno", "j4"] };
            let args = [&[subcommand, "--json", "-vv", "--config", &config][..], billno].concat();
            let run = run_with(args, &[("REDPACK_JOURNAL", url)]);
            assert_eq!((run.status, run.everything().contains("CANARY")), (status, false), "{run:?}");
            assert!(run.everything().contains("journal"), "{run:?}");
        }
    }
    assert_eq!(check(&config, &["--journal", "nonsense"], &[]).0, 1);
    assert_eq!(world.requests(), 3);
}

#[test]
fn a_settings_file_with_mistakes_is_refused_without_quoting_it() {
    let world = World::new();
    let canary = "CANARYcanaryCANARYcanaryCANARY00";
    let cases = [
        (format!("api_key = {canary}\n"), "line 1"),
        (format!("mch_id = \"1\"\napi_key = \"{canary}\n"), "line 2"),
        (format!("api_key = [\"{canary}\"]\n"), "api_key must be text"),
        (format!("api_kee = \"{canary}\"\n"), "api_kee is not known"),
        (format!("api_key = \"{canary}\"\napi_key = \"{canary}\"\n"), "not valid TOML"),
        (format!("api_key = \"{canary}\"\napi_key_file = \"k\"\n"), "give one of the two"),
        ("mch_id = 1900000109\n".into(), "mch_id must be text"),
        ("ipv4_only = \"yes\"\n".into(), "ipv4_only must be true or false"),
        ("cert = \"\"\n".into(), "cert is empty"),
        ("attempt_timeout = \"20\"\n".into(), "attempt_timeout must be a number"),
        ("attempt_timeout = nan\n".into(), "from 0.001 to 600"),
        ("attempt_timeout = 0\n".into(), "from 0.001 to 600"),
        ("connect_timeout = -1.5\n".into(), "from 0.001 to 600"),
        ("source_address = \"here\"\n".into(), "must be an IP address"),
        ("journal = 1\n".into(), "journal must be text"),
        ("failover = \"sometimes\"\n".into(), "failover in"),
        ("cap_order_fen = 1.5\n".into(), "cap_order_fen must be a whole number"),
        ("cap_merchant_day_fen = -1\n".into(), "must be a whole number"),
        ("[table]\nx = 1\n".into(), "table is not known"),
    ];
    for (index, (content, expected)) in cases.iter().enumerate() {
        let path = world.file(&format!("{index}.toml"), content);
        let run = run(["send", "--json", "--config", &path, "--billno", "x1"]);
        assert_eq!((run.status, &run.json()["advice"]), (10, &json!("fix_setup")), "{run:?}");
        assert!(message(&run.json()).contains(expected), "{expected}: {run:?}");
        assert!(!run.everything().contains("CANARY"), "{run:?}");
    }
    for path in
        ["/nowhere/redpack.toml", &text(world.dir.path()), &world.file("latin1", b"mch_id = \"\xe9\"")]
    {
        let run = run(["query", "--json", "--config", path, "--billno", "x1"]);
        assert_eq!((run.status, message(&run.json()).contains("can't be read")), (12, true), "{run:?}");
    }
}

#[test]
fn limits_and_addresses_are_judged_before_anything_is_sent() {
    let world = World::new();
    for (flags, expected) in [
        (["--attempt-timeout", "0"], "--attempt-timeout must be"),
        (["--attempt-timeout", "-1"], "--attempt-timeout must be"),
        (["--attempt-timeout", "NaN"], "--attempt-timeout must be"),
        (["--attempt-timeout", "1e300"], "--attempt-timeout must be"),
        (["--connect-timeout", "inf"], "--connect-timeout must be"),
        (["--connect-timeout", "99999999999999999999999"], "--connect-timeout must be"),
        (["--connect-timeout", ""], "--connect-timeout must be"),
        (["--source-address", "localhost"], "--source-address must be"),
        (["--base-url", "http://127.0.0.1"], "base URL"),
        (["--base-url", "https://u:p@127.0.0.1"], "base URL"),
        (["--base-url", ""], "base URL"),
        (["--proxy", "socks5://127.0.0.1:1"], "proxy"),
        (["--backup-url", "http://127.0.0.1"], "backup URL"),
        (["--failover", "sometimes"], "--failover must be"),
        (["--cap-order-fen", "1.00"], "--cap-order-fen must be"),
        (["--cap-recipient-day-fen", "-1"], "--cap-recipient-day-fen must be"),
        (["--cap-merchant-day-fen", ""], "--cap-merchant-day-fen must be"),
        (["--pace", "0"], "pace"),
        (["--pace", "x"], "--pace must be"),
        (["--mch-id", ""], "mch_id"),
        (["--mch-id", "19 00"], "mch_id"),
        (["--mch-id", "1900000110"], "belongs to merchant"),
        (["--appid", "猜"], "appid"),
        (["--cert", "/nowhere/cert.pem"], "can't be read"),
        (["--api-key-file", "/nowhere/key"], "can't be read"),
    ] {
        let run = world.send("l1", &flags);
        assert_eq!((run.status, &run.json()["outcome"]), (10, &json!("not_sent")), "{run:?}");
        assert_eq!(run.json()["advice"], "fix_setup", "{run:?}");
        assert!(message(&run.json()).contains(expected), "{expected}: {run:?}");
    }
    assert_eq!(
        world.send("l2", &["--attempt-timeout", "9.5", "--connect-timeout", "2", "--ipv4-only"]).status,
        0
    );
    assert_eq!(world.requests(), 1);
}
