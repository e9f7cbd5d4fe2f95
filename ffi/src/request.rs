//! A request to one endpoint.

use std::ffi::c_char;
use std::ptr;

use redpack::table::ENDPOINTS;
use redpack::{Problem, Request};

use crate::boundary::{Fault, boundary};
use crate::error::redpack_error;
use crate::handle::{free, get};
use crate::status::redpack_status;
use crate::text::Text;

/// A request to one endpoint: a value, or none yet, for each of its fields. One thread fills it; then several may
/// use it. Nothing is checked before it is used, so that all problems are reported together.
///
/// Methods: redpack_request_*.
pub struct redpack_request {
    pub(crate) request: Request,
    endpoint: Text,
}

/// Begins a request. The endpoint is "sendredpack" (普通红包), "sendminiprogramhb" (小程序红包), "sendworkwxredpack"
/// (企业红包), "gethbinfo" (query of the first two) or "queryworkwxredpack" (query of the third).
///
/// A send needs mch_billno, re_openid, total_amount, send_name (not WeCom's), act_name, wishing and remark; a
/// query needs mch_billno. Of the others total_num is 1, client_ip 127.0.0.1 (sendredpack), wxappid or appid the
/// configuration's, nonce_str and the signatures are made, and the rest is left out unless you set it.
/// redpack_endpoint_field_name lists every field.
///
/// On success the request is yours: free it with redpack_request_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_request_new(
    endpoint: *const c_char,
    request: *mut *mut redpack_request,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (name, place) = (text!(endpoint), output!(request));
        let endpoint = ENDPOINTS.into_iter().find(|endpoint| endpoint.name == name).ok_or_else(|| {
            let rule =
                "is none of sendredpack, sendminiprogramhb, sendworkwxredpack, gethbinfo, queryworkwxredpack";
            Fault::argument("endpoint", rule, name.len())
        })?;
        place.give(redpack_request { request: Request::new(endpoint), endpoint: Text::new(name) });
        Ok(())
    })
}

/// Frees a request. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_request_free(request: *mut redpack_request) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(request) };
}

/// Gives a field its value, by its name on the wire: "act_name", "re_openid", "client_ip" … An empty value is as
/// good as none. An error if the endpoint has no such field. The lengths of values (bytes of UTF-8: mch_billno 28,
/// send_name, act_name and re_openid 32, wishing 128, remark 256) are checked when the request is used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_request_set_text(
    request: *mut redpack_request,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (request, name, value) = (borrow_mut!(request), text!(name), text!(value));
        Ok(request.request.set(name, value)?)
    })
}

/// Gives "total_amount" its value: fen, above 0, or it is refused at once, by that name. 100 fen are 1 yuan. An
/// amount that is text can be given by redpack_request_set_text, and is checked with the other fields when the
/// request is used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_request_set_fen(
    request: *mut redpack_request,
    name: *const c_char,
    fen: i64,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (request, name) = (borrow_mut!(request), text!(name));
        let value = fen.to_string();
        if fen <= 0 && request.request.endpoint().position(name).is_some() {
            let (field, rule, length) = (name.to_owned().into(), "must be above 0".into(), value.len());
            return Err(Fault::Argument(Problem { field, rule, length }));
        }
        Ok(request.request.set(name, value)?)
    })
}

/// Your own name of the payment, such as an invoice number: 1 to 255 bytes. It is no field of the wire: with a
/// journal it leads to its order for ever, so that mch_billno may be left out, and the same payment asked for
/// twice is made once. Refused at once if it is empty or too long, and for a query, which goes by mch_billno.
///
/// After REDPACK_ADVICE_NEW_ORDER_ALLOWED the old intent still leads to the closed order: take a new one, and
/// derive it so that every program and person derives the same: "invoice-7/2" after "invoice-7". Never use a
/// random one: two programs would make two payments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_request_set_intent(
    request: *mut redpack_request,
    intent: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (request, intent) = (borrow_mut!(request), text!(intent));
        Ok(request.request.try_set_intent(intent)?)
    })
}

/// The endpoint of the request. Valid until the request is freed. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_request_endpoint(request: *const redpack_request) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(request, ptr::null(), |request| request.endpoint.as_ptr()) }
}
