//! The policies that decide what a request must be like.

use redpack::SignType;
use redpack::sign::{sign, workwx_sign};
use redpack::xml::{self, Element};
use rustls::version::{TLS12, TLS13};

use crate::asking::{code, policy, send};
use crate::connection::{Started, changed, order, query, result, start};

fn workwx(started: &Started, mch_billno: &str, changes: &[(&str, &str)]) -> Element {
    let no_ordinary = [("client_ip", ""), ("total_num", ""), ("send_name", ""), ("sender_name", "XX活动")];
    let fields = changed(changed(order(mch_billno, &[]), &no_ordinary), changes);
    let second = workwx_sign(fields.iter().copied(), started.sandbox.workwx_secret());
    started.post("sendworkwxredpack", &changed(fields, &[("workwx_sign", &second)]))
}

#[test]
fn scenes_open_the_range_or_are_forbidden() {
    let started = start();
    assert_eq!(send(&started, "a1", &[("total_amount", "30"), ("scene_id", "PRODUCT_1")]), "SUCCESS");
    policy(&started, "scene_id", "merged");
    assert_eq!(send(&started, "a2", &[("scene_id", "PRODUCT_1")]), "PARAM_ERROR");
    assert_eq!(send(&started, "a2", &[]), "SUCCESS");
}

#[test]
fn lengths_are_as_printed_or_less() {
    let started = start();
    let (whole, less) = ("a".repeat(32), "a".repeat(31));
    assert_eq!(send(&started, "a1", &[("send_name", &whole)]), "SUCCESS");
    policy(&started, "lengths", "less_than_printed");
    assert_eq!(send(&started, "a2", &[("send_name", &whole)]), "PARAM_ERROR");
    assert_eq!(send(&started, "a2", &[("send_name", &less)]), "SUCCESS");
}

#[test]
fn a_message_appid_may_be_required() {
    let started = start();
    policy(&started, "msgappid", "required");
    let answer = started.post("sendredpack", &order("a1", &[]));
    let text = "参数错误:msgappid字段必填，并且少于32字符";
    assert_eq!(result(&answer), ("FAIL", "PARAM_ERROR", text));
    assert_eq!(send(&started, "a1", &[("msgappid", "wx28b16568a629bb33")]), "SUCCESS");
}

#[test]
fn an_unknown_field_that_is_signed_breaks_the_signature() {
    let started = start();
    let consume = [("consume_mch_id", "1900000111")];
    assert_eq!(send(&started, "a1", &consume), "SUCCESS");
    policy(&started, "consume_mch_id", "unknown");
    assert_eq!(send(&started, "a2", &consume), "SIGN_ERROR");
    assert_eq!(send(&started, "a2", &[]), "SUCCESS");
}

#[test]
fn wecom_has_two_descriptions() {
    let started = start();
    assert_eq!(code(&workwx(&started, "w1", &[])), "SUCCESS");
    let asked =
        |number: &str| started.post("queryworkwxredpack", &changed(query(number), &[("bill_type", "")]));
    assert!(asked("w1").child("hb_type").is_none());
    policy(&started, "workwx_fields", "openapi");
    assert_eq!(code(&workwx(&started, "w2", &[])), "PARAM_ERROR");
    let ordinary = [("client_ip", "127.0.0.1"), ("total_num", "1")];
    assert_eq!(code(&workwx(&started, "w2", &ordinary)), "SUCCESS");
    let agent = changed(ordinary.to_vec(), &[("sender_name", ""), ("agentid", "1000002")]);
    let agent = [&agent[..], &[("sender_name", "")]].concat();
    assert_eq!(code(&workwx(&started, "w3", &agent)), "PARAM_ERROR", "a sender must have a name");
    let found = asked("w1");
    assert_eq!((found.text_of("hb_type"), found.text_of("total_num")), (Some("NORMAL"), Some("1")));
}

#[test]
fn hmac_is_accepted_where_the_policy_says_so() {
    let started = start();
    let fields = order("a1", &[]);
    let hmac = sign(fields.iter().copied(), started.sandbox.api_key(), SignType::HmacSha256);
    let body = xml::write(fields.iter().copied().chain([("sign", &*hmac)])).expect("legal");
    let post = || code(&started.connect().post("sendredpack", &body).xml());
    assert_eq!(post(), "SIGN_ERROR");
    policy(&started, "signature", "md5_or_hmac");
    assert_eq!((post().as_str(), send(&started, "a2", &[]).as_str()), ("SUCCESS", "SUCCESS"));
}

#[test]
fn a_caller_may_have_no_permission() {
    let started = start();
    for (caller, text) in [
        ("ip_not_allowed", "此IP地址不允许调用接口，请登录商户平台设置"),
        ("no_permission", "商户号未开通该产品权限"),
    ] {
        policy(&started, "caller", caller);
        for (endpoint, fields) in [("sendredpack", order("a1", &[])), ("gethbinfo", query("a1"))] {
            assert_eq!(result(&started.post(endpoint, &fields)), ("FAIL", "NO_AUTH", text), "{caller}");
        }
    }
    policy(&started, "caller", "allowed");
    assert_eq!(send(&started, "a1", &[]), "SUCCESS");
}

#[test]
fn the_versions_of_tls_are_those_of_the_policy() {
    let started = start();
    let body = started.signed(&query("a1"));
    for (switch, tls12, tls13) in [("both", true, true), ("tls12", true, false), ("tls13", false, true)] {
        policy(&started, "tls_versions", switch);
        for (version, speaks) in [(&TLS12, tls12), (&TLS13, tls13)] {
            let mut connection = started.connect_as(Some(started.merchant()), &[version]);
            let request = format!(
                "POST /mmpaymkttransfers/gethbinfo HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            assert_eq!(connection.exchange(&request).is_ok(), speaks, "{switch} {version:?}");
        }
    }
}
