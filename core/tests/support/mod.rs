//! What the tests on real sockets share: throw-away certificates, and a server that answers as scripted.
#![allow(dead_code, reason = "each test program uses its own part")]
#![allow(missing_docs, clippy::missing_panics_doc, clippy::expect_used, reason = "test support")]

pub mod craft;
pub mod cut;
pub mod hostile;
pub mod memory;
pub mod pki;
pub mod server;

use std::time::Duration;

use redpack::{Client, ClientBuilder, Credentials, Fen, Roots, Secret, SendRedPack};

pub use pki::pki;
#[allow(unused_imports, reason = "each test program uses its own part")]
pub use server::{Reply, Server, Tls};

pub const MCH_ID: &str = "1900000109";
pub const APPID: &str = "wx8888888888888888";
pub const API_KEY: &str = "192006250b4c09247ec02edce69f6a2d";
pub const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";
pub const BILLNO: &str = "19000001092611240000000001";

pub fn key() -> Secret {
    Secret::new(API_KEY)
}

/// A client of the scripted server, with short limits.
pub fn builder(server: &Server) -> ClientBuilder {
    Client::builder(MCH_ID, APPID, key())
        .credentials(Credentials::pem(pki().client.0.as_bytes(), pki().client.1.as_bytes()))
        .roots(Roots::pem(pki().ca_pem.as_bytes()))
        .base_url(&server.url())
        .connect_limit(Duration::from_secs(2))
        .attempt_limit(Duration::from_secs(3))
}

pub fn client(server: &Server) -> Client {
    builder(server).build().expect("a client")
}

pub fn order() -> SendRedPack {
    order_numbered(BILLNO)
}

pub fn order_numbered(mch_billno: &str) -> SendRedPack {
    SendRedPack::new(mch_billno, OPENID, Fen(100))
        .send_name("天虹百货")
        .act_name("猜灯谜抢红包活动")
        .wishing("感谢您参加猜灯谜活动，祝您元宵节快乐！")
        .remark("猜越多得越多，快来抢！")
}

/// The body of an answer: `return_code`, then the fields given.
pub fn xml(fields: &[(&str, &str)]) -> String {
    redpack::xml::write(fields.iter().copied()).expect("legal fields")
}

pub fn success_for(mch_billno: &str) -> String {
    xml(&[
        ("return_code", "SUCCESS"),
        ("return_msg", "发放成功"),
        ("result_code", "SUCCESS"),
        ("err_code", "SUCCESS"),
        ("mch_billno", mch_billno),
        ("mch_id", MCH_ID),
        ("wxappid", APPID),
        ("re_openid", OPENID),
        ("total_amount", "100"),
        ("send_listid", "100000000020150520314766074200"),
    ])
}

pub fn success() -> String {
    success_for(BILLNO)
}

pub fn failure(err_code: &str) -> String {
    xml(&[
        ("return_code", "SUCCESS"),
        ("return_msg", "失败"),
        ("result_code", "FAIL"),
        ("err_code", err_code),
        ("err_code_des", "失败"),
        ("mch_billno", BILLNO),
        ("mch_id", MCH_ID),
        ("re_openid", OPENID),
        ("total_amount", "100"),
    ])
}
