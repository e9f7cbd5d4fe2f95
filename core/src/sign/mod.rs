//! Signatures of APIv2: MD5 and HMAC-SHA256 over the canonical string, and their verification.
//!
//! The rule (protocol facts, section 5.1): drop `sign` and every empty value, sort the names by their
//! bytes, join `name=value` with `&` and values as they are, append `&key=` and the API key, hash, write
//! upper-case hex. The base string with the key in it is never assembled in memory: the hash is fed in
//! parts.

mod mini_program;
mod workwx;

pub use mini_program::{BizRedPacket, package_encoded, pay_sign};
pub use workwx::{WORKWX_SIGN_FIELDS, workwx_sign};

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::secret::Secret;

/// How a request or an answer is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SignType {
    /// 32 upper-case hex characters. The only one that works for red packets (protocol facts, section 5.2).
    #[default]
    Md5,
    /// 64 upper-case hex characters, for other v2 endpoints, which also want the field
    /// `sign_type=HMAC-SHA256`.
    HmacSha256,
}

impl SignType {
    /// The wire's name, as the field `sign_type` carries it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }
}

/// The canonical string: `name=value` of every non-empty field but `sign`, sorted by name, joined by `&`.
///
/// It holds no key. Names must be unique; the order in which they come doesn't matter.
pub fn canonical<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut fields: Vec<(&str, &str)> =
        fields.into_iter().filter(|(name, value)| *name != "sign" && !value.is_empty()).collect();
    fields.sort_unstable_by_key(|(name, _)| *name);
    let length = fields.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    let mut text = String::with_capacity(length);
    for (name, value) in fields {
        push_pair(&mut text, name, value);
    }
    text
}

/// Appends one pair of the canonical string; the caller keeps the order.
pub(crate) fn push_pair(text: &mut String, name: &str, value: &str) {
    if !text.is_empty() {
        text.push('&');
    }
    text.push_str(name);
    text.push('=');
    text.push_str(value);
}

/// Signs a set of fields with the API key.
///
/// ```
/// use redpack::{Secret, sign::{SignType, sign}};
/// let fields = [("appid", "wxd930ea5d5a258f4f"), ("body", "test"), ("device_info", "1000"),
///               ("mch_id", "10000100"), ("nonce_str", "ibuaiVcKdpRxkhJA")];
/// let key = Secret::new("192006250b4c09247ec02edce69f6a2d");
/// assert_eq!(sign(fields, &key, SignType::Md5), "9A0A8659F005D6984697E2CA0A9CF3B7");
/// ```
pub fn sign<'a>(
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    key: &Secret,
    sign_type: SignType,
) -> String {
    sign_canonical(&canonical(fields), key, sign_type)
}

pub(crate) fn sign_canonical(canonical: &str, key: &Secret, sign_type: SignType) -> String {
    match sign_type {
        SignType::Md5 => md5_with(canonical, "key", key),
        SignType::HmacSha256 => {
            let mut mac = hmac_keyed(key);
            mac.update(canonical.as_bytes());
            mac.update(b"&key=");
            mac.update(key.expose().as_bytes());
            upper_hex(&mac.finalize().into_bytes())
        }
    }
}

/// MD5 over `canonical&label=secret`, upper-case hex: with label `key` the signature of 5.1, with label
/// `secret` the `workwx_sign` of 5.4.
pub(crate) fn md5_with(canonical: &str, label: &str, secret: &Secret) -> String {
    let mut hash = Md5::new();
    hash.update(canonical.as_bytes());
    hash.update(b"&");
    hash.update(label.as_bytes());
    hash.update(b"=");
    hash.update(secret.expose().as_bytes());
    upper_hex(&hash.finalize())
}

/// Verifies a signature in constant time; the case of the hex digits doesn't matter.
///
/// The kind of signature is told by its length: 32 characters are MD5, 64 HMAC-SHA256, anything else is
/// wrong.
pub fn verify<'a>(
    fields: impl IntoIterator<Item = (&'a str, &'a str)>,
    key: &Secret,
    signature: &str,
) -> bool {
    let sign_type = match signature.len() {
        32 => SignType::Md5,
        64 => SignType::HmacSha256,
        _ => return false,
    };
    let expected = sign(fields, key, sign_type);
    expected.as_bytes().ct_eq(signature.to_ascii_uppercase().as_bytes()).into()
}

/// The nonce of an order's attempts: HMAC-SHA256 of its canonical business fields under the API key, the
/// first 32 hex characters.
///
/// Every process and every retry of one order thereby writes the same bytes, which is what "re-entrant
/// with the original parameters" asks for (protocol facts, section 6).
pub(crate) fn derived_nonce(business_fields: &str, key: &Secret) -> String {
    let mut mac = hmac_keyed(key);
    mac.update(b"redpack nonce 1\n");
    mac.update(business_fields.as_bytes());
    lower_hex(&mac.finalize().into_bytes()[..16])
}

/// A fresh nonce of 32 hex characters from the system's random source, for queries.
pub(crate) fn random_nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(lower_hex(&bytes))
}

fn hmac_keyed(key: &Secret) -> Hmac<Sha256> {
    #[allow(clippy::expect_used, reason = "HMAC is defined for keys of every length")]
    <Hmac<Sha256> as KeyInit>::new_from_slice(key.expose().as_bytes()).expect("HMAC takes any key length")
}

fn upper_hex(bytes: &[u8]) -> String {
    hex(bytes, b"0123456789ABCDEF")
}

pub(crate) fn lower_hex(bytes: &[u8]) -> String {
    hex(bytes, b"0123456789abcdef")
}

fn hex(bytes: &[u8], digits: &[u8; 16]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digits[usize::from(byte >> 4)] as char);
        text.push(digits[usize::from(byte & 15)] as char);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_values_and_the_signature_itself_are_not_signed() {
        assert_eq!(canonical([("b", "2"), ("sign", "x"), ("a", ""), ("B", "0")]), "B=0&b=2");
    }

    #[test]
    fn verification_takes_either_kind_and_either_case() {
        let key = Secret::new("192006250b4c09247ec02edce69f6a2d");
        let fields = [("a", "1"), ("b", "红包")];
        for sign_type in [SignType::Md5, SignType::HmacSha256] {
            let signature = sign(fields, &key, sign_type);
            assert!(verify(fields, &key, &signature));
            assert!(verify(fields, &key, &signature.to_lowercase()));
            assert!(!verify([("a", "2"), ("b", "红包")], &key, &signature));
            assert!(!verify(fields, &Secret::new("another"), &signature));
        }
        assert!(!verify(fields, &key, ""));
        assert!(!verify(fields, &key, &"é".repeat(16)));
    }

    #[test]
    fn nonces_have_32_characters_and_derived_ones_repeat() {
        let key = Secret::new("k");
        assert_eq!(derived_nonce("a=1", &key), derived_nonce("a=1", &key));
        assert_ne!(derived_nonce("a=1", &key), derived_nonce("a=2", &key));
        assert_eq!(derived_nonce("a=1", &key).len(), 32);
        let (one, two) = (random_nonce().expect("random"), random_nonce().expect("random"));
        assert!(one.len() == 32 && one != two);
    }
}
