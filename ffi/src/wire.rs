//! The protocol layer alone: encode a request, post it yourself, and have the answer judged.

use std::ffi::c_char;
use std::ptr;

use redpack::answer::{read_call, read_query, read_send};
use redpack::{Received, Timestamp, WireRequest};

use crate::answer::redpack_answer;
use crate::boundary::{Fault, boundary};
use crate::call::redpack_call;
use crate::config::redpack_config;
use crate::error::redpack_error;
use crate::handle::{free, get};
use crate::query_result::redpack_query_result;
use crate::request::redpack_request;
use crate::send_result::redpack_send_result;
use crate::status::redpack_status;
use crate::text::Text;

/// A request as bytes, ready to be posted. May be read by several threads.
///
/// Methods: redpack_wire_*.
pub struct redpack_wire {
    wire: WireRequest,
    path: Text,
    body: Text,
    nonce_str: Text,
    mch_billno: Text,
}

impl redpack_wire {
    fn new(wire: WireRequest) -> Self {
        Self {
            path: Text::new(&*wire.path),
            body: Text::new(&*wire.body),
            nonce_str: Text::new(&*wire.nonce_str),
            mch_billno: Text::maybe(wire.expected.mch_billno.as_deref()),
            wire,
        }
    }
}

fn received(http_status: i32, body: &[u8]) -> Result<Received, Fault> {
    let http_status =
        u16::try_from(http_status).map_err(|_| Fault::argument("http_status", "is no HTTP status", 0))?;
    Ok(Received { http_status, body: body.to_vec() })
}

/// Completes, checks and signs a request, and writes its XML, without sending it. Of the configuration, the numbers
/// and keys are used; it needs no certificate. A send encoded twice gives the same bytes.
///
/// On success it is yours: free it with redpack_wire_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_request_encode(
    request: *const redpack_request,
    config: *const redpack_config,
    wire: *mut *mut redpack_wire,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (request, config, place) = (borrow!(request), borrow!(config), output!(wire));
        place.give(redpack_wire::new(request.request.encode(&config.merchant)?));
        Ok(())
    })
}

/// The same for a generic call.
///
/// On success it is yours: free it with redpack_wire_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_call_encode(
    call: *const redpack_call,
    config: *const redpack_config,
    wire: *mut *mut redpack_wire,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (call, config, place) = (borrow!(call), borrow!(config), output!(wire));
        place.give(redpack_wire::new(call.call.encode(&config.merchant)?));
        Ok(())
    })
}

/// Frees a request as bytes. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_wire_free(wire: *mut redpack_wire) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(wire) };
}

/// The path below the host that it is to be posted to. Valid until it is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_wire_path(wire: *const redpack_wire) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(wire, ptr::null(), |wire| wire.path.as_ptr()) }
}

/// The XML document, NUL-terminated UTF-8. It holds the signature and the openid. Valid until it is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_wire_body(wire: *const redpack_wire) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(wire, ptr::null(), |wire| wire.body.as_ptr()) }
}

/// The length of the document in bytes, without the NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_wire_body_length(wire: *const redpack_wire) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(wire, 0, |wire| wire.wire.body.len()) }
}

/// The nonce in it. Valid until it is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_wire_nonce_str(wire: *const redpack_wire) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(wire, ptr::null(), |wire| wire.nonce_str.as_ptr()) }
}

/// The order number in it; NULL where it has none. Valid until it is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_wire_mch_billno(wire: *const redpack_wire) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(wire, ptr::null(), |wire| wire.mch_billno.as_ptr()) }
}

/// Judges the answer to a send that you posted: as redpack_client_send would, from the HTTP status and the
/// body as it came. Pure: nothing is sent.
///
/// On success the result is yours: free it with redpack_send_result_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_wire_read_send(
    wire: *const redpack_wire,
    config: *const redpack_config,
    http_status: i32,
    body: *const u8,
    body_length: usize,
    result: *mut *mut redpack_send_result,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (wire, config, place) = (borrow!(wire), borrow!(config), output!(result));
        let received = received(http_status, bytes!(body, body_length))?;
        let told = read_send(&wire.wire, &received, &config.merchant.api_key)?;
        place.give(redpack_send_result::new(&told));
        Ok(())
    })
}

/// Judges the answer to a query that you posted, as redpack_client_query would. Pure: nothing is sent. What it means
/// depends on the age of the order: "now" is the time when the answer came, in seconds since 1970 (UTC); 0 for the
/// clock of this machine.
///
/// On success the result is yours: free it with redpack_query_result_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_wire_read_query(
    wire: *const redpack_wire,
    config: *const redpack_config,
    http_status: i32,
    body: *const u8,
    body_length: usize,
    now: i64,
    result: *mut *mut redpack_query_result,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (wire, config, place) = (borrow!(wire), borrow!(config), output!(result));
        let received = received(http_status, bytes!(body, body_length))?;
        let now = if now == 0 { Timestamp::now() } else { Timestamp::from_unix_seconds(now) };
        let told = read_query(&wire.wire, &received, &config.merchant.api_key, now)?;
        place.give(redpack_query_result::new(&told));
        Ok(())
    })
}

/// Judges the answer to a generic call that you posted, as redpack_client_call would. Pure: nothing is
/// sent.
///
/// On success the answer is yours: free it with redpack_answer_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_wire_read_call(
    wire: *const redpack_wire,
    config: *const redpack_config,
    http_status: i32,
    body: *const u8,
    body_length: usize,
    answer: *mut *mut redpack_answer,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (wire, config, place) = (borrow!(wire), borrow!(config), output!(answer));
        let received = received(http_status, bytes!(body, body_length))?;
        let told = read_call(&wire.wire, &received, &config.merchant.api_key)?;
        place.give(redpack_answer::new(told.root()));
        Ok(())
    })
}
