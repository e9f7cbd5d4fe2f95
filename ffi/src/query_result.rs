//! A query that was answered.

use std::ffi::c_char;
use std::ptr;

use redpack::{OrderRecord, QueryResult};

use crate::answer::redpack_answer;
use crate::handle::{free, get, lend};
use crate::status::{redpack_advice, redpack_outcome, redpack_scope};
use crate::text::{Text, fen, seconds, text_at};

/// A query that the service answered. NOT_FOUND is an answer, and not a failure of the order. May be read by
/// several threads.
///
/// Methods: redpack_query_result_*.
pub struct redpack_query_result {
    mch_billno: Text,
    found: bool,
    outcome: redpack_outcome,
    advice: redpack_advice,
    scope: redpack_scope,
    not_before: i64,
    status: Text,
    reason: Text,
    detail_id: Text,
    total_amount: i64,
    refund_amount: i64,
    send_time: i64,
    refund_time: i64,
    receiver_openids: Vec<Text>,
    receiver_amounts: Vec<(i64, i64)>,
    answer: redpack_answer,
}

impl redpack_query_result {
    pub(crate) fn new(result: &QueryResult) -> Self {
        let order = result.order.as_ref();
        let text = |read: fn(&OrderRecord) -> Option<&str>| Text::maybe(order.and_then(read));
        let receivers = order.map(|order| &*order.receivers).unwrap_or_default();
        Self {
            mch_billno: Text::new(&*result.mch_billno),
            found: result.found(),
            outcome: result.outcome.into(),
            advice: result.advice.into(),
            scope: result.scope.into(),
            not_before: seconds(result.not_before),
            status: text(|order| order.status.as_ref().map(redpack::OrderStatus::as_str)),
            reason: text(|order| order.reason.as_deref()),
            detail_id: text(|order| order.detail_id.as_deref()),
            total_amount: fen(order.and_then(|order| order.total_amount)),
            refund_amount: fen(order.and_then(|order| order.refund_amount)),
            send_time: seconds(order.and_then(|order| order.send_time)),
            refund_time: seconds(order.and_then(|order| order.refund_time)),
            receiver_openids: receivers.iter().map(|one| Text::maybe(one.openid.as_deref())).collect(),
            receiver_amounts: receivers.iter().map(|one| (fen(one.amount), seconds(one.rcv_time))).collect(),
            answer: redpack_answer::new(result.answer.root()),
        }
    }
}

/// Frees a result and all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_free(query_result: *mut redpack_query_result) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(query_result) };
}

/// The order number that was asked about. Valid until the result is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_mch_billno(
    query_result: *const redpack_query_result,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, ptr::null(), |query_result| query_result.mch_billno.as_ptr()) }
}

/// Whether the service knows the order. false does not mean that it failed: it may be on its way, or older
/// than 30 days. With a journal, the outcome beside it is the order's, and may be REDPACK_OUTCOME_SENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_found(query_result: *const redpack_query_result) -> bool {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, false, |query_result| query_result.found) }
}

/// What is known of the money of the order: with a journal also from earlier answers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_outcome(
    query_result: *const redpack_query_result,
) -> redpack_outcome {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, redpack_outcome::REDPACK_OUTCOME_NONE, |query_result| query_result.outcome) }
}

/// What to do next; REDPACK_ADVICE_NEW_ORDER_ALLOWED only where the service says FAILED, or the journal has the
/// order as closed. REDPACK_ADVICE_ASK_OPERATOR for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_advice(
    query_result: *const redpack_query_result,
) -> redpack_advice {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe {
        get(query_result, redpack_advice::REDPACK_ADVICE_ASK_OPERATOR, |query_result| query_result.advice)
    }
}

/// Whom else it concerns. An answer to a query concerns its order; with a journal, the last answer to an attempt
/// may concern more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_scope(
    query_result: *const redpack_query_result,
) -> redpack_scope {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, redpack_scope::REDPACK_SCOPE_ORDER, |query_result| query_result.scope) }
}

/// The earliest time to follow the advice, in seconds since 1970 (UTC); 0 where none is given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_not_before(query_result: *const redpack_query_result) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, 0, |query_result| query_result.not_before) }
}

/// SENDING, SENT, FAILED, RECEIVED, RFUND_ING, REFUND, or one that nobody has seen; NULL where the order
/// was not found. Valid until the result is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_status(
    query_result: *const redpack_query_result,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, ptr::null(), |query_result| query_result.status.as_ptr()) }
}

/// Why it failed or is stuck, for people; mostly NULL. Valid until the result is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_reason(
    query_result: *const redpack_query_result,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, ptr::null(), |query_result| query_result.reason.as_ptr()) }
}

/// The number that the service gave the packet (微信单号); NULL where it was not told. Valid until the result
/// is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_detail_id(
    query_result: *const redpack_query_result,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, ptr::null(), |query_result| query_result.detail_id.as_ptr()) }
}

/// The amount in fen; 0 where it was not told.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_total_amount(query_result: *const redpack_query_result) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, 0, |query_result| query_result.total_amount) }
}

/// The amount that went back, in fen; 0 where none did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_refund_amount(
    query_result: *const redpack_query_result,
) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, 0, |query_result| query_result.refund_amount) }
}

/// When it was sent, in seconds since 1970 (UTC); 0 where it was not told.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_send_time(query_result: *const redpack_query_result) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, 0, |query_result| query_result.send_time) }
}

/// When the money went back, in seconds since 1970 (UTC); 0 where it did not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_refund_time(query_result: *const redpack_query_result) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, 0, |query_result| query_result.refund_time) }
}

/// How many people claimed it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_receiver_count(
    query_result: *const redpack_query_result,
) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, 0, |query_result| query_result.receiver_openids.len()) }
}

/// The openid of a person who claimed it; NULL where it was not told, and past the end. Valid until the
/// result is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_receiver_openid(
    query_result: *const redpack_query_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, ptr::null(), |query_result| text_at(&query_result.receiver_openids, index)) }
}

/// What this person got, in fen; 0 past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_receiver_amount(
    query_result: *const redpack_query_result,
    index: usize,
) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe {
        get(query_result, 0, |query_result| query_result.receiver_amounts.get(index).map_or(0, |at| at.0))
    }
}

/// When this person claimed it, in seconds since 1970 (UTC); 0 past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_receiver_time(
    query_result: *const redpack_query_result,
    index: usize,
) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe {
        get(query_result, 0, |query_result| query_result.receiver_amounts.get(index).map_or(0, |at| at.1))
    }
}

/// Every field as it came. Borrowed: never free it. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_query_result_answer(
    query_result: *const redpack_query_result,
) -> *const redpack_answer {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(query_result, ptr::null(), |query_result| lend(Some(&query_result.answer))) }
}
