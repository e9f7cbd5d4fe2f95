//! Runs the shared vectors: signatures of independent implementations, WeChat's published examples, and
//! the outcome tables, row by row.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

mod support;
#[path = "support/vectors.rs"]
mod vectors;

use std::collections::BTreeMap;

use redpack::answer::table::{self, CODES, STATUSES};
use redpack::answer::{read_query, read_send};
use redpack::sign::{BizRedPacket, SignType, sign, verify, workwx_sign};
use redpack::{
    Error, ErrorKind, Fen, Merchant, Query, Received, Secret, SendRedPack, SendWorkwx, Timestamp, Verdict,
    WireRequest,
};
use serde_json::{Value, json};
use support::{API_KEY, APPID, BILLNO, MCH_ID, OPENID, key, order};
use vectors::{path, ran, read};

#[test]
fn signatures_of_independent_implementations() {
    let file = read("sign.json");
    let cases = file["vectors"].as_array().expect("a list");
    for case in cases {
        let fields: BTreeMap<&str, &str> = case["fields"]
            .as_object()
            .expect("fields")
            .iter()
            .map(|(n, v)| (&**n, v.as_str().expect("text")))
            .collect();
        let key = Secret::new(case["key"].as_str().expect("a key"));
        for (sign_type, name) in [(SignType::Md5, "md5"), (SignType::HmacSha256, "hmac_sha256")] {
            let expected = case[name].as_str().expect("a signature");
            let pairs = || fields.iter().map(|(name, value)| (*name, *value));
            assert_eq!(sign(pairs(), &key, sign_type), expected, "{case}");
            // The order in which fields come does not matter.
            assert_eq!(sign(pairs().rev(), &key, sign_type), expected);
            assert!(verify(pairs(), &key, expected));
        }
    }
    ran("sign.json", cases.len());
}

#[test]
fn published_examples() {
    let key = Secret::new("192006250b4c09247ec02edce69f6a2d");
    let example = [
        ("appid", "wxd930ea5d5a258f4f"),
        ("body", "test"),
        ("device_info", "1000"),
        ("mch_id", "10000100"),
        ("nonce_str", "ibuaiVcKdpRxkhJA"),
    ];
    assert_eq!(sign(example, &key, SignType::Md5), "9A0A8659F005D6984697E2CA0A9CF3B7");
    assert_eq!(
        sign(example, &key, SignType::HmacSha256),
        "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6"
    );
    let wecom = [
        ("act_name", "XXX"),
        ("mch_billno", "11111234567890"),
        ("mch_id", "10000098"),
        ("nonce_str", "qFKEgfig76DF9912fewmkp"),
        ("re_openid", "oxTWIuGaIt6gTKsQRLau2M0yL16E"),
        ("total_amount", "100"),
        ("wxappid", "wx123456789"),
        ("remark", "not covered"),
    ];
    assert_eq!(workwx_sign(wecom, &key), "8B8D04AFC9FD08094CC5A0C2FA8BB60C");
    let package = "sendid=242e8abd163d300019b2cae74ba8e8c06e3f0e51ab84d16b3c80decd22a5b672&ver=8&\
                   sign=4110d649a5aef52dd6b95654ddf91ca7d5411ac159ace4e1a766b7d3967a1c3dfe1d256811445a4abda2d9cfa4a9b377a\
                   829258bd00d90313c6c346f2349fe5d&mchid=11475856&appid=wxd27ebc41b85ce36d";
    let claim = BizRedPacket::new("wxd27ebc41b85ce36d", "1514363815", "Ww213sdad", package, &key);
    assert_eq!(claim.pay_sign, "B2BFE17E0BE2B0A7214E55331B37061E");
    assert!(
        claim.package.starts_with("sendid%3D242e")
            && claim.package.ends_with("%26appid%3Dwxd27ebc41b85ce36d")
    );
    assert_eq!(serde_json::to_value(&claim).expect("JSON")["signType"], "MD5");
}

fn merchant(mch_id: &str, appid: &str) -> Merchant {
    let key = Secret::new("192006250b4c09247ec02edce69f6a2d");
    Merchant { mch_id: mch_id.into(), appid: appid.into(), api_key: key.clone(), workwx_secret: Some(key) }
}

fn field<'a>(root: &'a redpack::xml::Element, name: &str) -> &'a str {
    root.text_of(name).unwrap_or_default()
}

#[test]
fn published_examples_through_the_typed_requests() {
    let nonce = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";
    let order = SendRedPack::new("10000098201411111234567890", "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(1000))
        .act_name("猜灯谜抢红包活动")
        .client_ip("192.168.0.1")
        .remark("猜越多得越多，快来抢！")
        .risk_info("posttime%3d123123412%26clientversion%3d234134%26mobile%3d122344545%26deviceid%3dIOS")
        .scene_id("PRODUCT_8")
        .send_name("天虹百货")
        .wishing("感谢您参加猜灯谜活动，祝您元宵节快乐！")
        .nonce_str(nonce);
    let wire = order.as_request().encode(&merchant("10000098", "wx8888888888888888")).expect("encoded");
    let root = redpack::xml::read(wire.body.as_bytes()).expect("XML");
    assert_eq!(field(&root, "sign"), "C3F9EB2189E55B12B14CD761D1850A77");
    assert_eq!(root.children.len(), 15);

    let query = Query::new("0010010404201411170000046545").nonce_str("50780e0cca98c8c8e814883e5caa672e");
    let wire = query.as_request().encode(&merchant("10000097", "wxe062425f740c30d8")).expect("encoded");
    let root = redpack::xml::read(wire.body.as_bytes()).expect("XML");
    assert_eq!(field(&root, "sign"), "12733425FC5D9ECF9CB5BBF7FE3BD89B");

    let wecom = SendWorkwx::new("123456", "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(1000))
        .act_name("猜灯谜抢红包活动")
        .remark("猜越多得越多，快来抢！")
        .sender_header_media_id("1G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0")
        .sender_name("XX活动")
        .wishing("感谢您参加猜灯谜活动，祝您元宵节快乐！")
        .nonce_str(nonce);
    let wire = wecom.as_request().encode(&merchant("10000098", "wx8888888888888888")).expect("encoded");
    let root = redpack::xml::read(wire.body.as_bytes()).expect("XML");
    assert_eq!(field(&root, "workwx_sign"), "FCB8624E2CED048CA15E2FF2B87C91A6");
    assert_eq!(field(&root, "sign"), "F49B5E6435F626E21918C3CBE0EFC416");
}

fn told(verdict: Verdict) -> Value {
    serde_json::to_value(verdict).expect("JSON")
}

/// One case: a name, what came back, and what it must be taken for.
fn case(name: &str, body: String, verdict: Verdict) -> Value {
    let mut case = json!({"name": name, "http_status": 200, "body": body});
    case.as_object_mut().expect("an object").extend(told(verdict).as_object().expect("an object").clone());
    case
}

/// The tables as the file that every language runs. The clock of its cases stands at `now`.
fn tables() -> Value {
    let now = "2026-11-24 12:00:00";
    let refused = |return_code: &str, code: &str| {
        support::xml(&[
            ("return_code", return_code),
            ("result_code", "FAIL"),
            ("err_code", code),
            ("err_code_des", "x"),
            ("mch_billno", BILLNO),
            ("mch_id", MCH_ID),
        ])
    };
    let mut send: Vec<Value> =
        CODES.iter().map(|row| case(row.code, refused("SUCCESS", row.code), row.verdict)).collect();
    for (name, code) in [
        ("a numeric code", "268458547"),
        ("a code in no row", "BRAND_NEW"),
        ("the code 0", "0"),
        ("no code", ""),
    ] {
        send.push(case(name, refused("SUCCESS", code), table::UNKNOWN_CODE));
    }
    for code in
        ["CA_ERROR", "SIGN_ERROR", "SYSTEMERROR", "FREQ_LIMIT", "SEND_FAILED", "NOTENOUGH", "268458547", ""]
    {
        let name = format!("return_code FAIL with {}", if code.is_empty() { "no code" } else { code });
        send.push(case(&name, refused("FAIL", code), table::communication_verdict(Some(code))));
    }
    for code in ["SUCCESS", "0", "", "SYSTEMERROR"] {
        let body = support::success().replace("<err_code>SUCCESS<", &format!("<err_code>{code}<"));
        send.push(case(&format!("SUCCESS with err_code '{code}'"), body, table::SENT));
    }
    for (name, value) in
        [("mch_billno", BILLNO), ("mch_id", MCH_ID), ("total_amount", "100"), ("re_openid", OPENID)]
    {
        let body = support::success().replace(&format!("<{name}>{value}<"), &format!("<{name}>1{value}<"));
        send.push(case(&format!("SUCCESS with another {name}"), body, ErrorKind::EchoMismatch.verdict()));
    }
    let found = |status: &str, more: &[(&str, &str)]| {
        let mut fields = vec![
            ("return_code", "SUCCESS"),
            ("result_code", "SUCCESS"),
            ("mch_billno", BILLNO),
            ("status", status),
        ];
        fields.extend_from_slice(more);
        support::xml(&fields)
    };
    let mut query: Vec<Value> =
        STATUSES.iter().map(|row| case(row.status, found(row.status, &[]), row.verdict)).collect();
    let (fresh, old) = ("2026-11-21 12:00:01", "2026-11-21 12:00:00");
    let sending = STATUSES.iter().find(|row| row.status == "SENDING").expect("a row").verdict;
    for (name, time, verdict) in [
        ("SENDING with a reason, within 3 days", fresh, table::SENDING_WITH_REASON),
        ("SENDING with a reason, after 3 days", old, sending),
        ("SENDING with a reason, no one knows since when", "", sending),
    ] {
        query.push(case(name, found("SENDING", &[("reason", "余额不足"), ("send_time", time)]), verdict));
    }
    query.push(case("a status in no row", found("BRAND_NEW", &[]), table::QUERY_SAYS_NOTHING));
    query.push(case("no status", found("", &[]), table::QUERY_SAYS_NOTHING));
    for code in ["NOT_FOUND", "SYSTEMERROR", "FREQ_LIMIT", "SEND_FAILED", "SIGN_ERROR", "BRAND_NEW"] {
        let mut verdict = table::QUERY_SAYS_NOTHING;
        verdict.scope = table::code_verdict(Some(code)).scope;
        query.push(case(code, refused("SUCCESS", code), verdict));
    }
    let failures: serde_json::Map<String, Value> =
        ErrorKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), told(kind.verdict()))).collect();
    json!({
        "about": "The outcome tables. send and query: what an answer to the request below means. failures: \
                  what an error that is no answer means, by kind. Made by core/tests/vectors.rs; BLESS=1 rewrites it.",
        "request": {"mch_billno": BILLNO, "mch_id": MCH_ID, "appid": APPID, "re_openid": OPENID, "total_amount": "100",
                    "api_key": API_KEY, "now": now},
        "send": send, "query": query, "failures": failures,
    })
}

fn wire(request: &redpack::Request) -> WireRequest {
    let merchant =
        Merchant { mch_id: MCH_ID.into(), appid: APPID.into(), api_key: key(), workwx_secret: None };
    request.encode(&merchant).expect("encoded")
}

fn check(case: &Value, found: Value) {
    for (name, value) in found.as_object().expect("an object") {
        assert_eq!(&case[name], value, "{name} of {case}");
    }
}

fn told_error(error: &Error) -> Value {
    json!({"outcome": error.outcome(), "advice": error.advice(), "scope": error.scope()})
}

#[test]
fn the_outcome_tables_row_by_row() {
    let fresh = serde_json::to_string_pretty(&tables()).expect("JSON") + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path("answers.json"), &fresh).expect("written");
    }
    let text = std::fs::read_to_string(path("answers.json")).expect("a vector file");
    assert_eq!(text, fresh, "tests/vectors/answers.json is stale: run with BLESS=1");

    let file = read("answers.json");
    let now = Timestamp::from_wire(file["request"]["now"].as_str().expect("a time")).expect("a time");
    let received = |case: &Value| Received {
        http_status: u16::try_from(case["http_status"].as_u64().expect("a status")).expect("a status"),
        body: case["body"].as_str().expect("a body").into(),
    };
    let sends = file["send"].as_array().expect("a list");
    for case in sends {
        let verdict = match read_send(&wire(order().as_request()), &received(case), &key()) {
            Ok(_) => json!({"outcome": "sent", "advice": "none", "scope": "order"}),
            Err(error) => told_error(&error),
        };
        check(case, verdict);
    }
    let queries = file["query"].as_array().expect("a list");
    for case in queries {
        let verdict = match read_query(&wire(Query::new(BILLNO).as_request()), &received(case), &key(), now) {
            Ok(answer) => json!({"outcome": answer.outcome, "advice": answer.advice}),
            Err(error) => told_error(&error),
        };
        check(case, verdict);
    }
    let failures = file["failures"].as_object().expect("an object");
    assert_eq!(failures.len(), ErrorKind::ALL.len());
    ran("answers.json", sends.len() + queries.len() + failures.len());
}

/// The design's table of codes, written down a second time by hand: the data of the library must agree.
#[test]
fn the_data_agree_with_the_design() {
    let rows = [
        ("unknown query_first order", "SYSTEMERROR FATAL_ERROR"),
        ("pending query_first order", "PROCESSING"),
        ("pending retry_same_order merchant", "FREQ_LIMIT NOTENOUGH SENDAMOUNT_LIMIT"),
        ("pending retry_same_order recipient", "SENDNUM_LIMIT RCVDAMOUNT_LIMIT"),
        ("pending query_first recipient", "NO_AUTH V2_ACCOUNT_SIMPLE_BAN NAME_MISMATCH AMOUNT_LIMIT"),
        ("rejected query_first order", "SEND_FAILED MONEY_LIMIT OPENID_ERROR"),
        ("rejected fix_order order", "PARAM_ERROR"),
        (
            "rejected fix_setup merchant",
            "CA_ERROR SIGN_ERROR XML_ERROR ILLEGAL_APPID API_METHOD_CLOSED MSGAPPID_ERROR ACCEPTMODE_ERROR \
             NO_COMPETENCE WORKWX_MCHID_ERROR WORKWX_SIGN_ERROR PAYER_ACCOUNT_ABNORMAL",
        ),
    ];
    let mut count = 0;
    for (words, codes) in rows {
        for code in codes.split_whitespace() {
            let Verdict { outcome, advice, scope, .. } = table::code_verdict(Some(code));
            assert_eq!(format!("{outcome} {advice} {scope}"), words, "{code}");
            count += 1;
        }
    }
    assert_eq!(count, CODES.len());
    let statuses = [
        ("sent none", "SENT RECEIVED RFUND_ING REFUND"),
        ("rejected new_order_allowed", "FAILED"),
        ("pending query_first", "SENDING"),
        ("unknown query_first", "OTHER"),
    ];
    for (words, names) in statuses {
        for name in names.split_whitespace() {
            let Verdict { outcome, advice, .. } = table::status_verdict(Some(name));
            assert_eq!(format!("{outcome} {advice}"), words, "{name}");
        }
    }
}

#[test]
fn waiting_times_are_those_of_the_service() {
    let now = Timestamp::from_wire("2026-11-24 23:00:00").expect("a time");
    let wait = |code: &str| table::code_verdict(Some(code)).wait.not_before(now).map(|time| time.to_wire());
    assert_eq!(wait("PROCESSING").as_deref(), Some("2026-11-24 23:20:01"));
    assert_eq!(wait("SENDNUM_LIMIT").as_deref(), Some("2026-11-25 00:00:00"));
    assert_eq!(wait("SYSTEMERROR").as_deref(), Some("2026-11-24 23:00:02"));
    assert_eq!(wait("FREQ_LIMIT").as_deref(), Some("2026-11-24 23:00:03"));
    assert_eq!(wait("PARAM_ERROR"), None);
}
