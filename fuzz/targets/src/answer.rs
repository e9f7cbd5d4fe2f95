//! The classifier: no answer makes it panic, call an order sent without proof, or permit a new order without a
//! query's FAILED; nothing that it shows holds the openid or is longer than a line.

use std::sync::LazyLock;

use redpack::answer::table::{CODES, UNKNOWN_CODE, code_verdict};
use redpack::answer::{read_call, read_query, read_send};
use redpack::{
    Advice, Call, Error, ErrorKind, Fen, Outcome, Query, QueryResult, QueryWorkwx, Received, Secret,
    SendRedPack, SendWorkwx, Timestamp, WireRequest, xml,
};

use crate::input::Input;

const NUMBER: &str = "19000001092611240000000001";
const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";

struct Asked {
    key: Secret,
    send: WireRequest,
    workwx: WireRequest,
    query: WireRequest,
    query_workwx: WireRequest,
    call: WireRequest,
}

static ASKED: LazyLock<Asked> = LazyLock::new(|| {
    let merchant = crate::merchant();
    let send =
        SendRedPack::new(NUMBER, OPENID, Fen(100)).send_name("a").act_name("b").wishing("c").remark("d");
    let workwx = SendWorkwx::new(NUMBER, OPENID, Fen(100)).act_name("b").wishing("c").remark("d");
    let call = Call::new("/mmpaymkttransfers/x").field("mch_billno", NUMBER).field("re_openid", OPENID);
    Asked {
        send: send.as_request().encode(&merchant).expect("a send"),
        workwx: workwx.as_request().encode(&merchant).expect("a WeCom send"),
        query: Query::new(NUMBER).as_request().encode(&merchant).expect("a query"),
        query_workwx: QueryWorkwx::new(NUMBER).as_request().encode(&merchant).expect("a WeCom query"),
        call: call.encode(&merchant).expect("a call"),
        key: merchant.api_key,
    }
});

/// The first byte chooses what was asked and the HTTP status, the rest is the body.
pub fn answer(data: &[u8]) {
    let mut input = Input(data);
    let Some(first) = input.byte() else { return };
    let http_status = [200, 200, 200, 200, 200, 302, 400, 502][usize::from(first >> 5)];
    let received = Received { http_status, body: input.0.to_vec() };
    let asked = &*ASKED;
    match first & 7 {
        0..=2 => send(&asked.send, &received),
        3 => send(&asked.workwx, &received),
        4 | 5 => query(&asked.query, &received),
        6 => query(&asked.query_workwx, &received),
        _ => call(&received),
    }
}

fn text(received: &Received, name: &str) -> Option<String> {
    let root = xml::read(&received.body).ok()?;
    root.text_of(name).map(str::to_owned)
}

fn is(received: &Received, name: &str, value: &str) -> bool {
    text(received, name).as_deref() == Some(value)
}

fn send(request: &WireRequest, received: &Received) {
    match read_send(request, received, &ASKED.key) {
        Ok(sent) => {
            assert!(proven(received) && is(received, "mch_billno", NUMBER), "sent without proof");
            assert!(
                ["mch_id", "total_amount", "re_openid"]
                    .iter()
                    .zip([crate::MCH_ID, "100", OPENID])
                    .all(|(name, ours)| text(received, name).is_none_or(|echo| echo == ours))
            );
            assert!(!request.signed_answer || text(received, "sign").is_some(), "an unsigned success");
            assert_eq!(sent.mch_billno, NUMBER);
            clean(&format!("{:?}", sent.answer));
        }
        Err(error) => refused(&error, received),
    }
}

fn proven(received: &Received) -> bool {
    received.http_status == 200
        && is(received, "return_code", "SUCCESS")
        && is(received, "result_code", "SUCCESS")
}

fn call(received: &Received) {
    match read_call(&ASKED.call, received, &ASKED.key) {
        Ok(_) => assert!(proven(received), "a call that is done without proof"),
        Err(error) => refused(&error, received),
    }
}

/// What no refusal of a send may say.
fn refused(error: &Error, received: &Received) {
    shown(error);
    assert_ne!(error.outcome(), Outcome::Sent, "an error that says sent");
    assert_ne!(error.outcome(), Outcome::NotSent, "an answer that came proves that something was sent");
    assert_ne!(error.advice(), Advice::NewOrderAllowed, "a send never permits a new order");
    assert_ne!(error.advice(), Advice::None, "an error that asks for nothing");
    let spoken = received.http_status == 200
        && is(received, "return_code", "SUCCESS")
        && is(received, "result_code", "FAIL");
    if error.kind() == ErrorKind::Answer && spoken {
        let row = code_verdict(text(received, "err_code").as_deref());
        assert_eq!((error.outcome(), error.advice(), error.scope()), (row.outcome, row.advice, row.scope));
    } else {
        assert_eq!(error.outcome(), Outcome::Unknown, "a verdict on what nobody said");
    }
    if error.outcome() != UNKNOWN_CODE.outcome {
        let code = text(received, "err_code");
        assert!(CODES.iter().any(|row| Some(row.code) == code.as_deref()), "a verdict from no row");
    }
}

fn query(request: &WireRequest, received: &Received) {
    let now = Timestamp::from_wire("2026-11-24 12:00:00").expect("a time");
    match read_query(request, received, &ASKED.key, now) {
        Ok(found) => answered(&found, request, received),
        Err(error) => {
            shown(&error);
            assert_eq!(error.outcome(), Outcome::Unknown, "a failed query says nothing of the order");
            assert!(matches!(error.advice(), Advice::QueryFirst | Advice::FixSetup), "{}", error.advice());
        }
    }
}

fn answered(found: &QueryResult, request: &WireRequest, received: &Received) {
    let failed = proven(received) && is(received, "mch_billno", NUMBER) && is(received, "status", "FAILED");
    assert_eq!(found.advice == Advice::NewOrderAllowed, failed, "a new order is permitted by FAILED alone");
    if found.found() {
        assert!(proven(received) && is(received, "mch_billno", NUMBER), "found without proof");
        assert!(!request.signed_answer || text(received, "sign").is_some(), "an unsigned answer");
    } else {
        assert!(is(received, "err_code", "NOT_FOUND"));
        assert_eq!((found.outcome, found.advice), (Outcome::Unknown, Advice::QueryFirst));
    }
    clean(&format!("{:?}", found.answer));
}

/// What people and logs see of an error.
fn shown(error: &Error) {
    let lines = [
        error.to_string(),
        error.message().to_owned(),
        format!("{error:?}"),
        error.err_code().unwrap_or_default().to_owned(),
        error.err_code_des().unwrap_or_default().to_owned(),
    ];
    for line in &lines {
        clean(line);
    }
    assert!(lines[0].chars().count() < 1500 && !lines[0].contains('\n'), "longer than a line");
    assert!(
        lines[3].chars().count() < 200 && lines[4].chars().count() < 600,
        "a code or text without a bound"
    );
    assert_eq!(error.mch_billno(), Some(NUMBER));
    assert_eq!(error.attempts(), 1);
}

fn clean(line: &str) {
    assert!(!line.contains(OPENID), "the openid is seen");
}
