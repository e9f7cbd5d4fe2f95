//! Requests: exactly the documented fields are signed and sent, and bad values never leave.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use redpack::sign::verify;
use redpack::xml::Element;
use redpack::{
    Advice, Call, ErrorKind, Fen, Merchant, Outcome, Query, Request, Secret, SendMiniProgram, SendRedPack,
    SendWorkwx, SignType, table,
};
use support::{APPID, BILLNO, MCH_ID, OPENID, Server, client, key, order, success};

fn merchant() -> Merchant {
    Merchant {
        mch_id: MCH_ID.into(),
        appid: APPID.into(),
        api_key: key(),
        workwx_secret: Some(Secret::new("s")),
    }
}

fn names(body: &str) -> Vec<String> {
    root(body).children.into_iter().map(|child| child.name).collect()
}

fn root(body: &str) -> Element {
    redpack::xml::read(body.as_bytes()).expect("XML")
}

fn assert_signed(body: &str) {
    let root = root(body);
    let pairs = root.children.iter().map(|child| (&*child.name, &*child.text));
    assert!(verify(pairs, &key(), root.text_of("sign").expect("a signature")), "{body}");
}

#[test]
fn an_intent_key_from_outside_is_checked_at_once() {
    let mut send = order().as_request().clone();
    send.try_set_intent(&"i".repeat(255)).expect("as long as it may be");
    for (intent, length) in [("", 0), (&*"i".repeat(256), 256), ("a\0b", 3)] {
        let problem = send.try_set_intent(intent).expect_err("refused");
        assert_eq!((&*problem.field, problem.length), ("intent", length));
    }
    assert_eq!(send.intent().map(str::len), Some(255), "what was refused changes nothing");
    let mut query = Query::new("n1").as_request().clone();
    assert_eq!(query.try_set_intent("invoice 7").expect_err("no send").field, "intent");
}

#[test]
fn only_documented_fields_are_sent() {
    let plain = order().as_request().encode(&merchant()).expect("encoded").body;
    assert_eq!(
        names(&plain).join(" "),
        "act_name client_ip mch_billno mch_id nonce_str re_openid remark send_name total_amount total_num wishing wxappid sign"
    );
    assert_signed(&plain);
    let full = order()
        .scene_id("PRODUCT_2")
        .risk_info("x")
        .sub_mch_id("1")
        .msgappid("wx1")
        .consume_mch_id("2")
        .client_ip("1.2.3.4")
        .nonce_str("n");
    let full = full.as_request().encode(&merchant()).expect("encoded").body;
    assert_eq!(names(&full).len(), 18);
    assert_signed(&full);
    let mini =
        SendMiniProgram::new(BILLNO, OPENID, Fen(1)).send_name("a").act_name("b").wishing("c").remark("d");
    let mini = mini.as_request().encode(&merchant()).expect("encoded").body;
    assert_eq!(
        names(&mini).join(" "),
        "act_name mch_billno mch_id nonce_str notify_way re_openid remark send_name total_amount total_num wishing wxappid sign"
    );
    let wecom = SendWorkwx::new(BILLNO, OPENID, Fen(1)).agentid("7").act_name("b").wishing("c").remark("d");
    let wecom = wecom.as_request().encode(&merchant()).expect("encoded").body;
    assert_eq!(
        names(&wecom).join(" "),
        "act_name agentid mch_billno mch_id nonce_str re_openid remark total_amount wishing workwx_sign wxappid sign"
    );
    assert_signed(&wecom);
    let query = Query::new(BILLNO).as_request().encode(&merchant()).expect("encoded").body;
    assert_eq!(names(&query).join(" "), "appid bill_type mch_billno mch_id nonce_str sign");
}

#[test]
fn the_nonce_belongs_to_the_order() {
    let nonce = |order: &SendRedPack| order.as_request().encode(&merchant()).expect("encoded").nonce_str;
    assert_eq!(nonce(&order()), nonce(&order()));
    assert_ne!(nonce(&order()), nonce(&order().remark("another")));
    assert_eq!(nonce(&order().nonce_str("mine")), "mine");
    let query = || Query::new(BILLNO).as_request().encode(&merchant()).expect("encoded").nonce_str;
    assert_ne!(query(), query());
}

/// Field, value, and a word of the rule that it breaks.
const BAD: &[(&str, &str, &str)] = &[
    ("mch_billno", "", "required"),
    ("mch_billno", "12345678901234567890123456789", "28 bytes"),
    ("mch_billno", "12-34", "letters and digits"),
    ("mch_billno", "订单", "letters and digits"),
    ("re_openid", "", "required"),
    ("re_openid", "o23456789012345678901234567890123", "32 bytes"),
    ("total_amount", "", "required"),
    ("total_amount", "0", "greater than zero"),
    ("total_amount", "1.00", "plain digits"),
    ("total_amount", "-1", "plain digits"),
    ("total_amount", "0100", "zero"),
    ("total_amount", "99999999999999999999", "too large"),
    ("total_amount", "99999999999999999999999", "too large"),
    ("total_num", "2", "must be 1"),
    ("send_name", "一二三四五六七八九十一", "32 bytes"),
    ("send_name", "a\u{0}", "XML"),
    ("act_name", "", "required"),
    ("wishing", "", "required"),
    ("remark", "\u{ffff}", "XML"),
    ("client_ip", "::1", "IPv4"),
    ("client_ip", "1.2.3", "IPv4"),
    ("client_ip", "01.2.3.4", "IPv4"),
    ("scene_id", "PRODUCT_9", "PRODUCT_1 to PRODUCT_8"),
    ("sub_mch_id", "1 2", "letters and digits"),
    ("wxappid", "w23456789012345678901234567890123", "32 bytes"),
    ("nonce_str", "n23456789012345678901234567890123", "32 bytes"),
    ("mch_id", "1900000110", "client's own"),
];

#[test]
fn each_broken_rule_names_field_rule_and_length_and_nothing_is_sent() {
    let server = Server::always(success());
    let client = client(&server);
    for (name, value, rule) in BAD {
        let mut request: Request = order().into();
        request.set(name, *value).expect("a field");
        let error = client.send_request(&request).expect_err(name);
        assert_eq!(
            (error.kind(), error.outcome(), error.advice()),
            (ErrorKind::InvalidRequest, Outcome::NotSent, Advice::FixOrder)
        );
        let [problem] = error.problems() else { panic!("{name}={value}: {error}") };
        assert_eq!((&*problem.field, problem.length), (*name, value.len()));
        assert!(problem.rule.contains(rule), "{problem}");
        assert!(
            error.message().contains(name)
                && (value.is_empty() || error.message().contains(&value.len().to_string()))
        );
    }
    assert_eq!(server.requests(), 0);
    let at_the_limit =
        order().send_name("一二三四五六七八九十ab").remark("r".repeat(256)).wishing("w".repeat(128));
    client.send(&at_the_limit).expect("the longest texts are fine");
}

#[test]
fn all_problems_are_reported_together() {
    let request = Request::new(&table::SENDREDPACK);
    let error = request.encode(&merchant()).expect_err("empty");
    let fields: Vec<&str> = error.problems().iter().map(|problem| &*problem.field).collect();
    assert_eq!(
        fields,
        ["act_name", "mch_billno", "re_openid", "remark", "send_name", "total_amount", "wishing"]
    );
    let mut request = Request::new(&table::SENDREDPACK);
    assert_eq!(request.set("sub_appid", "x").expect_err("no such field").field, "sub_appid");
    let both = SendWorkwx::new(BILLNO, OPENID, Fen(1))
        .agentid("7")
        .sender_name("x")
        .act_name("b")
        .wishing("c")
        .remark("d");
    assert_eq!(both.as_request().encode(&merchant()).expect_err("exclusive").problems()[0].field, "agentid");
    let lacking = Merchant { workwx_secret: None, ..merchant() };
    let wecom = SendWorkwx::new(BILLNO, OPENID, Fen(1)).act_name("b").wishing("c").remark("d");
    assert_eq!(
        wecom.as_request().encode(&lacking).expect_err("no secret").problems()[0].field,
        "workwx_sign"
    );
}

#[test]
fn a_send_is_no_query_and_a_query_no_send() {
    let server = Server::always(success());
    let client = client(&server);
    let error = client.send_request(Query::new(BILLNO).as_request()).expect_err("a query");
    assert_eq!(error.outcome(), Outcome::NotSent);
    let error = client.query_request(order().as_request()).expect_err("a send");
    assert_eq!(error.outcome(), Outcome::Unknown, "an error of a query never speaks of the order");
    assert_eq!(server.requests(), 0);
}

#[test]
fn the_generic_call_adds_merchant_nonce_and_signature() {
    let call = Call::new("/mmpaymkttransfers/sendgroupredpack")
        .field("mch_billno", "g")
        .field("total_num", "3")
        .field("empty", "");
    let wire = call.encode(&merchant()).expect("encoded");
    assert_eq!(names(&wire.body).join(" "), "mch_billno mch_id nonce_str total_num sign");
    assert_signed(&wire.body);
    assert_eq!(
        wire.body,
        call.encode(&merchant()).expect("encoded").body,
        "a repeated call writes the same bytes"
    );
    let hmac = call
        .clone()
        .sign_type(SignType::HmacSha256)
        .merchant_field("mchid")
        .encode(&merchant())
        .expect("encoded");
    assert_eq!(names(&hmac.body).join(" "), "mch_billno mchid nonce_str sign_type total_num sign");
    assert_signed(&hmac.body);
    assert_eq!(root(&hmac.body).text_of("sign").map(str::len), Some(64));
    for bad in [
        Call::new("no-slash"),
        Call::new("//host/path"),
        Call::new("/a?b"),
        Call::new("/a\r\nX: y"),
        Call::new("/a").field("sign", "x"),
        Call::new("/a").field("a b", "x"),
        Call::new("/a").field("a", "x").field("a", "y"),
        Call::new("/a").field("a", "\u{1}"),
        Call::new("/a").field("mch_id", "1"),
        Call::new("/a").field("sign_type", "HMAC-SHA256"),
    ] {
        assert_eq!(
            bad.encode(&merchant()).expect_err("refused").kind(),
            ErrorKind::InvalidRequest,
            "{bad:?}"
        );
    }
}
