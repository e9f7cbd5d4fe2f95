//! `workwx_sign`: the second signature of WeCom (企业微信) red packets.

use super::{canonical, md5_with};
use crate::secret::Secret;

/// The fields that `workwx_sign` covers, and nothing else (protocol facts, section 5.4).
pub const WORKWX_SIGN_FIELDS: [&str; 7] =
    ["act_name", "mch_billno", "mch_id", "nonce_str", "re_openid", "total_amount", "wxappid"];

/// Signs a WeCom red packet with the secret of the WeCom admin's 企业支付 application (not the API key).
///
/// Fields other than [`WORKWX_SIGN_FIELDS`] are left out, empty values too. The result becomes an ordinary
/// field of the request, which the ordinary `sign` covers.
pub fn workwx_sign<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>, secret: &Secret) -> String {
    let covered = fields.into_iter().filter(|(name, _)| WORKWX_SIGN_FIELDS.contains(name));
    md5_with(&canonical(covered), "secret", secret)
}
