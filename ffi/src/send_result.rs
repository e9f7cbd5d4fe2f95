//! A packet that was sent.

use std::ffi::c_char;
use std::ptr;

use redpack::SendResult;

use crate::answer::redpack_answer;
use crate::handle::{free, get, lend};
use crate::text::{Text, fen, seconds};

/// A packet that was sent: the service took the money. Whether the user claims it, or it goes back after 24
/// hours, only a query tells. May be read by several threads.
///
/// Methods: redpack_send_result_*.
pub struct redpack_send_result {
    mch_billno: Text,
    send_listid: Text,
    package: Text,
    total_amount: i64,
    send_time: i64,
    recorded: bool,
    answer: redpack_answer,
}

impl redpack_send_result {
    pub(crate) fn new(result: &SendResult) -> Self {
        Self {
            mch_billno: Text::new(&*result.mch_billno),
            send_listid: Text::maybe(result.send_listid.as_deref()),
            package: Text::maybe(result.package.as_deref()),
            total_amount: fen(result.total_amount),
            send_time: seconds(result.send_time),
            recorded: result.recorded,
            answer: redpack_answer::new(result.answer.root()),
        }
    }
}

/// Frees a result and all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_send_result_free(send_result: *mut redpack_send_result) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(send_result) };
}

/// The order number. Valid until the result is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_send_result_mch_billno(
    send_result: *const redpack_send_result,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(send_result, ptr::null(), |send_result| send_result.mch_billno.as_ptr()) }
}

/// The number that the service gave the packet (微信单号); NULL where it gave none. Valid until the result is
/// freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_send_result_send_listid(
    send_result: *const redpack_send_result,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(send_result, ptr::null(), |send_result| send_result.send_listid.as_ptr()) }
}

/// Of a mini program packet: the raw package that redpack_pay_sign wants; else NULL. Valid until the result
/// is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_send_result_package(
    send_result: *const redpack_send_result,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(send_result, ptr::null(), |send_result| send_result.package.as_ptr()) }
}

/// The amount in fen as echoed; 0 where it was not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_send_result_total_amount(send_result: *const redpack_send_result) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(send_result, 0, |send_result| send_result.total_amount) }
}

/// When it was sent, in seconds since 1970 (UTC); 0 where the service doesn't say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_send_result_send_time(send_result: *const redpack_send_result) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(send_result, 0, |send_result| send_result.send_time) }
}

/// Whether this is the record of an earlier send in the journal, and nothing was sent now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_send_result_recorded(send_result: *const redpack_send_result) -> bool {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(send_result, false, |send_result| send_result.recorded) }
}

/// Every field as it came; without fields where the journal answers. Borrowed: never free it. NULL for
/// NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_send_result_answer(
    send_result: *const redpack_send_result,
) -> *const redpack_answer {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(send_result, ptr::null(), |send_result| lend(Some(&send_result.answer))) }
}
