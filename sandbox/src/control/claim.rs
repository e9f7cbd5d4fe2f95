//! `POST /claim`: the recipient opens a packet. For one of a mini program, what was given to
//! `wx.sendBizRedPacket` can be checked as WeChat's own client does.

use redpack::SignType;
use redpack::sign::{BizRedPacket, sign};
use serde::Deserialize;

use super::{Answer, conflict, ok, read, refused};
use crate::ledger::Order;
use crate::policy::PaySign;
use crate::send::package;
use crate::server::Shared;
use crate::service::Merchant;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    mch_billno: String,
    send_biz_red_packet: Option<SendBizRedPacket>,
}

/// The object that a mini program hands to `wx.sendBizRedPacket`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SendBizRedPacket {
    time_stamp: String,
    nonce_str: String,
    package: String,
    sign_type: String,
    pay_sign: String,
}

pub(super) fn answer(shared: &Shared, body: &[u8]) -> Result<Answer, Answer> {
    let Claim { mch_billno, send_biz_red_packet } = read(body)?;
    let mut world = shared.service.world();
    let now = world.catch_up();
    if let (Some(given), Some(order)) = (&send_biz_red_packet, world.book.order(&mch_billno)) {
        let policy = world.policy.pay_sign;
        check(given, &order, &shared.service.merchant, policy).map_err(refused)?;
    }
    world.book.claim(&mch_billno, now).map_err(|error| conflict(&error))?;
    ok(&world.book.order(&mch_billno))
}

/// What WeChat's client would find wrong with it.
fn check(
    given: &SendBizRedPacket,
    order: &Order,
    merchant: &Merchant,
    policy: PaySign,
) -> Result<(), String> {
    if order.kind != "sendminiprogramhb" {
        return Err(format!(
            "sendBizRedPacket:fail the order came by {}, not by sendminiprogramhb",
            order.kind
        ));
    }
    if given.sign_type != "MD5" {
        return Err("sendBizRedPacket:fail signType must be MD5".into());
    }
    let raw = package(order, merchant);
    let (time, nonce) = (&given.time_stamp, &given.nonce_str);
    let right = BizRedPacket::new(&order.wxappid, time, nonce, &raw, &merchant.api_key);
    let encoded = right.package;
    if given.package != encoded {
        return Err("sendBizRedPacket:fail package must be the answer's, URL-encoded".into());
    }
    let by_raw = given.pay_sign == right.pay_sign;
    let fields = [("timeStamp", time.as_str()), ("nonceStr", nonce), ("package", &encoded)];
    let by_encoded = given.pay_sign == sign(fields, &merchant.api_key, SignType::Md5);
    let signed = match policy {
        PaySign::Raw => by_raw,
        PaySign::EncodedWithoutAppid => by_encoded,
        PaySign::Any => by_raw || by_encoded,
    };
    if signed { Ok(()) } else { Err("sendBizRedPacket:fail paySign is wrong".into()) }
}
