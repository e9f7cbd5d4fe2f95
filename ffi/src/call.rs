//! The generic call: any other v2 endpoint.

use std::ffi::c_char;

use redpack::{Call, SignType};

use crate::boundary::{Fault, boundary};
use crate::error::redpack_error;
use crate::handle::free;
use crate::status::redpack_status;

/// How a request is signed.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "C reads these numbers")]
pub enum redpack_sign_type {
    /// MD5: 32 characters. What the red-packet endpoints take.
    REDPACK_SIGN_TYPE_MD5 = 0,
    /// HMAC-SHA256: 64 characters.
    REDPACK_SIGN_TYPE_HMAC_SHA256 = 1,
}

pub(crate) fn sign_type(number: i32) -> Result<SignType, Fault> {
    match number {
        0 => Ok(SignType::Md5),
        1 => Ok(SignType::HmacSha256),
        _ => Err(Fault::argument("sign_type", "is no value of redpack_sign_type", 0)),
    }
}

/// A call to any v2 endpoint. The merchant number, a nonce and the signature are added; all other fields are
/// yours, and all of them are signed. One thread fills it; then several may use it.
///
/// Methods: redpack_call_*.
pub struct redpack_call {
    pub(crate) call: Call,
}

impl redpack_call {
    fn change(&mut self, change: impl FnOnce(Call) -> Call) {
        self.call = change(self.call.clone());
    }
}

/// Begins a call to a path, such as "/mmpaymkttransfers/sendgroupredpack".
///
/// On success the call is yours: free it with redpack_call_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_call_new(
    path: *const c_char,
    call: *mut *mut redpack_call,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (path, place) = (text!(path), output!(call));
        place.give(redpack_call { call: Call::new(path) });
        Ok(())
    })
}

/// Frees a call. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_call_free(call: *mut redpack_call) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(call) };
}

/// Adds a field. An empty value is neither signed nor sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_call_set_field(
    call: *mut redpack_call,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (call, name, value) = (borrow_mut!(call), text!(name), text!(value));
        call.change(|call| call.field(name, value));
        Ok(())
    })
}

/// How it is signed: a value of redpack_sign_type; MD5 unless set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_call_set_sign_type(
    call: *mut redpack_call,
    sign_type: i32,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (call, sign_type) = (borrow_mut!(call), self::sign_type(sign_type)?);
        call.change(|call| call.sign_type(sign_type));
        Ok(())
    })
}

/// The name under which the merchant number goes, where it is not "mch_id" (transfers call it "mchid").
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_call_set_merchant_field(
    call: *mut redpack_call,
    name: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (call, name) = (borrow_mut!(call), text!(name));
        call.change(|call| call.merchant_field(name));
        Ok(())
    })
}

/// Whether a successful answer must be signed; false unless set: then a signature is verified where there is one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_call_set_signed_answer(
    call: *mut redpack_call,
    required: bool,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        borrow_mut!(call).change(|call| call.signed_answer(required));
        Ok(())
    })
}
