//! The gateway and the library's own client: what one answers, the other understands.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail, and says why by its name"
)]

use redpack::{
    Advice, Call, Client, Credentials, Fen, OrderStatus, Outcome, Query, QueryWorkwx, Roots, Secret,
    SendMiniProgram, SendRedPack, SendWorkwx,
};
use redpack_sandbox::{Options, Sandbox};

const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";

fn start() -> (Sandbox, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a folder");
    (Sandbox::start(Options::new(dir.path())).expect("a sandbox"), dir)
}

fn with(sandbox: &Sandbox, credentials: Credentials, key: &Secret) -> Client {
    Client::builder(sandbox.mch_id(), sandbox.appid(), key.clone())
        .credentials(credentials)
        .workwx_secret(sandbox.workwx_secret().clone())
        .roots(Roots::file(sandbox.ca_file()))
        .base_url(&sandbox.base_url())
        .build()
        .expect("a client")
}

fn client(sandbox: &Sandbox) -> Client {
    with(sandbox, Credentials::pem_files(sandbox.cert_file(), sandbox.key_file()), sandbox.api_key())
}

fn order(mch_billno: &str, amount: u64) -> SendRedPack {
    SendRedPack::new(mch_billno, OPENID, Fen(amount))
        .send_name("天虹百货")
        .act_name("猜灯谜")
        .wishing("节日快乐")
        .remark("快来抢]]>&<")
}

fn err_code(client: &Client, order: &SendRedPack) -> String {
    let error = client.send(order).expect_err("refused");
    error.err_code().unwrap_or_else(|| panic!("{error:?}")).to_owned()
}

#[test]
fn a_packet_is_sent_claimed_and_queried() {
    let (sandbox, _dir) = start();
    let client = client(&sandbox);
    let sent = client.send(&order("a1", 100)).expect("sent");
    assert!(sent.send_listid.is_some());
    assert_eq!(
        client.query(&Query::new("a1")).expect("answered").order.expect("found").status,
        Some(OrderStatus::Sent)
    );
    sandbox.claim("a1").expect("claimed");
    let answer = client.query(&Query::new("a1")).expect("answered");
    let record = answer.order.expect("found");
    assert_eq!((record.status, record.total_amount), (Some(OrderStatus::Received), Some(Fen(100))));
    assert_eq!(record.receivers[0].openid.as_deref(), Some(OPENID));
    assert!(record.receivers[0].rcv_time.is_some());
    let missing = client.query(&Query::new("nosuch")).expect("answered");
    assert_eq!((missing.found(), missing.advice), (false, Advice::QueryFirst));
    client.send(&order("a2", 200)).expect("sent");
    sandbox.refund("a2").expect("refunded");
    let record = client.query(&Query::new("a2")).expect("answered").order.expect("found");
    assert_eq!((record.status, record.refund_amount), (Some(OrderStatus::Refunded), Some(Fen(200))));
}

#[test]
fn one_number_pays_once() {
    let (sandbox, _dir) = start();
    let client = client(&sandbox);
    let first = client.send(&order("b", 100)).expect("sent");
    assert_eq!(client.send(&order("b", 100)).expect("sent again").send_listid, first.send_listid);
    assert_eq!(err_code(&client, &order("b", 101)), "FATAL_ERROR");
    let ledger = sandbox.ledger();
    assert_eq!((ledger.orders["b"].attempts, ledger.orders["b"].debits), (3, 1));
    assert_eq!((ledger.recipients[OPENID].debits, ledger.recipients[OPENID].debited), (1, Fen(100)));
    assert_eq!(ledger.remarks["快来抢]]>&<"].debits, 1);
    assert_eq!((ledger.totals.connections, ledger.totals.tls_handshakes, ledger.totals.requests), (1, 1, 3));
}

#[test]
fn too_little_money_keeps_the_order_until_there_is_some() {
    let (sandbox, _dir) = start();
    let client = client(&sandbox);
    sandbox.set_balance(Fen(50));
    let error = client.send(&order("c", 100)).expect_err("not enough");
    assert_eq!(
        (error.err_code(), error.outcome(), error.advice()),
        (Some("NOTENOUGH"), Outcome::Pending, Advice::RetrySameOrder)
    );
    let answer = client.query(&Query::new("c")).expect("answered");
    assert_eq!((answer.outcome, answer.advice), (Outcome::Pending, Advice::RetrySameOrder));
    assert!(answer.order.expect("found").reason.is_some());
    sandbox.set_balance(Fen(100));
    client.send(&order("c", 100)).expect("sent");
    assert_eq!(sandbox.ledger().balance, Fen(0));
}

#[test]
fn mini_program_and_wecom_packets_and_the_retired_group() {
    let (sandbox, _dir) = start();
    let client = client(&sandbox);
    let mini =
        SendMiniProgram::new("m", OPENID, Fen(100)).send_name("a").act_name("b").wishing("c").remark("d");
    let package = client.send_mini_program(&mini).expect("sent").package.expect("a package");
    assert!(package.starts_with("sendid=") && package.contains("&appid=wx8888888888888888"));
    let wecom =
        SendWorkwx::new("w", OPENID, Fen(100)).sender_name("a").act_name("b").wishing("c").remark("d");
    client.send_workwx(&wecom).expect("sent and signed");
    sandbox.claim("w").expect("claimed");
    let answer = client.query_workwx(&QueryWorkwx::new("w")).expect("signed");
    assert_eq!(answer.order.expect("found").receivers.len(), 1);
    assert!(!client.query(&Query::new("w")).expect("answered").found());
    let group = Call::new("/mmpaymkttransfers/sendgroupredpack").field("mch_billno", "g");
    let error = client.call(&group).expect_err("retired");
    assert_eq!((error.err_code(), error.advice()), (Some("API_METHOD_CLOSED"), Advice::FixSetup));
    let error = client.call(&Call::new("/nowhere")).expect_err("no such endpoint");
    assert_eq!((error.http_status(), error.outcome()), (Some(404), Outcome::Unknown));
}

#[test]
fn what_the_service_refuses_is_refused_with_its_codes() {
    let (sandbox, _dir) = start();
    let good = client(&sandbox);
    assert_eq!(err_code(&good, &order("d", 20_001)), "MONEY_LIMIT");
    good.send(&order("d2", 20_001).scene_id("PRODUCT_2")).expect("a scene opens the range");
    assert_eq!(err_code(&good, &order("d3", 500_000).scene_id("PRODUCT_2")), "MONEY_LIMIT");
    assert_eq!(err_code(&good, &order("d4", 100).wxappid("wxffffffffffffffff")), "PARAM_ERROR");
    let provider = order("d5", 100).sub_mch_id("1900000110").msgappid("wx1").consume_mch_id("1900000111");
    good.send(&provider).expect("service-provider mode");
    let credentials = || Credentials::pem_files(sandbox.cert_file(), sandbox.key_file());
    let wrong_key = with(&sandbox, credentials(), &Secret::new("x".repeat(32)));
    assert_eq!(err_code(&wrong_key, &order("d6", 100)), "SIGN_ERROR");
    // An extra field that is signed breaks the signature, as with the real service.
    let extra = Call::new("/mmpaymkttransfers/gethbinfo")
        .field("appid", sandbox.appid())
        .field("bill_type", "MCHT")
        .field("mch_billno", "d2");
    good.call(&extra).expect("answered");
    assert_eq!(
        good.call(&extra.field("sub_mch_id", "1")).expect_err("signed").err_code(),
        Some("SIGN_ERROR")
    );
}

#[test]
fn certificates_are_judged_as_the_service_judges_them() {
    let (sandbox, _dir) = start();
    let key = sandbox.api_key();
    let pem = |pair: (String, String)| Credentials::pem(pair.0.as_bytes(), pair.1.as_bytes());
    let other = with(&sandbox, pem(sandbox.issue_client_certificate("a friend").expect("made")), key);
    assert_eq!(err_code(&other, &order("e", 100)), "CA_ERROR");
    let foreign =
        with(&sandbox, pem(sandbox.foreign_client_certificate(sandbox.mch_id()).expect("made")), key);
    let error = foreign.send(&order("e", 100)).expect_err("HTML");
    assert_eq!(
        (error.http_status(), error.outcome(), error.advice()),
        (Some(400), Outcome::Unknown, Advice::FixSetup)
    );
    let p12 = with(&sandbox, Credentials::pkcs12_file(sandbox.p12_file(), None), key);
    p12.send(&order("e2", 100)).expect("sent");
    assert!(sandbox.ledger().orders.keys().eq(["e2"]));
}
