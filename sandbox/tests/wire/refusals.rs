//! What the service refuses, with which codes and texts.

use redpack::sign::sign;
use redpack::{Secret, SignType, xml};

use crate::connection::{OPENID, changed, order, query, result, start};

#[test]
fn each_broken_rule_has_its_code() {
    let started = start();
    let (eleven, long) = ("祝".repeat(11), "祝".repeat(86));
    let mut connection = started.connect();
    for (change, code, text) in [
        (("wishing", ""), "PARAM_ERROR", "参数错误:wishing字段必填，并且少于128字符"),
        (("send_name", &*eleven), "PARAM_ERROR", "参数错误:send_name字段必填，并且少于32字符"),
        (("remark", &*long), "PARAM_ERROR", "参数错误:remark字段必填，并且少于256字符"),
        (("nonce_str", ""), "PARAM_ERROR", "参数错误:nonce_str字段必填，并且少于32字符"),
        (("mch_billno", "a-1"), "PARAM_ERROR", "参数错误:输入的商户订单号有误"),
        (("total_num", "2"), "PARAM_ERROR", "参数错误:total_num必须等于1"),
        (("client_ip", "localhost"), "PARAM_ERROR", "参数错误:client_ip必须是合法的IP字符串"),
        (("scene_id", "PRODUCT_9"), "PARAM_ERROR", "参数错误:该场景未开通，请检查scene_id"),
        (("wxappid", "wxffffffffffffffff"), "PARAM_ERROR", "参数错误:商户号和wxappid不匹配"),
        (
            ("wxappid", "2021000000000000"),
            "ILLEGAL_APPID",
            "非法appid，请确认是否为公众号的appid，不能为APP的appid",
        ),
        (("re_openid", "张三"), "OPENID_ERROR", "openid和wxappid不匹配，请检查openid"),
        (("total_amount", "99"), "MONEY_LIMIT", "每个红包的平均金额必须在1.00元到200.00元之间"),
        (("total_amount", "20001"), "MONEY_LIMIT", "每个红包的平均金额必须在1.00元到200.00元之间"),
        // The service signs its own rendering of a number.
        (("total_amount", "1.00"), "SIGN_ERROR", "签名错误"),
        (("total_amount", "0100"), "SIGN_ERROR", "签名错误"),
        // It signs the fields that it knows only.
        (("sub_appid", "wx8888888888888888"), "SIGN_ERROR", "签名错误"),
        (("sign_type", "MD5"), "SIGN_ERROR", "签名错误"),
        (("appid", "wx8888888888888888"), "SIGN_ERROR", "签名错误"),
    ] {
        let body = started.signed(&order("r1", &[change]));
        let answer = connection.post("sendredpack", &body).xml();
        assert_eq!(result(&answer), ("FAIL", code, text), "{change:?}");
    }
    let ledger = started.sandbox.ledger();
    assert!(ledger.orders.is_empty() && ledger.totals.debits == 0);
    assert_eq!((ledger.refusals["SIGN_ERROR"], ledger.refusals["MONEY_LIMIT"]), (5, 2));
    assert_eq!((ledger.not_landed["r1"], ledger.totals.sends), (17, 18));
}

#[test]
fn a_failure_echoes_what_the_request_said() {
    let started = start();
    let answer = started.post("sendredpack", &order("r1", &[("total_amount", "1.00")]));
    for (name, text) in [
        ("mch_billno", "r1"),
        ("mch_id", "1900000109"),
        ("wxappid", "wx8888888888888888"),
        ("re_openid", OPENID),
        ("total_amount", "1"),
    ] {
        assert_eq!(answer.text_of(name), Some(text), "{name}");
    }
    let hostile = order("r2", &[("re_openid", "o]]><status>SENT</status>&")]);
    let answer = started.post("sendredpack", &hostile);
    assert_eq!(answer.text_of("re_openid"), Some("o]]><status>SENT</status>&"));
    assert!(answer.child("status").is_none());
}

#[test]
fn unknown_fields_pass_if_they_are_not_signed() {
    let started = start();
    let body = started.signed(&order("r1", &[])).replace("</xml>", "<sign_type>MD5</sign_type><foo/></xml>");
    assert_eq!(result(&started.connect().post("sendredpack", &body).xml()).0, "SUCCESS");
    // gethbinfo knows no sub-merchant.
    let fields = changed(query("r1"), &[("sub_mch_id", "1900000110")]);
    assert_eq!(result(&started.post("gethbinfo", &fields)).1, "SIGN_ERROR");
    let fields = changed(query("r1"), &[("bill_type", "OTHER")]);
    assert_eq!(result(&started.post("gethbinfo", &fields)).1, "PARAM_ERROR");
    let fields = changed(query("r1"), &[("appid", "wxffffffffffffffff")]);
    assert_eq!(result(&started.post("gethbinfo", &fields)).1, "PARAM_ERROR");
}

#[test]
fn signatures_are_md5_in_upper_case_with_the_merchants_key() {
    let started = start();
    let fields = order("r1", &[]);
    let key = started.sandbox.api_key();
    let md5 = sign(fields.iter().copied(), key, SignType::Md5);
    let wrong = [
        md5.to_lowercase(),
        sign(fields.iter().copied(), key, SignType::HmacSha256),
        sign(fields.iter().copied(), &Secret::new("another"), SignType::Md5),
        String::new(),
        "é".repeat(16),
    ];
    let mut connection = started.connect();
    for signature in wrong {
        let body = xml::write(fields.iter().copied().chain([("sign", &*signature)])).expect("legal");
        assert_eq!(result(&connection.post("sendredpack", &body).xml()).1, "SIGN_ERROR", "{signature}");
    }
    // What was signed must be what arrives, to the last blank.
    let body = started.signed(&fields).replace("祝您元宵节快乐！", "祝您元宵节快乐！ ");
    assert_eq!(result(&connection.post("sendredpack", &body).xml()).1, "SIGN_ERROR");
    // One field twice: the client signed both, or neither knows which.
    let body = started.signed(&fields).replace("<total_num>", "<remark>x</remark><total_num>");
    assert_eq!(result(&connection.post("sendredpack", &body).xml()).1, "SIGN_ERROR");
}

#[test]
fn what_is_not_xml_is_an_xml_error_without_an_echo() {
    let started = start();
    let mut connection = started.connect();
    let nested = started.signed(&order("r1", &[])).replace("<total_num>1", "<total_num><b>1</b>");
    for body in [
        "",
        " ",
        "{\"mch_id\":\"1900000109\"}",
        "<xml><mch_id>1",
        "<html></html>",
        "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><mch_id>&a;</mch_id></xml>",
        "<!DOCTYPE xml><xml><mch_id>1900000109</mch_id></xml>",
        "<xml>\u{0}</xml>",
    ] {
        let answer = connection.post("sendredpack", body).xml();
        assert_eq!(result(&answer).1, "XML_ERROR", "{body}");
        assert_eq!(answer.children.len(), 5, "{body}");
    }
    assert_eq!(result(&connection.post("sendredpack", &nested).xml()).1, "XML_ERROR");
}

#[test]
fn other_merchants_are_unknown() {
    let started = start();
    let identity = started.sandbox.issue_client_certificate("1900000999").expect("a certificate");
    let mut connection = started.connect_as(Some(identity), rustls::ALL_VERSIONS);
    let fields = order("r1", &[("mch_id", "1900000999")]);
    let answer = connection.post("sendredpack", &started.signed(&fields)).xml();
    assert_eq!(result(&answer), ("FAIL", "PARAM_ERROR", "参数错误:商户号和wxappid不匹配"));
    let answer = started.post("sendredpack", &order("r1", &[("mch_id", "")]));
    assert_eq!(result(&answer), ("FAIL", "PARAM_ERROR", "参数错误:mch_id字段必填，并且少于32字符"));
}

#[test]
fn group_packets_are_retired() {
    let started = start();
    let fields =
        changed(order("g1", &[]), &[("client_ip", ""), ("amt_type", "ALL_RAND"), ("total_num", "3")]);
    let answer = started.post("sendgroupredpack", &fields);
    assert_eq!(result(&answer).1, "API_METHOD_CLOSED");
    assert_eq!(answer.text_of("mch_billno"), Some("g1"));
    assert!(started.sandbox.ledger().orders.is_empty());
}
