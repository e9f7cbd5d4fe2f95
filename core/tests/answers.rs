//! Answers as the service really writes them, and the variants that it may write tomorrow.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use redpack::answer::{read_call, read_query, read_send};
use redpack::sign::{SignType, sign};
use redpack::{
    Advice, Call, Error, ErrorKind, Fen, Merchant, OrderStatus, Outcome, Query, QueryResult, QueryWorkwx,
    Received, Request, Secret, SendResult, SendWorkwx, Timestamp, WireRequest,
};
use support::{APPID, BILLNO, MCH_ID, OPENID, Reply, Server, client, key, order, success};

fn merchant(mch_id: &str) -> Merchant {
    Merchant {
        mch_id: mch_id.into(),
        appid: APPID.into(),
        api_key: key(),
        workwx_secret: Some(Secret::new("s")),
    }
}

fn wire(request: impl Into<Request>, mch_id: &str) -> WireRequest {
    request.into().encode(&merchant(mch_id)).expect("encoded")
}

fn received(body: impl Into<Vec<u8>>) -> Received {
    Received { http_status: 200, body: body.into() }
}

fn send(body: &str) -> Result<SendResult, Error> {
    read_send(&wire(order(), MCH_ID), &received(body), &key())
}

fn query(mch_billno: &str, mch_id: &str, body: &str) -> Result<QueryResult, Error> {
    let now = Timestamp::from_wire("2026-11-24 12:00:00").expect("a time");
    read_query(&wire(Query::new(mch_billno), mch_id), &received(body), &key(), now)
}

const CLAIMED: &str = "<xml>
<return_code><![CDATA[SUCCESS]]></return_code>
<return_msg><![CDATA[OK]]></return_msg>
<result_code><![CDATA[SUCCESS]]></result_code>
<err_code><![CDATA[SUCCESS]]></err_code>
<err_code_des><![CDATA[OK]]></err_code_des>
<mch_billno><![CDATA[1000005901201407261446939628]]></mch_billno>
<mch_id><![CDATA[10000059]]></mch_id>
<detail_id><![CDATA[1000000000201503283103439304]]></detail_id>
<status><![CDATA[RECEIVED]]></status>
<send_type><![CDATA[API]]></send_type>
<hb_type><![CDATA[GROUP]]></hb_type>
<total_num>2</total_num>
<total_amount>650</total_amount>
<send_time><![CDATA[2015-04-21 20:00:00]]></send_time>
<hblist>
<hbinfo><openid><![CDATA[ohO4GtzOAAYMp2yapORH3dQB3W18]]></openid><amount>325</amount><rcv_time><![CDATA[2015-04-21 20:00:31]]></rcv_time></hbinfo>
<hbinfo><openid><![CDATA[ohO4GtzOAAYMp2yapORH3dQB3W17]]></openid><status>SENT</status><amount>325</amount><rcv_time><![CDATA[2015-04-21 20：01：02]]></rcv_time></hbinfo>
</hblist>
</xml>";

#[test]
fn a_claimed_packet_with_its_claimers() {
    let answer = query("1000005901201407261446939628", "10000059", CLAIMED).expect("answered");
    assert_eq!((answer.outcome, answer.advice), (Outcome::Sent, Advice::None));
    let order = answer.order.expect("found");
    assert_eq!(
        order.status,
        Some(OrderStatus::Received),
        "the nested status of an hbinfo is not the order's"
    );
    assert_eq!(
        (order.total_num, order.total_amount, order.hb_type.as_deref()),
        (Some(2), Some(Fen(650)), Some("GROUP"))
    );
    assert_eq!(order.send_time.map(|time| time.to_string()).as_deref(), Some("2015-04-21T20:00:00+08:00"));
    let times: Vec<String> =
        order.receivers.iter().filter_map(|r| r.rcv_time).map(|time| time.to_wire()).collect();
    assert_eq!(times, ["2015-04-21 20:00:31", "2015-04-21 20:01:02"]);
    assert_eq!(order.receivers[1].amount, Some(Fen(325)));
    assert_eq!(serde_json::to_value(&answer.answer).expect("JSON")["hblist"]["hbinfo"][0]["amount"], "325");
}

#[test]
fn variants_of_form_change_nothing() {
    let expected = query("1000005901201407261446939628", "10000059", CLAIMED).expect("answered").order;
    let variants = [
        CLAIMED.replace("<![CDATA[", "").replace("]]>", ""),
        format!("\u{feff} \n<?xml version=\"1.0\" encoding=\"UTF-8\"?>{CLAIMED}\n"),
        CLAIMED.replace('\n', "\r\n  "),
        CLAIMED.replace("<status>", "<!-- new --><status a=\"b\">").replace("<xml>", "<xml xmlns:x='y'>"),
        CLAIMED.replace(
            "</xml>",
            "<new_field>x</new_field><nested><status>FAILED</status><hbinfo/></nested></xml>",
        ),
        CLAIMED.replace("<![CDATA[RECEIVED]]>", " <![CDATA[REC]]>EIVED "),
        CLAIMED.replace("RECEIVED", "&#82;ECEIVED").replace("<![CDATA[&#82;ECEIVED]]>", "&#82;ECEIVED"),
    ];
    for body in variants {
        let answer = query("1000005901201407261446939628", "10000059", &body).expect(&body);
        assert_eq!(answer.order, expected, "{body}");
    }
    // Zero hbinfo, none at all, and one without its time.
    for list in ["<hblist/>", "", "<hblist><hbinfo><openid>o</openid><amount>1</amount></hbinfo></hblist>"] {
        let start = CLAIMED.split("<hblist>").next().expect("a start");
        let answer = query("1000005901201407261446939628", "10000059", &format!("{start}{list}</xml>"))
            .expect("answered");
        assert_eq!(answer.order.expect("found").receivers.len(), usize::from(list.contains("hbinfo")));
    }
}

#[test]
fn a_status_that_nobody_has_seen_is_kept_as_text() {
    let body = CLAIMED.replace("RECEIVED", "FROZEN");
    let answer = query("1000005901201407261446939628", "10000059", &body).expect("answered");
    assert_eq!(answer.order.expect("found").status, Some(OrderStatus::Other("FROZEN".into())));
    assert_eq!((answer.outcome, answer.advice), (Outcome::Unknown, Advice::QueryFirst));
}

#[test]
fn failed_permits_a_new_order_only_if_it_is_ours() {
    let failed = CLAIMED.replace("RECEIVED", "FAILED");
    let answer = query("1000005901201407261446939628", "10000059", &failed).expect("answered");
    assert_eq!(answer.advice, Advice::NewOrderAllowed);
    for body in [
        failed.replace("1000005901201407261446939628", "1000005901201407261446939629"),
        failed.replace("<mch_id><![CDATA[10000059]]>", "<mch_id><![CDATA[10000058]]>"),
        failed.replace("<mch_billno><![CDATA[1000005901201407261446939628]]></mch_billno>", ""),
        failed.replace("</xml>", "<status>SENT</status></xml>"),
        failed.replace("<return_code><![CDATA[SUCCESS]]>", "<return_code><![CDATA[FAIL]]>"),
        failed.replace("</xml>", ""),
    ] {
        let error = query("1000005901201407261446939628", "10000059", &body).expect_err(&body);
        assert_eq!((error.outcome(), error.advice()), (Outcome::Unknown, Advice::QueryFirst), "{error}");
    }
}

#[test]
fn what_is_not_understood_is_unknown() {
    let unknown = [
        success().replace("<result_code>SUCCESS</result_code>", ""),
        success().replace("<return_code>SUCCESS</return_code>", ""),
        success().replace("<result_code>SUCCESS", "<result_code>success"),
        success().replace("<result_code>SUCCESS", "<result_code>MAYBE"),
        success().replace("</xml>", "<result_code>FAIL</result_code></xml>"),
        success().replace("</xml>", "<mch_billno>other</mch_billno></xml>"),
        success().replace("<total_amount>100", "<total_amount>1.00"),
        success().replace(&format!("<mch_billno>{BILLNO}</mch_billno>"), ""),
        success().replace("xml>", "html>"),
        success() + "<xml></xml>",
        success().replace("</xml>", "<sign>00000000000000000000000000000000</sign></xml>"),
        // A refusal of another order says nothing of ours.
        support::failure("PARAM_ERROR").replace(BILLNO, "another"),
        "{\"return_code\":\"SUCCESS\",\"result_code\":\"SUCCESS\"}".into(),
    ];
    for body in unknown {
        let error = send(&body).expect_err(&body);
        assert_eq!(
            (error.outcome(), error.advice()),
            (Outcome::Unknown, Advice::QueryFirst),
            "{body}: {error}"
        );
        assert_eq!(error.received().map(|received| received.body.as_slice()), Some(body.as_bytes()));
    }
    // The same field twice with the same value is odd, but no contradiction.
    send(&success().replace("</xml>", "<result_code> SUCCESS </result_code></xml>")).expect("sent");
    // A signature that is there and right.
    let root = redpack::xml::read(success().as_bytes()).expect("XML");
    let pairs: Vec<(&str, &str)> = root.children.iter().map(|child| (&*child.name, &*child.text)).collect();
    for sign_type in [SignType::Md5, SignType::HmacSha256] {
        let signature = sign(pairs.iter().copied(), &key(), sign_type);
        send(&success().replace("</xml>", &format!("<sign>\n{signature}\n</sign></xml>"))).expect("sent");
    }
}

#[test]
fn wecom_answers_must_be_signed() {
    let order = SendWorkwx::new(BILLNO, OPENID, Fen(100)).act_name("a").wishing("b").remark("c");
    let wire = wire(order, MCH_ID);
    let error = read_send(&wire, &received(success()), &key()).expect_err("unsigned");
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::BadSignature, Outcome::Unknown));
    let root = redpack::xml::read(success().as_bytes()).expect("XML");
    let signature =
        sign(root.children.iter().map(|child| (&*child.name, &*child.text)), &key(), SignType::Md5);
    let signed = success().replace("</xml>", &format!("<sign>{signature}</sign></xml>"));
    read_send(&wire, &received(signed.clone()), &key()).expect("sent");
    assert!(read_send(&wire, &received(signed.replace("发放成功", "发放失败")), &key()).is_err());
    // A failure need not be signed: a real SYSTEMERROR came without (protocol facts, section 3.3).
    let error = read_send(&wire, &received(support::failure("SYSTEMERROR")), &key()).expect_err("busy");
    assert_eq!(error.err_code(), Some("SYSTEMERROR"));
    let query = self::wire(QueryWorkwx::new(BILLNO), MCH_ID);
    let found = success().replace("</xml>", "<status>FAILED</status></xml>");
    let error = read_query(&query, &received(found), &key(), Timestamp::now()).expect_err("unsigned");
    assert_eq!((error.kind(), error.advice()), (ErrorKind::BadSignature, Advice::QueryFirst));
}

#[test]
fn a_generic_call_returns_the_fields_as_they_came() {
    let wire = Call::new("/x").field("partner_trade_no", "1").encode(&merchant(MCH_ID)).expect("encoded");
    let body = support::xml(&[("return_code", "SUCCESS"), ("result_code", "SUCCESS"), ("payment_no", " 7 ")]);
    let answer = read_call(&wire, &received(body), &key()).expect("answered");
    assert_eq!(answer.text("payment_no"), Some("7"));
    assert_eq!(answer.root().child("payment_no").map(|child| child.text.as_str()), Some(" 7 "));
    let error = read_call(&wire, &received(support::failure("NOTENOUGH").replace(BILLNO, "")), &key())
        .expect_err("refused");
    assert_eq!((error.outcome(), error.advice()), (Outcome::Pending, Advice::RetrySameOrder));
}

#[test]
fn http_statuses_and_pages() {
    let told = |http_status, body: &str| {
        let error = read_send(&wire(order(), MCH_ID), &Received { http_status, body: body.into() }, &key());
        let error = error.expect_err("no success");
        (error.kind(), error.outcome(), error.advice())
    };
    let page = "<html>\r\n<head><title>400 The SSL certificate error</title></head></html>";
    let doubted = (ErrorKind::ClientCertificateDoubted, Outcome::Unknown, Advice::FixSetup);
    assert_eq!(told(400, page), doubted);
    assert_eq!(told(400, &format!("\n<!DOCTYPE HTML>{page}")), doubted);
    let status = (ErrorKind::HttpStatus, Outcome::Unknown, Advice::QueryFirst);
    for (code, body) in
        [(400, "x"), (400, &*success()), (201, &*success()), (403, page), (500, &*success()), (503, "")]
    {
        assert_eq!(told(code, body), status, "{code} {body}");
    }
    assert_eq!(told(302, ""), (ErrorKind::Redirect, Outcome::Unknown, Advice::QueryFirst));
    assert_eq!(told(200, page), (ErrorKind::Malformed, Outcome::Unknown, Advice::QueryFirst));
}

#[test]
fn informational_answers_are_passed_over_and_compressed_ones_not_understood() {
    let whole = String::from_utf8(support::server::http(200, success().as_bytes())).expect("text");
    let continued = format!("HTTP/1.1 100 Continue\r\n\r\n{whole}");
    let hinted = format!("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n{whole}");
    let gzip =
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00".to_vec();
    for (reply, sent) in
        [(continued.into_bytes(), Some(true)), (hinted.into_bytes(), None), (gzip, Some(false))]
    {
        let server = Server::start(move |_, _| Reply::RawThenClose(reply.clone()));
        match (client(&server).send(&order()), sent) {
            (Ok(_), Some(true) | None) => {}
            (Err(error), Some(false) | None) => assert_eq!(error.outcome(), Outcome::Unknown, "{error}"),
            (result, _) => panic!("{result:?}"),
        }
        assert_eq!(server.requests(), 1);
    }
}
