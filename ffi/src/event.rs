//! What a metrics callback sees of each call.

use std::ffi::c_char;
use std::ptr;

use redpack::AttemptEvent;

use crate::handle::get;
use crate::status::redpack_outcome;
use crate::text::Text;

/// One call that reached for the network, told to the callback before its caller hears of it. No secrets, no
/// openids. It lives during the callback only, and there is nothing to free.
///
/// Methods: redpack_event_*.
pub struct redpack_event {
    path: Text,
    mch_billno: Text,
    host: Text,
    phase: Text,
    kind: Text,
    err_code: Text,
    outcome: redpack_outcome,
    elapsed_us: u64,
    connection_reused: bool,
    http_status: i32,
}

impl redpack_event {
    pub(crate) fn new(event: &AttemptEvent<'_>) -> Self {
        Self {
            path: Text::new(event.path),
            mch_billno: Text::maybe(event.mch_billno),
            host: Text::new(event.host),
            phase: Text::shown(event.phase),
            kind: Text::maybe(event.error_kind.map(redpack::ErrorKind::as_str)),
            err_code: Text::maybe(event.err_code),
            outcome: event.outcome.into(),
            elapsed_us: u64::try_from(event.elapsed.as_micros()).unwrap_or(u64::MAX),
            connection_reused: event.connection_reused,
            http_status: event.http_status.map_or(0, i32::from),
        }
    }
}

/// The path below the host. Valid during the callback only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_path(event: *const redpack_event) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, ptr::null(), |event| event.path.as_ptr()) }
}

/// The order number; NULL where the call had none. Valid during the callback only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_mch_billno(event: *const redpack_event) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, ptr::null(), |event| event.mch_billno.as_ptr()) }
}

/// The host that was to be reached, with its port where that is not 443. Valid during the callback only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_host(event: *const redpack_event) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, ptr::null(), |event| event.host.as_ptr()) }
}

/// How far the call came, as a word: "start", "resolve", "connect", "handshake", "ready" (till here nothing of the
/// request has left), "send" or "answer". Valid during the callback only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_phase(event: *const redpack_event) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, ptr::null(), |event| event.phase.as_ptr()) }
}

/// What went wrong, as a word of redpack_error_kind; NULL where nothing did. Valid during the callback
/// only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_kind(event: *const redpack_event) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, ptr::null(), |event| event.kind.as_ptr()) }
}

/// The err_code of the service; NULL where there was none. Valid during the callback only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_err_code(event: *const redpack_event) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, ptr::null(), |event| event.err_code.as_ptr()) }
}

/// What is known of the money; of an answered query, of the order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_outcome(event: *const redpack_event) -> redpack_outcome {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, redpack_outcome::REDPACK_OUTCOME_NONE, |event| event.outcome) }
}

/// How long it took, in microseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_elapsed_us(event: *const redpack_event) -> u64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, 0, |event| event.elapsed_us) }
}

/// Whether a kept-alive connection served it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_connection_reused(event: *const redpack_event) -> bool {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, false, |event| event.connection_reused) }
}

/// The HTTP status; 0 where there was none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_event_http_status(event: *const redpack_event) -> i32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(event, 0, |event| event.http_status) }
}
