//! WeCom red packets: a second signature, signed answers, a query of their own.

use redpack::sign::{verify, workwx_sign};
use redpack::xml::Element;

use crate::connection::{OPENID, Started, changed, order, query, result, start};

fn workwx<'a>(mch_billno: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fields = order(
        mch_billno,
        &[("client_ip", ""), ("total_num", ""), ("send_name", ""), ("sender_name", "XX活动")],
    );
    changed(fields, changes)
}

fn post(started: &Started, fields: Vec<(&str, &str)>) -> Element {
    let second = workwx_sign(fields.iter().copied(), started.sandbox.workwx_secret());
    started.post("sendworkwxredpack", &changed(fields, &[("workwx_sign", &second)]))
}

fn is_signed(started: &Started, answer: &Element) -> bool {
    let fields = answer.children.iter().map(|child| (&*child.name, &*child.text));
    verify(fields, started.sandbox.api_key(), answer.text_of("sign").unwrap_or_default())
}

#[test]
fn a_packet_is_sent_claimed_and_queried_with_signed_answers() {
    let started = start();
    let sent = post(&started, workwx("w1", &[("sender_header_media_id", "1G6nrLmr5EC3MMb")]));
    assert_eq!(result(&sent).0, "SUCCESS");
    assert_eq!(sent.text_of("sender_name"), Some("XX活动"));
    assert_eq!(sent.text_of("sender_header_media_id"), Some("1G6nrLmr5EC3MMb"));
    assert!(is_signed(&started, &sent));

    let fields = changed(query("w1"), &[("bill_type", "")]);
    let found = started.post("queryworkwxredpack", &fields);
    assert!(is_signed(&started, &found));
    assert_eq!((found.text_of("status"), found.text_of("openid")), (Some("SENT"), None));
    started.sandbox.claim("w1").expect("claimed");
    let found = started.post("queryworkwxredpack", &fields);
    assert!(is_signed(&started, &found));
    assert_eq!((found.text_of("status"), found.text_of("openid")), (Some("RECEIVED"), Some(OPENID)));
    assert!(found.child("hblist").is_none() && found.child("hb_type").is_none());

    // Each query knows its own product.
    assert_eq!(result(&started.post("gethbinfo", &query("w1"))).1, "NOT_FOUND");
    started.post("sendredpack", &order("a1", &[]));
    let missing = started.post("queryworkwxredpack", &changed(query("a1"), &[("bill_type", "")]));
    assert_eq!(result(&missing).1, "NOT_FOUND");
    assert!(missing.child("sign").is_none(), "failures are not signed");
}

#[test]
fn a_corpid_will_do_and_a_sender_is_a_person_or_an_application() {
    let started = start();
    assert_eq!(result(&post(&started, workwx("w1", &[("wxappid", "ww1234567890abcdef")]))).0, "SUCCESS");
    let agent = [("sender_name", ""), ("agentid", "1000002")];
    assert_eq!(result(&post(&started, workwx("w2", &agent))).0, "SUCCESS");
    assert_eq!(result(&post(&started, workwx("w3", &[("agentid", "1000002")]))).1, "PARAM_ERROR");
    assert_eq!(result(&post(&started, workwx("w4", &[("agentid", "01")]))).1, "SIGN_ERROR");
}

#[test]
fn the_second_signature_is_checked() {
    let started = start();
    for wrong in ["", "C3F9EB2189E55B12B14CD761D1850A77"] {
        let answer = started.post("sendworkwxredpack", &workwx("w1", &[("workwx_sign", wrong)]));
        assert_eq!(result(&answer), ("FAIL", "SIGN_ERROR", "签名错误，请检查workwx_sign"));
    }
    // An ordinary packet has no such field: signed, it is one too many.
    let answer = started.post("sendredpack", &order("w1", &[("workwx_sign", "X")]));
    assert_eq!(result(&answer).1, "SIGN_ERROR");
}
