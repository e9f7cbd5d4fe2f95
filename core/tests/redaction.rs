//! Invariant 10: keys, passphrase, private key and signature base string appear in no `Debug`, `Display`,
//! error or log; openids are masked everywhere but in results.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::sync::Mutex;

use log::{LevelFilter, Log, Metadata, Record};
use redpack::{Credentials, Query, Secret};
use support::{Reply, Server, builder, order, order_numbered, pki, success, xml};

const KEY: &str = "CANARYCANARYCANARYCANARYCANARY42";
const PASSPHRASE: &str = "PASSPHRASECANARY";

/// Keeps every line of every crate.
struct Everything(Mutex<String>);

impl Log for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &Record<'_>) {
        // At the level Trace ureq dumps what the server sent, openids in it included: SECURITY.md tells hosts
        // to leave that off. What we sent, and every other line, must be clean.
        if record.target() != "ureq_proto::util" || !record.args().to_string().contains("oxTWI") {
            let line = format!("{} {}\n", record.target(), record.args());
            self.0.lock().expect("log").push_str(&line);
        }
    }
    fn flush(&self) {}
}

static LOG: Everything = Everything(Mutex::new(String::new()));

#[test]
fn invariant_10_no_secret_is_ever_seen() {
    log::set_logger(&LOG).expect("the only logger");
    log::set_max_level(LevelFilter::Trace);
    let server = Server::start(|number, body| match number {
        0 => Reply::ok(success()),
        1 => Reply::Close,
        // A server that sends everything back that it got, the openid included.
        2 => Reply::ok(xml(&[
            ("return_code", "FAIL"),
            ("return_msg", &format!("no such {}", support::OPENID)),
        ])),
        3 => Reply::status(500, body),
        // Openids where a code should be, also inside of a longer word, of any shape.
        4 => Reply::ok(xml(&[
            ("return_code", "SUCCESS"),
            ("result_code", "FAIL"),
            ("err_code", &format!("NO_USER_{}_X", support::OPENID)),
            ("err_code_des", &format!("{}{}", "x".repeat(490), support::OPENID)),
        ])),
        _ => Reply::ok(xml(&[
            ("return_code", "SUCCESS"),
            ("result_code", "FAIL"),
            ("err_code", "SIGN_ERROR"),
            ("err_code_des", support::OPENID),
        ])),
    });
    let builder = builder(&server).workwx_secret(Secret::new(KEY));
    let mut seen = format!("{builder:?} {:?}", order());
    let client = builder.build().expect("a client");
    client.replace_api_key(Secret::new(KEY)).expect("replaced");
    seen += &format!("{client:?} {:?}", client.check());
    let result = client.send(&order()).expect("sent");
    seen += &format!("{result:?}");
    for _ in 0..6 {
        let error = client.send(&order()).expect_err("failed");
        seen += &format!("{error} {error:?} {error:#?} {:?} {:?}", error.err_code(), error.err_code_des());
        assert!(error.to_string().chars().count() < 2300, "{error}");
    }
    let error = client.query(&Query::new("q")).expect_err("failed");
    seen += &format!("{error} {error:?}");
    let error = client.send(&order_numbered("").send_name("")).expect_err("invalid");
    seen += &format!("{error} {error:?}");
    // Fields that were mixed up: the openid where the number should be.
    let error = client.send(&order_numbered(support::OPENID).send_name("")).expect_err("invalid");
    assert_eq!(error.mch_billno(), Some(support::OPENID), "the caller's own value is the caller's");
    seen += &format!("{error} {error:?}");
    let p12 = Credentials::pkcs12(b"x", Some(Secret::new(PASSPHRASE)));
    seen += &format!("{p12:?} {:?}", client.replace_credentials(&p12));
    seen += &format!("{:?}", client.replace_api_key(Secret::new("CANARYCANARY")));
    seen += &LOG.0.lock().expect("log");

    assert!(seen.contains("sendredpack order=") && seen.contains("outcome=unknown"), "the log was heard");
    let private_key = pki().client.1.lines().nth(1).expect("a line of the key");
    for (what, secret) in [
        ("the API key", "CANARYCANARY"),
        ("the passphrase", PASSPHRASE),
        ("the private key", private_key),
        ("the signature base string", "act_name="),
        ("the openid", support::OPENID),
    ] {
        assert!(!seen.contains(secret), "{what} was seen in:\n{seen}");
    }
}
