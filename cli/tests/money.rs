//! `send`, `query` and `check` against the sandbox: outcomes, exit statuses, and the keys of the JSON.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use support::{MCH_ID, OPENID, World, command, finish, order, order_with, run, text};

const SEND_KEYS: [&str; 9] = [
    "outcome",
    "advice",
    "scope",
    "mch_billno",
    "err_code",
    "message",
    "send_listid",
    "attempts",
    "not_before",
];
const QUERY_KEYS: [&str; 5] = ["found", "status", "mch_billno", "total_amount", "receivers"];

fn assert_keys(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "{key} is missing: {value}");
    }
}

/// Outcome, advice, scope, code.
fn verdict(value: &Value) -> [&str; 4] {
    ["outcome", "advice", "scope", "err_code"].map(|key| value[key].as_str().unwrap_or("-"))
}

#[test]
fn a_packet_is_sent_claimed_and_asked_about() {
    let world = World::new();
    let sent = world.send("a1", &[]);
    let json = sent.json();
    assert_eq!(sent.status, 0, "{sent:?}");
    assert_keys(&json, &SEND_KEYS);
    assert_eq!(verdict(&json), ["sent", "none", "order", "-"]);
    assert_eq!((&json["mch_billno"], &json["attempts"]), (&json!("a1"), &json!(1)));
    assert_eq!((&json["total_amount"], &json["not_before"]), (&json!(100), &Value::Null));
    assert_eq!(json["answer"]["re_openid"], OPENID);
    assert!(json["send_listid"].as_str().is_some_and(|number| !number.is_empty()));
    assert_eq!(sent.stderr, "");

    let waiting = world.query("a1", &[]);
    assert_eq!((waiting.status, &waiting.json()["status"]), (0, &json!("SENT")));
    assert_eq!(waiting.json()["receivers"], json!([]));

    world.sandbox.claim("a1").expect("claimed");
    let claimed = world.query("a1", &[]);
    let json = claimed.json();
    assert_eq!(claimed.status, 0);
    assert_keys(&json, &QUERY_KEYS);
    assert_eq!((&json["found"], &json["status"]), (&json!(true), &json!("RECEIVED")));
    assert_eq!((&json["total_amount"], &json["advice"]), (&json!(100), &json!("none")));
    let receiver = &json["receivers"][0];
    assert_eq!((&receiver["openid"], &receiver["amount"]), (&json!(OPENID), &json!(100)));
    assert!(receiver["rcv_time"].as_str().is_some_and(|time| time.ends_with("+08:00")), "{json}");
    assert_eq!(world.requests(), 3);
}

#[test]
fn an_order_that_nobody_knows_is_not_a_failed_one() {
    let world = World::new();
    let run = world.query("nobody", &[]);
    let json = run.json();
    assert_eq!((run.status, &json["found"]), (12, &json!(false)));
    assert_keys(&json, &QUERY_KEYS);
    assert_eq!(verdict(&json), ["unknown", "query_first", "order", "NOT_FOUND"]);
    assert_eq!(json["status"], Value::Null);
}

#[test]
fn every_outcome_has_its_exit_status() {
    let world = World::new();
    let other_key = world.file("other.key", "x".repeat(32));
    let refused = world.run("send", &order_with("b1", &[("--amount-fen", "50")]));
    assert_eq!(refused.status, 11);
    assert_eq!(verdict(&refused.json()), ["rejected", "query_first", "order", "MONEY_LIMIT"]);

    let unsigned = world.send("b2", &["--api-key-file", &other_key]);
    assert_eq!(unsigned.status, 11);
    assert_eq!(verdict(&unsigned.json()), ["rejected", "fix_setup", "merchant", "SIGN_ERROR"]);

    world.sandbox.set_balance(redpack::Fen(0));
    let short = world.send("b3", &[]);
    assert_eq!(short.status, 13);
    assert_eq!(verdict(&short.json()), ["pending", "retry_same_order", "merchant", "NOTENOUGH"]);
    assert!(short.json()["not_before"].as_str().is_some_and(|time| time.ends_with("+08:00")));
    assert_eq!(short.json()["err_code_des"], short.json()["answer"]["err_code_des"]);

    // A proxy that nobody runs: the request never leaves.
    let closed = world.send("b4", &["--proxy", "http://127.0.0.1:1"]);
    assert_eq!((closed.status, &closed.json()["attempts"]), (10, &json!(0)));
    assert_eq!(verdict(&closed.json()), ["not_sent", "retry_same_order", "order", "-"]);

    let (cert, key) = world.sandbox.foreign_client_certificate(MCH_ID).expect("a certificate");
    let (cert, key) = (world.file("cert.pem", cert), world.file("key.pem", key));
    let doubted = world.send("b5", &["--cert", &cert, "--key", &key]);
    assert_eq!((doubted.status, &doubted.json()["http_status"]), (12, &json!(400)));
    assert_eq!(verdict(&doubted.json()), ["unknown", "fix_setup", "merchant", "-"]);
}

#[test]
fn a_server_that_nobody_vouches_for_gets_nothing() {
    let world = World::new();
    let run = world.send("c1", &["--system-roots"]);
    assert_eq!((run.status, &run.json()["kind"]), (10, &json!("server_certificate")));
    assert_eq!(verdict(&run.json()), ["not_sent", "fix_setup", "merchant", "-"]);
    let query = world.query("c1", &["--system-roots"]);
    assert_eq!((query.status, &query.json()["found"]), (12, &Value::Null));
    assert_eq!(world.requests(), 0);
}

#[test]
fn the_other_kinds_of_red_packet() {
    let world = World::new();
    let mini = world.send("d1", &["--endpoint", "sendminiprogramhb"]);
    assert_eq!(mini.status, 0, "{mini:?}");
    assert!(mini.json()["package"].as_str().is_some_and(|package| package.contains("sendid")));

    let secret = world.file("workwx.secret", format!("{}\r\n", world.sandbox.workwx_secret().expose()));
    // WeCom packets have a sender's name of their own.
    let workwx = |billno, more: &[&str]| {
        let order: Vec<&str> =
            order(billno).into_iter().filter(|arg| !["--send-name", "天虹百货"].contains(arg)).collect();
        world.run("send", &[&["--endpoint", "sendworkwxredpack"][..], &order, more].concat())
    };
    let sent = workwx("d2", &["--sender-name", "小王", "--workwx-secret-file", &secret]);
    assert_eq!(sent.status, 0, "{sent:?}");
    let asked = world.query("d2", &["--workwx"]);
    assert_eq!((asked.status, &asked.json()["status"]), (0, &json!("SENT")), "{asked:?}");

    // Each kind has its own fields.
    let foreign = world.send("d3", &["--endpoint", "sendminiprogramhb", "--client-ip", "127.0.0.1"]);
    assert_eq!((foreign.status, &foreign.json()["problems"][0]["field"]), (10, &json!("client_ip")));
    let without_secret = workwx("d4", &[]);
    assert_eq!(without_secret.json()["problems"][0]["field"], "workwx_sign");
    assert_eq!(world.requests(), 3);
}

#[test]
fn optional_fields_reach_the_wire() {
    let world = World::new();
    let fields =
        ["--client-ip", "10.0.0.1", "--scene-id", "PRODUCT_1", "--nonce-str", "n1", "--total-num", "1"];
    let service = ["--sub-mch-id", "1900000110", "--msgappid", "wx1", "--consume-mch-id", MCH_ID];
    let more = ["--risk-info", "a%3Db", "--wxappid", world.sandbox.appid(), "--amount-yuan", "0.30"];
    let order: Vec<&str> =
        order("e1").into_iter().filter(|arg| !["--amount-fen", "100"].contains(arg)).collect();
    let run = world.run("send", &[&order[..], &fields, &service, &more].concat());
    assert_eq!(run.status, 0, "{run:?}");
    let ledger = world.sandbox.ledger();
    let order = &ledger.orders["e1"];
    assert_eq!((order.total_amount, order.sub_mch_id.as_deref()), (redpack::Fen(30), Some("1900000110")));
    assert_eq!(order.remark, "快来抢 <&]]>");
}

#[test]
fn people_read_plain_words_in_their_language() {
    let world = World::new();
    let config = world.config();
    let send =
        |billno, lang: &[&str]| run([&["send", "--config", &config][..], lang, &order(billno)].concat());
    let english = send("f1", &["--lang", "en"]);
    assert_eq!(english.status, 0, "{english:?}");
    assert!(english.stdout.starts_with("sent: WeChat accepted the order"), "{english:?}");
    assert!(english.stdout.contains("oxTW***6E") && !english.stdout.contains(OPENID), "{english:?}");
    let chinese = send("f2", &["--lang", "zh"]);
    assert!(chinese.stdout.starts_with("sent：微信已接受该订单"), "{chinese:?}");
    world.sandbox.claim("f1").expect("claimed");
    let asked = run(["query", "--config", &config, "--billno", "f1"]);
    assert!(asked.stdout.starts_with("RECEIVED: ") && asked.stdout.contains(OPENID), "{asked:?}");

    let order = order("f3");
    for (env, word) in [
        (&[("LANG", "zh_CN.UTF-8")][..], "sent："),
        (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")], "sent: "),
        (&[("LANG", "en_US"), ("LC_ALL", ""), ("LC_MESSAGES", "zh_TW")], "sent："),
    ] {
        let run = support::run_with([&["send", "--config", &config][..], &order].concat(), env);
        assert!(run.stdout.starts_with(word), "{env:?}: {run:?}");
    }
}

#[test]
fn check_inspects_without_the_network() {
    let world = World::new();
    let run = world.run("check", &[]);
    let json = run.json();
    assert_eq!((run.status, &json["ok"], &json["mch_id"]), (0, &json!(true), &json!(MCH_ID)));
    assert!(json["days_left"].as_i64().is_some_and(|days| days > 0));
    assert_eq!(json["certificate"]["common_name"], MCH_ID);
    assert_eq!(json["findings"], json!(["unusual_host"]));

    let p12 = text(world.sandbox.p12_file());
    let run = world.run("check", &["--p12", &p12]);
    assert_eq!(run.status, 0, "{run:?}");
    let wrong = world.file("pass", "wrong\n");
    let run = world.run("check", &["--p12", &p12, "--passphrase-file", &wrong]);
    assert_eq!((run.status, &run.json()["credential_fault"]), (1, &json!("wrong_passphrase")));
    let right = world.file("right", format!("{MCH_ID}\r\n"));
    assert_eq!(world.run("check", &["--p12", &p12, "--passphrase-file", &right]).status, 0);
    assert_eq!(world.requests(), 0);
}

#[test]
fn verbose_log_lines_are_on_standard_error_and_without_secrets() {
    let world = World::new();
    let run = world.send("g1", &["-v"]);
    assert_eq!(run.status, 0);
    run.json();
    assert!(run.stderr.contains("redpack debug: ") && run.stderr.contains("order=g1"), "{run:?}");
    assert!(!run.everything().contains(world.api_key()) && !run.stderr.contains(OPENID), "{run:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_outcome_is_not_lost_with_its_standard_output() {
    let world = World::new();
    let config = world.config();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let mut send: Command = command();
    send.args(["send", "--json", "--config", &config]).args(order("h1")).stdout(Stdio::from(full));
    let run = finish(send.spawn().expect("started"));
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains(r#"{"outcome":"sent""#), "{run:?}");

    // A reader that went away.
    let mut send: Command = command();
    let mut child =
        send.args(["send", "--json", "--config", &config]).args(order("h2")).spawn().expect("started");
    drop(child.stdout.take());
    let run = finish(child);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains(r#""mch_billno":"h2""#), "{run:?}");
}
