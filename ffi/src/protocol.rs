//! The protocol layer's pure functions: signatures, XML, numbers, amounts.

use std::ffi::c_char;

use redpack::{Fen, RiskInfo, Secret, sign, xml};

use crate::answer::redpack_answer;
use crate::boundary::{Fault, boundary, infallible};
use crate::call::sign_type;
use crate::error::redpack_error;
use crate::fields::redpack_fields;
use crate::status::redpack_status;
use crate::text::{redpack_text, write};

/// The size of a buffer for a signature: 64 characters and a NUL.
pub const REDPACK_SIGNATURE_SIZE: usize = 65;
/// The size of a buffer for an order number: 28 characters and a NUL.
pub const REDPACK_MCH_BILLNO_SIZE: usize = 29;
/// The size of a buffer for an amount in yuan, with a NUL.
pub const REDPACK_YUAN_SIZE: usize = 24;

/// Writes text into a buffer of the caller's, which has the size that the header names.
macro_rules! fill {
    ($buffer:ident, $size:expr, $text:expr) => {{
        // SAFETY: the conventions demand a buffer of the size that the function's documentation names.
        unsafe { write($buffer, $size, $text, stringify!($buffer)) }?
    }};
}

/// Signs fields: empty values and a field "sign" left out, the rest sorted, the key appended. "signature" is a
/// buffer of REDPACK_SIGNATURE_SIZE characters; upper-case hex and a NUL are written to it. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_sign(
    fields: *const redpack_fields,
    key: *const c_char,
    sign_type: i32,
    signature: *mut c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (fields, key) = (borrow!(fields), Secret::new(text!(key)));
        let sign_type = self::sign_type(sign_type)?;
        fill!(signature, REDPACK_SIGNATURE_SIZE, &sign::sign(fields.pairs(), &key, sign_type));
        Ok(())
    })
}

/// Verifies a signature of fields, MD5 or HMAC-SHA256 by its length, in constant time. "*genuine" says whether it
/// is right; the status says only whether it could be looked at. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_verify(
    fields: *const redpack_fields,
    key: *const c_char,
    signature: *const c_char,
    genuine: *mut bool,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (fields, key) = (borrow!(fields), Secret::new(text!(key)));
        let (signature, place) = (text!(signature), output!(genuine));
        place.set(sign::verify(fields.pairs(), &key, signature));
        Ok(())
    })
}

/// The workwx_sign of a WeCom red packet, over the fields that it covers. "signature" is a buffer of
/// REDPACK_SIGNATURE_SIZE characters. Clients add it by themselves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_workwx_sign(
    fields: *const redpack_fields,
    secret: *const c_char,
    signature: *mut c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (fields, secret) = (borrow!(fields), Secret::new(text!(secret)));
        fill!(signature, REDPACK_SIGNATURE_SIZE, &sign::workwx_sign(fields.pairs(), &secret));
        Ok(())
    })
}

/// The paySign that a mini program hands to wx.sendBizRedPacket. "package" is the raw one of
/// redpack_send_result_package; the mini program is given that of redpack_package_encoded. "signature" is a buffer of
/// REDPACK_SIGNATURE_SIZE characters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_pay_sign(
    app_id: *const c_char,
    time_stamp: *const c_char,
    nonce_str: *const c_char,
    package: *const c_char,
    key: *const c_char,
    signature: *mut c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (app_id, time_stamp, nonce_str) = (text!(app_id), text!(time_stamp), text!(nonce_str));
        let (package, key) = (text!(package), Secret::new(text!(key)));
        let signed = sign::pay_sign(app_id, time_stamp, nonce_str, package, &key);
        fill!(signature, REDPACK_SIGNATURE_SIZE, &signed);
        Ok(())
    })
}

/// The package that a mini program hands to wx.sendBizRedPacket: the raw one of redpack_send_result_package,
/// URL-encoded as JavaScript's encodeURIComponent would. Any thread.
///
/// On success the text is yours: free it with redpack_text_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_package_encoded(
    package: *const c_char,
    encoded: *mut *mut redpack_text,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (package, place) = (text!(package), output!(encoded));
        redpack_text::give(place, &sign::package_encoded(package));
        Ok(())
    })
}

/// The string that is signed, without the key: for comparing with another implementation.
///
/// On success the text is yours: free it with redpack_text_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_canonical(
    fields: *const redpack_fields,
    canonical: *mut *mut redpack_text,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (fields, place) = (borrow!(fields), output!(canonical));
        redpack_text::give(place, &sign::canonical(fields.pairs()));
        Ok(())
    })
}

/// Writes fields as the XML that the service reads.
///
/// On success the text is yours: free it with redpack_text_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_xml_write(
    fields: *const redpack_fields,
    xml: *mut *mut redpack_text,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (fields, place) = (borrow!(fields), output!(xml));
        let written = xml::write(fields.pairs()).ok_or_else(|| {
            Fault::argument("fields", "have a name or a character that XML 1.0 can't carry", 0)
        })?;
        redpack_text::give(place, &written);
        Ok(())
    })
}

/// Reads an XML answer under limits: no DOCTYPE, no entities but the five, at most 1 MiB.
///
/// On success the answer is yours: free it with redpack_answer_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_xml_read(
    xml: *const u8,
    xml_length: usize,
    answer: *mut *mut redpack_answer,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (body, place) = (bytes!(xml, xml_length), output!(answer));
        let root = xml::read(body).map_err(|problem| {
            Fault::Argument(redpack::Problem {
                field: "xml".into(),
                rule: format!("can't be read: {problem}").into(),
                length: body.len(),
            })
        })?;
        place.give(redpack_answer::new(&root));
        Ok(())
    })
}

/// The value of the field risk_info, URL-encoded as the service wants it. Each part may be NULL: when the user
/// acted (seconds since 1970), mobile (country code, "-", number), device id, version of the app.
///
/// On success the text is yours: free it with redpack_text_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_risk_info(
    posttime: *const c_char,
    mobile: *const c_char,
    deviceid: *const c_char,
    clientversion: *const c_char,
    risk_info: *mut *mut redpack_text,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let place = output!(risk_info);
        let value = RiskInfo::default()
            .posttime(optional_text!(posttime).unwrap_or_default())
            .mobile(optional_text!(mobile).unwrap_or_default())
            .deviceid(optional_text!(deviceid).unwrap_or_default())
            .clientversion(optional_text!(clientversion).unwrap_or_default());
        redpack_text::give(place, &value.encode());
        Ok(())
    })
}

/// An openid as logs may show it: the first four and the last two characters.
///
/// On success the text is yours: free it with redpack_text_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_mask_openid(
    openid: *const c_char,
    masked: *mut *mut redpack_text,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (openid, place) = (text!(openid), output!(masked));
        redpack_text::give(place, &redpack::mask_openid(openid));
        Ok(())
    })
}

/// Makes an order number: the merchant number, the day in Beijing, then random characters. Store it before the
/// order is sent. "mch_billno" is a buffer of REDPACK_MCH_BILLNO_SIZE characters. Any thread, also after fork.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_new_mch_billno(
    mch_id: *const c_char,
    mch_billno: *mut c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let number = redpack::new_mch_billno(text!(mch_id))?;
        fill!(mch_billno, REDPACK_MCH_BILLNO_SIZE, &number);
        Ok(())
    })
}

/// Whether a text is a legal order number: 1 to 28 letters and digits of ASCII. false for NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_is_mch_billno(mch_billno: *const c_char) -> bool {
    infallible(false, || name!(mch_billno).is_some_and(redpack::billno::is_mch_billno))
}

/// Reads yuan text exactly: "1.23" is 123 fen. Anything that is not a whole number of fen is an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_fen_from_yuan(
    yuan: *const c_char,
    fen: *mut i64,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (yuan, place) = (text!(yuan), output!(fen));
        let refused = |rule: String| {
            Fault::Argument(redpack::Problem { field: "yuan".into(), rule: rule.into(), length: yuan.len() })
        };
        let read = Fen::from_yuan(yuan).map_err(|problem| refused(problem.to_string()))?;
        place.set(i64::try_from(read.0).map_err(|_| refused("is too large".into()))?);
        Ok(())
    })
}

/// Fen as yuan text: 123 is "1.23". "yuan" is a buffer of REDPACK_YUAN_SIZE characters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_fen_to_yuan(
    fen: i64,
    yuan: *mut c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let amount = u64::try_from(fen).map_err(|_| Fault::argument("fen", "must not be below 0", 0))?;
        fill!(yuan, REDPACK_YUAN_SIZE, &Fen(amount).to_yuan());
        Ok(())
    })
}
