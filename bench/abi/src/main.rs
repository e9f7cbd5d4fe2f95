//! The Rust side of the comparison: `abi.c` does the same work through the C interface, and `run.sh` compares them.
//!
//! `body` prints the request that it makes; `time` prints, for each case, the nanoseconds of its fastest round.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a benchmark")]

use std::hint::black_box;
use std::time::Instant;

use redpack::answer::read_send;
use redpack::{Merchant, Received, Request, Secret, WireRequest, table};

const ROUNDS: u32 = 200;
const CALLS: u32 = 200;

/// All fields of the service-provider mode, texts of the usual length.
const FIELDS: [(&str, &str); 13] = [
    ("mch_billno", "10000098201411111234567890"),
    ("re_openid", "oxTWIuGaIt6gTKsQRLau2M0yL16E"),
    ("total_amount", "1000"),
    ("send_name", "天虹百货"),
    ("act_name", "猜灯谜抢红包活动"),
    ("wishing", "感谢您参加猜灯谜活动，祝您元宵节快乐！"),
    ("remark", "猜越多得越多，快来抢！"),
    ("client_ip", "192.168.0.1"),
    ("scene_id", "PRODUCT_8"),
    ("risk_info", "posttime%3d123123412%26clientversion%3d234134%26mobile%3d122344545%26deviceid%3dIOS"),
    ("sub_mch_id", "10000099"),
    ("msgappid", "wx2421b1c4370ec43b"),
    ("consume_mch_id", "10000100"),
];

const ANSWER: &str = "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><mch_billno>\
    10000098201411111234567890</mch_billno><mch_id>10000098</mch_id><wxappid>wx8888888888888888</wxappid><re_openid>\
    oxTWIuGaIt6gTKsQRLau2M0yL16E</re_openid><total_amount>1000</total_amount><send_listid>\
    100000000020150520314766074200</send_listid></xml>";

fn build() -> Request {
    let mut request = Request::new(&table::SENDREDPACK);
    for (name, value) in FIELDS {
        request.set(name, value).expect("a field");
    }
    request
}

fn encode(request: &Request, merchant: &Merchant) -> WireRequest {
    request.encode(merchant).expect("encoded")
}

fn case(name: &str, mut work: impl FnMut()) {
    let mut fastest = u128::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..CALLS {
            work();
        }
        fastest = fastest.min(start.elapsed().as_nanos());
    }
    println!("{name} {}", fastest / u128::from(CALLS));
}

fn main() {
    let merchant = Merchant {
        mch_id: "10000098".into(),
        appid: "wx8888888888888888".into(),
        api_key: Secret::new("192006250b4c09247ec02edce69f6a2d"),
        workwx_secret: None,
    };
    let request = build();
    let wire = encode(&request, &merchant);
    if std::env::args().nth(1).as_deref() == Some("body") {
        print!("{}", wire.body);
        return;
    }
    case("encode-and-sign", || drop(black_box(encode(black_box(&request), &merchant))));
    case("build-encode-and-sign", || drop(black_box(encode(&black_box(build()), &merchant))));
    // Copied as the C interface must copy it.
    let received = || Received { http_status: 200, body: black_box(ANSWER).as_bytes().to_vec() };
    case("judge-an-answer", || {
        drop(black_box(read_send(black_box(&wire), &received(), &merchant.api_key).expect("sent")));
    });
}
