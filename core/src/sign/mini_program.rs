//! `paySign`: what a mini program hands to `wx.sendBizRedPacket` so that its user can claim the packet.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::{SignType, sign};
use crate::secret::Secret;

/// What JavaScript's `encodeURIComponent` leaves alone.
const URI_COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// The argument of `wx.sendBizRedPacket`, ready to be sent to the mini program as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BizRedPacket {
    /// Seconds since 1970, as text.
    pub time_stamp: String,
    /// The nonce that was signed.
    pub nonce_str: String,
    /// The answer's `package`, URL-encoded (the signature covers the raw form).
    pub package: String,
    /// Always `MD5`.
    pub sign_type: &'static str,
    /// See [`pay_sign`].
    pub pay_sign: String,
}

/// Signs `appId`, `timeStamp`, `nonceStr` and the **raw** `package` with the API key, MD5
/// (protocol facts, section 2.4).
pub fn pay_sign(app_id: &str, time_stamp: &str, nonce_str: &str, package: &str, key: &Secret) -> String {
    let fields =
        [("appId", app_id), ("timeStamp", time_stamp), ("nonceStr", nonce_str), ("package", package)];
    sign(fields, key, SignType::Md5)
}

/// The `package` of a `sendminiprogramhb` answer as a mini program is given it: URL-encoded, as JavaScript's
/// `encodeURIComponent` would. [`pay_sign`] covers the raw one.
pub fn package_encoded(package: &str) -> String {
    utf8_percent_encode(package, URI_COMPONENT).to_string()
}

impl BizRedPacket {
    /// Builds the argument from the `package` of a `sendminiprogramhb` answer, raw as it came.
    pub fn new(app_id: &str, time_stamp: &str, nonce_str: &str, package: &str, key: &Secret) -> Self {
        Self {
            time_stamp: time_stamp.into(),
            nonce_str: nonce_str.into(),
            package: package_encoded(package),
            sign_type: SignType::Md5.as_str(),
            pay_sign: pay_sign(app_id, time_stamp, nonce_str, package, key),
        }
    }
}
