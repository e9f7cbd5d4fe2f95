//! The protocol layer's pure functions. `lib/protocol.js` checks types.

use napi_derive::napi;
use redpack::answer::table::{CODES, code_verdict};
use redpack::sign::BizRedPacket;
use redpack::{ErrorKind, Fen, Problem, RiskInfo, Secret, Verdict, sign, xml};

use crate::client::guarded;
use crate::fields::{Pairs, sign_type};
use crate::told::{Fault, Node, json};

fn pairs(text: &str) -> napi::Result<Pairs> {
    serde_json::from_str(text).map_err(|error| napi::Error::from_reason(format!("no list of pairs: {error}")))
}

fn borrowed(pairs: &Pairs) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (&**name, &**value))
}

/// Signs fields, given as a JSON list of pairs.
#[napi]
pub fn sign(fields: String, key: String, algorithm: String) -> napi::Result<String> {
    guarded(|| {
        let algorithm = sign_type(&algorithm).map_err(|fault| fault.thrown())?;
        Ok(sign::sign(borrowed(&pairs(&fields)?), &Secret::new(key), algorithm))
    })
}

/// Verifies a signature in constant time.
#[napi]
pub fn verify(fields: String, key: String, signature: String) -> napi::Result<bool> {
    guarded(|| Ok(sign::verify(borrowed(&pairs(&fields)?), &Secret::new(key), &signature)))
}

/// The string that is signed, without the key.
#[napi]
pub fn canonical(fields: String) -> napi::Result<String> {
    guarded(|| Ok(sign::canonical(borrowed(&pairs(&fields)?))))
}

/// The `workwx_sign` of a WeCom red packet.
#[napi]
pub fn workwx_sign(fields: String, secret: String) -> napi::Result<String> {
    guarded(|| Ok(sign::workwx_sign(borrowed(&pairs(&fields)?), &Secret::new(secret))))
}

/// What a mini program hands to `wx.sendBizRedPacket`.
#[napi(object, object_from_js = false)]
#[allow(missing_docs, reason = "wx.sendBizRedPacket's own names")]
pub struct BizRedPacketTold {
    pub time_stamp: String,
    pub nonce_str: String,
    pub package: String,
    pub sign_type: String,
    pub pay_sign: String,
}

/// Signs the raw `package` of a mini program red packet.
#[napi]
pub fn biz_red_packet(
    app_id: String,
    time_stamp: String,
    nonce_str: String,
    package: String,
    key: String,
) -> napi::Result<BizRedPacketTold> {
    guarded(|| {
        let packet = BizRedPacket::new(&app_id, &time_stamp, &nonce_str, &package, &Secret::new(key));
        Ok(BizRedPacketTold {
            time_stamp: packet.time_stamp,
            nonce_str: packet.nonce_str,
            package: packet.package,
            sign_type: packet.sign_type.to_owned(),
            pay_sign: packet.pay_sign,
        })
    })
}

/// Fields as XML.
#[napi]
pub fn xml_write(fields: String) -> napi::Result<String> {
    guarded(|| {
        let rule = "have a name or a character that XML 1.0 can't carry";
        let written = xml::write(borrowed(&pairs(&fields)?));
        written.ok_or_else(|| Fault::argument("fields", rule, 0).thrown())
    })
}

/// An XML answer, read under limits, as JSON: a tree of `name`, `text` and `children`.
#[napi]
pub fn xml_read(body: &[u8]) -> napi::Result<String> {
    guarded(|| {
        let unreadable = |error: xml::ReadError| {
            let rule = format!("can't be read: {error}").into();
            Fault::from(Problem { field: "xml".into(), rule, length: body.len() }).thrown()
        };
        Ok(json(&Node::new(&xml::read(body).map_err(unreadable)?)))
    })
}

/// The field `risk_info`.
#[napi]
pub fn risk_info(posttime: String, mobile: String, deviceid: String, clientversion: String) -> String {
    RiskInfo::default()
        .posttime(&posttime)
        .mobile(&mobile)
        .deviceid(&deviceid)
        .clientversion(&clientversion)
        .encode()
}

/// An openid as logs may show it.
#[napi]
pub fn mask_openid(openid: String) -> String {
    redpack::mask_openid(&openid)
}

/// A new order number.
#[napi]
pub fn new_mch_billno(mch_id: String) -> napi::Result<String> {
    guarded(|| redpack::new_mch_billno(&mch_id).map_err(|problem| Fault::from(problem).thrown()))
}

/// Yuan text as fen, in digits.
#[napi]
pub fn fen_from_yuan(yuan: String) -> napi::Result<String> {
    guarded(|| {
        let refused = |error: redpack::AmountError| {
            let rule = error.to_string().into();
            Fault::from(Problem { field: "yuan".into(), rule, length: yuan.len() }).thrown()
        };
        Ok(Fen::from_yuan(&yuan).map_err(refused)?.to_string())
    })
}

/// Fen, in digits, as yuan text.
#[napi]
pub fn fen_to_yuan(fen: String) -> napi::Result<String> {
    guarded(|| {
        let refused = |error: redpack::AmountError| {
            let rule = format!("is an amount in fen: it {error}").into();
            Fault::from(Problem { field: "fen".into(), rule, length: fen.len() }).thrown()
        };
        Ok(fen.parse::<Fen>().map_err(refused)?.to_yuan())
    })
}

/// The version of the library.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Every kind of error, as JSON.
#[napi]
pub fn kinds() -> String {
    json(&ErrorKind::ALL)
}

/// Every code of the service that the tables know, as JSON.
#[napi]
pub fn codes() -> String {
    json(&CODES.iter().map(|row| row.code).collect::<Vec<_>>())
}

/// What a kind of error says of a send, as JSON; null if there is no such kind.
#[napi]
pub fn kind_verdict(kind: String) -> String {
    let known = ErrorKind::ALL.iter().find(|known| known.as_str() == kind);
    json(&known.map(|known| known.verdict()))
}

/// What a code of the service says of a send that was answered with `result_code` FAIL, as JSON.
#[napi]
pub fn verdict_of_code(err_code: Option<String>) -> String {
    let verdict: Verdict = code_verdict(err_code.as_deref());
    json(&verdict)
}
