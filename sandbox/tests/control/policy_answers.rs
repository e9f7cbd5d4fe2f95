//! The policies that decide what an answer looks like.

use redpack::Timestamp;
use redpack::sign::{verify, workwx_sign};
use redpack::xml::Element;
use serde_json::json;

use crate::asking::{code, policy, post, send};
use crate::connection::{Started, changed, order, query, result, start};

fn is_signed(started: &Started, answer: &Element) -> bool {
    let fields = answer.children.iter().map(|child| (&*child.name, &*child.text));
    answer.child("sign").is_some()
        && verify(fields, started.sandbox.api_key(), answer.text_of("sign").unwrap_or_default())
}

fn workwx(started: &Started, mch_billno: &str) -> Element {
    let no_ordinary = [("client_ip", ""), ("total_num", ""), ("send_name", ""), ("sender_name", "XX活动")];
    let fields = changed(order(mch_billno, &[]), &no_ordinary);
    let second = workwx_sign(fields.iter().copied(), started.sandbox.workwx_secret());
    started.post("sendworkwxredpack", &changed(fields, &[("workwx_sign", &second)]))
}

fn ask_workwx(started: &Started, mch_billno: &str) -> Element {
    started.post("queryworkwxredpack", &changed(query(mch_billno), &[("bill_type", "")]))
}

#[test]
fn successes_are_signed_as_the_policy_says() {
    let started = start();
    for (switch, wecom, ordinary) in
        [("workwx", true, false), ("always", true, true), ("never", false, false)]
    {
        policy(&started, "answer_sign", switch);
        assert_eq!(is_signed(&started, &workwx(&started, "w1")), wecom, "{switch}");
        assert_eq!(is_signed(&started, &ask_workwx(&started, "w1")), wecom, "{switch}");
        assert_eq!(
            is_signed(&started, &started.post("sendredpack", &order("a1", &[]))),
            ordinary,
            "{switch}"
        );
        assert_eq!(is_signed(&started, &started.post("gethbinfo", &query("a1"))), ordinary, "{switch}");
        let failure = started.post("gethbinfo", &query("nosuch"));
        assert!(failure.child("sign").is_none(), "{switch}: failures never are");
    }
}

#[test]
fn a_wrong_signature_has_two_answers() {
    let started = start();
    let body = started.signed(&order("a1", &[])).replace("天虹", "天红");
    let post = || started.connect().post("sendredpack", &body).xml();
    assert_eq!(result(&post()), ("FAIL", "SIGN_ERROR", "签名错误"));
    policy(&started, "bad_signature", "return_code");
    let answer = post();
    let text = |name| answer.text_of(name);
    assert_eq!((text("return_code"), text("return_msg")), (Some("FAIL"), Some("签名失败")));
    assert_eq!((text("result_code"), text("err_code")), (None, None));
}

#[test]
fn an_expired_certificate_has_two_answers() {
    let started = start();
    let expired = started.sandbox.expired_client_certificate("1900000109").expect("a certificate");
    let post = || {
        let mut connection = started.connect_as(Some(expired.clone()), rustls::ALL_VERSIONS);
        connection.post("sendredpack", &started.signed(&order("a1", &[])))
    };
    assert_eq!(code(&post().xml()), "CA_ERROR");
    policy(&started, "expired_certificate", "html");
    let reply = post();
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("The SSL certificate error"), "{}", reply.body);
}

#[test]
fn an_unknown_order_has_two_answers() {
    let started = start();
    assert_eq!(result(&started.post("gethbinfo", &query("a1"))).1, "NOT_FOUND");
    policy(&started, "not_found", "old_form");
    for answer in [started.post("gethbinfo", &query("a1")), ask_workwx(&started, "w1")] {
        let text = |name| answer.text_of(name);
        assert_eq!((text("return_code"), text("err_code")), (Some("FAIL"), Some("SYSTEMERROR")));
        assert_eq!(text("return_msg"), Some("指定单号数据不存在"));
    }
}

#[test]
fn the_code_of_a_success_is_success_zero_or_absent() {
    let started = start();
    for (switch, code) in [("success", Some("SUCCESS")), ("zero", Some("0")), ("absent", None)] {
        policy(&started, "success_code", switch);
        let answer = started.post("sendredpack", &order("a1", &[]));
        assert_eq!((answer.text_of("result_code"), answer.text_of("err_code")), (Some("SUCCESS"), code));
    }
}

#[test]
fn a_failure_may_keep_silent_about_the_request() {
    let started = start();
    let fail = || started.post("sendredpack", &order("a1", &[("total_amount", "99")]));
    assert_eq!(fail().text_of("mch_billno"), Some("a1"));
    policy(&started, "failure_echo", false);
    let answer = fail();
    assert_eq!((result(&answer).1, answer.children.len()), ("MONEY_LIMIT", 5));
}

#[test]
fn a_query_shows_a_mini_programs_packet_under_the_policys_name() {
    let started = start();
    let mini = [("client_ip", ""), ("notify_way", "MINI_PROGRAM_JSAPI")];
    started.post("sendminiprogramhb", &changed(order("m1", &[]), &mini));
    send(&started, "a1", &[]);
    let shown = |number| started.post("gethbinfo", &query(number)).text_of("hb_type").map(str::to_owned);
    assert_eq!(shown("m1").as_deref(), Some("NORMAL"));
    policy(&started, "mini_program_hb_type", "GROUP");
    assert_eq!((shown("m1").as_deref(), shown("a1").as_deref()), (Some("GROUP"), Some("NORMAL")));
}

#[test]
fn times_are_beijings_or_utc_with_either_colon() {
    let started = start();
    let noon = "2026-11-24T12:00:00+08:00";
    post(&started.sandbox, "/clock", json!({"now": noon, "held": true}));
    send(&started, "a1", &[]);
    workwx(&started, "w1");
    let shown = || {
        let ordinary = started.post("gethbinfo", &query("a1"));
        let wecom = ask_workwx(&started, "w1");
        [ordinary, wecom].map(|answer| answer.text_of("send_time").expect("a time").to_owned())
    };
    assert_eq!(shown(), ["2026-11-24 12:00:00", "2026-11-24 12:00:00"]);
    policy(&started, "time_zone", "utc");
    assert_eq!(shown(), ["2026-11-24 04:00:00", "2026-11-24 04:00:00"]);
    policy(&started, "workwx_colons", "full_width");
    assert_eq!(shown(), ["2026-11-24 04:00:00", "2026-11-24 04：00：00"]);
    let order = &started.sandbox.ledger().orders["a1"];
    assert_eq!(
        Some(order.send_time),
        Timestamp::from_rfc3339(noon),
        "the ledger's are Beijing's in any case"
    );
}
