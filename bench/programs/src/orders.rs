//! The one order that every program of the comparison sends, again and again.

use redpack::{Fen, Merchant, Secret, SendRedPack};

pub const MCH_ID: &str = "1900000109";
pub const APPID: &str = "wx8888888888888888";
pub const API_KEY: &str = "sandbox0key0sandbox0key0sandbox0";
pub const BILLNO: &str = "19000001092611240000000001";
pub const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";

pub fn order(mch_billno: &str) -> SendRedPack {
    SendRedPack::new(mch_billno, OPENID, Fen(100))
        .send_name("天虹百货")
        .act_name("猜灯谜抢红包活动")
        .wishing("感谢您参加猜灯谜活动")
        .remark("猜越多得越多，快来抢！")
}

pub fn merchant() -> Merchant {
    Merchant {
        mch_id: MCH_ID.into(),
        appid: APPID.into(),
        api_key: Secret::new(API_KEY),
        workwx_secret: None,
    }
}
