//! Times as the service writes them: text, of Beijing, without a zone.

use std::ffi::c_char;

use redpack::Timestamp;

use crate::boundary::{Fault, boundary};
use crate::error::redpack_error;
use crate::status::redpack_status;
use crate::text::write;

/// The size of a buffer for a time as the service writes it: 19 characters and a NUL.
pub const REDPACK_TIME_SIZE: usize = 20;

/// Reads a time as the service writes it, "2026-11-24 12:00:00" of Beijing, such as a field of an answer. "*time" is
/// in seconds since 1970 (UTC). Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_time_from_wire(
    text: *const c_char,
    time: *mut i64,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (text, place) = (text!(text), output!(time));
        let read = Timestamp::from_wire(text);
        let read = read.ok_or_else(|| Fault::argument("text", "is no time of the service", text.len()))?;
        place.set(read.unix_seconds());
        Ok(())
    })
}

/// The other way round: what is beyond the years 1 to 9999 becomes the nearest time within. "text" is a buffer of
/// REDPACK_TIME_SIZE characters. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_time_to_wire(
    time: i64,
    text: *mut c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let written = Timestamp::from_unix_seconds(time).to_wire();
        // SAFETY: the conventions demand a buffer of the size that the documentation names.
        unsafe { write(text, REDPACK_TIME_SIZE, &written, "text") }
    })
}
