//! Runs the shared vectors of requests: bodies byte for byte, what is refused before it leaves, and the two
//! signatures besides `sign`. None of them was made with this library.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::pedantic,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "support/vectors.rs"]
mod vectors;

use redpack::sign::{BizRedPacket, SignType, workwx_sign};
use redpack::{Call, Error, Merchant, Problem, Request, Secret, WireRequest, table};
use serde_json::{Value, json};
use vectors::{list, ran, read, text};

fn merchant(case: &Value) -> Merchant {
    let merchant = &case["merchant"];
    Merchant {
        mch_id: text(merchant, "mch_id").to_owned(),
        appid: text(merchant, "appid").to_owned(),
        api_key: Secret::new(text(merchant, "api_key")),
        workwx_secret: merchant["workwx_secret"].as_str().map(Secret::new),
    }
}

/// The typed request of a case, or what setting its fields already refused.
fn typed(case: &Value) -> Result<Request, Vec<Problem>> {
    let name = text(case, "endpoint");
    let endpoint = table::ENDPOINTS.into_iter().find(|endpoint| endpoint.name == name).expect("an endpoint");
    let mut request = Request::new(endpoint);
    let mut problems = Vec::new();
    for (name, value) in case["fields"].as_object().expect("fields") {
        problems.extend(request.set(name, value.as_str().expect("text")).err());
    }
    if problems.is_empty() { Ok(request) } else { Err(problems) }
}

fn call(case: &Value) -> Call {
    let sign_type = match text(case, "sign_type") {
        "MD5" => SignType::Md5,
        "HMAC-SHA256" => SignType::HmacSha256,
        other => panic!("sign_type {other}"),
    };
    let call =
        Call::new(text(case, "path")).sign_type(sign_type).merchant_field(text(case, "merchant_field"));
    list(case, "fields").iter().fold(call, |call, pair| {
        call.field(pair[0].as_str().expect("a name"), pair[1].as_str().expect("text"))
    })
}

fn check_wire(case: &Value, wire: &WireRequest) {
    assert_eq!(wire.path, text(case, "path"), "{case}");
    assert_eq!(wire.nonce_str, text(case, "nonce_str"), "{case}");
    assert_eq!(wire.body, text(case, "body"), "{case}");
}

#[test]
fn bodies_byte_for_byte() {
    let file = read("encode.json");
    let (cases, calls) = (list(&file, "cases"), list(&file, "calls"));
    for case in cases {
        let request = typed(case).expect("fields of the endpoint");
        check_wire(case, &request.encode(&merchant(case)).expect("encoded"));
    }
    for case in calls {
        check_wire(case, &call(case).encode(&merchant(case)).expect("encoded"));
    }
    ran("encode.json", cases.len() + calls.len());
}

fn check_problems(case: &Value, found: &[Problem]) {
    let found: Vec<Value> =
        found.iter().map(|problem| json!({"field": problem.field, "length": problem.length})).collect();
    assert_eq!(&found, list(case, "problems"), "{case}");
}

#[test]
fn what_is_refused_before_it_leaves() {
    let problems = |result: Result<WireRequest, Error>| match result {
        Ok(_) => Vec::new(),
        Err(error) => error.problems().to_vec(),
    };
    let file = read("validate.json");
    let (cases, calls) = (list(&file, "cases"), list(&file, "calls"));
    for case in cases {
        match typed(case) {
            Ok(request) => check_problems(case, &problems(request.encode(&merchant(case)))),
            Err(early) => check_problems(case, &early),
        }
    }
    for case in calls {
        check_problems(case, &problems(call(case).encode(&merchant(case))));
    }
    ran("validate.json", cases.len() + calls.len());
}

#[test]
fn the_other_signatures() {
    let file = read("sign_other.json");
    let (wecom, pay) = (list(&file, "workwx_sign"), list(&file, "pay_sign"));
    for case in wecom {
        let fields = case["fields"].as_object().expect("fields");
        let fields = fields.iter().map(|(name, value)| (&**name, value.as_str().expect("text")));
        assert_eq!(
            workwx_sign(fields, &Secret::new(text(case, "secret"))),
            text(case, "workwx_sign"),
            "{case}"
        );
    }
    for case in pay {
        let given = |name| text(case, name);
        let key = Secret::new(given("key"));
        let signed =
            BizRedPacket::new(given("appId"), given("timeStamp"), given("nonceStr"), given("package"), &key);
        assert_eq!(signed.pay_sign, given("paySign"), "{case}");
        assert_eq!(signed.package, given("package_encoded"), "{case}");
    }
    ran("sign_other.json", wecom.len() + pay.len());
}
