//! Signing and encoding against a second implementation: Python's hashlib, hmac and expat, with the rules of the wire
//! as `tests/vectors/make/common.py` writes them down. Thousands of generated requests go through one pipe.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use redpack::table::{ENDPOINTS, Endpoint};
use redpack::{Call, Merchant, Request, Secret, SignType, sign};
use serde_json::{Value, json};

/// The other side.
struct Other {
    child: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Other {
    fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
        let mut child = Command::new("python3")
            .arg(root.join("core/tests/support/differential.py"))
            .arg(root.join("tests/vectors/make"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3: .ci/setup tests installs it");
        let asked = child.stdin.take().expect("a pipe");
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, asked, answers }
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.asked, "{question}").expect("it reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no answer to {question}"))
    }

    fn end(self) {
        let Self { mut child, asked, .. } = self;
        drop(asked);
        assert!(child.wait().expect("ended").success());
    }
}

/// So many cases of a fixed seed: the same in every run.
fn run<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(&mut Other, S::Value)) {
    let other = Mutex::new(Other::start());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let checked = TestRunner::new_with_rng(config, rng).run(strategy, |case| {
        test(&mut other.lock().expect("one thread"), case);
        Ok(())
    });
    checked.expect("both say the same");
    other.into_inner().expect("one thread").end();
}

fn merchant() -> impl Strategy<Value = Merchant> {
    ("[0-9]{8,10}", "wx[0-9a-f]{16}", "[!-~]{32}", "[ -~]{1,40}").prop_map(|(mch_id, appid, key, secret)| {
        Merchant { mch_id, appid, api_key: Secret::new(key), workwx_secret: Some(Secret::new(secret)) }
    })
}

fn told(merchant: &Merchant) -> Value {
    json!({
        "mch_id": merchant.mch_id,
        "appid": merchant.appid,
        "api_key": merchant.api_key.expose(),
        "workwx_secret": merchant.workwx_secret.as_ref().map(Secret::expose),
    })
}

/// Text with everything in it that XML, CDATA and a base string could stumble over.
fn text(most_bytes: usize) -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("]]>".to_owned()),
        Just("&".to_owned()),
        Just("=".to_owned()),
        Just("\r\n".to_owned()),
        Just("<![CDATA[".to_owned()),
        Just("&#13;".to_owned()),
        Just("\u{feff}".to_owned()),
        "[ -~]{1,8}",
        "[猜灯谜包🧧é\u{7f}\u{a0}\t]{1,3}",
        "[^\u{0}-\u{1f}\u{fffe}\u{ffff}]{1,3}",
    ];
    proptest::collection::vec(part, 1..8).prop_map(move |parts| {
        let mut text = String::new();
        for part in parts {
            if text.len() + part.len() <= most_bytes {
                text += &part;
            }
        }
        text
    })
}

/// A value for a field, by its name and its room.
fn value(name: &'static str, most_bytes: usize) -> BoxedStrategy<String> {
    match name {
        "mch_billno" => "[0-9A-Za-z]{1,28}".boxed(),
        "total_amount" => (1u64..=u64::MAX / 2).prop_map(|fen| fen.to_string()).boxed(),
        "total_num" => Just("1".to_owned()).boxed(),
        "client_ip" => any::<[u8; 4]>().prop_map(|ip| std::net::Ipv4Addr::from(ip).to_string()).boxed(),
        "scene_id" => (1u8..=8).prop_map(|number| format!("PRODUCT_{number}")).boxed(),
        "sub_mch_id" | "consume_mch_id" | "agentid" => "[0-9]{1,10}".boxed(),
        _ => text(most_bytes.min(256)).boxed(),
    }
}

/// What the library fills in, or knows one value of; the merchant's own fields come from the merchant.
const LEFT_OUT: [&str; 7] =
    ["mch_id", "sign", "workwx_sign", "risk_info", "bill_type", "notify_way", "ww_msg_type"];

fn fields(endpoint: &'static Endpoint) -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let each: Vec<_> = endpoint
        .fields
        .iter()
        .filter(|field| !LEFT_OUT.contains(&field.name))
        .map(|field| (Just(field.name), value(field.name, field.max_bytes), 0..4u8))
        .collect();
    each.prop_map(|all| {
        let needed =
            ["mch_billno", "re_openid", "total_amount", "act_name", "remark", "wishing", "send_name"];
        all.into_iter()
            .filter(|(name, value, chance)| (*chance == 0 || needed.contains(name)) && !value.is_empty())
            .map(|(name, value, _)| (name, value))
            .collect()
    })
}

#[test]
fn requests_of_every_kind_are_what_the_other_implementation_writes() {
    for endpoint in ENDPOINTS {
        let accepted = Mutex::new(0);
        run(600, &(merchant(), fields(endpoint)), |other, (merchant, fields)| {
            let mut request = Request::new(endpoint);
            for (name, value) in &fields {
                request.set(name, value.clone()).expect("a field of the table");
            }
            let Ok(wire) = request.encode(&merchant) else { return };
            *accepted.lock().expect("one thread") += 1;
            let question = json!({
                "do": "encode", "endpoint": endpoint.name, "merchant": told(&merchant), "fields": fields,
                "body": wire.body,
            });
            let answer = other.ask(&question);
            assert_eq!(answer, json!({ "nonce_str": wire.nonce_str, "body": wire.body }), "{question}");
        });
        let accepted = accepted.into_inner().expect("one thread");
        assert!(accepted > 300, "{}: only {accepted} of 600 were accepted", endpoint.name);
    }
}

#[test]
fn calls_are_signed_as_the_other_implementation_signs_them() {
    let pairs = proptest::collection::btree_map("[A-Za-z_][A-Za-z0-9_.-]{0,12}", text(80), 1..10);
    run(1500, &(merchant(), pairs, any::<bool>()), |other, (merchant, pairs, hmac)| {
        let kind = if hmac { SignType::HmacSha256 } else { SignType::Md5 };
        let mut call = Call::new("/mmpaymkttransfers/x").sign_type(kind);
        for (name, value) in &pairs {
            call = call.field(name, value.clone());
        }
        let Ok(wire) = call.encode(&merchant) else { return };
        let question = json!({
            "do": "call", "merchant": told(&merchant), "fields": pairs, "sign_type": kind.as_str(), "body": wire.body,
        });
        assert_eq!(other.ask(&question), json!({ "right": true }), "{question}");
    });
}

#[test]
fn signatures_are_those_of_hashlib_and_hmac() {
    let pairs =
        proptest::collection::btree_map("[A-Za-z_]{1,12}", prop_oneof![text(80), Just(String::new())], 0..12);
    run(2000, &(pairs, "[!-~]{1,70}"), |other, (pairs, key)| {
        let fields = || pairs.iter().map(|(name, value)| (&**name, &**value));
        let secret = Secret::new(&*key);
        let ours = json!({
            "md5": sign::sign(fields(), &secret, SignType::Md5),
            "hmac": sign::sign(fields(), &secret, SignType::HmacSha256),
            "workwx": sign::workwx_sign(fields(), &secret),
        });
        let question = json!({ "do": "sign", "fields": pairs, "key": key });
        assert_eq!(other.ask(&question), ours, "{question}");
    });
}
