//! An order as the journal has it.

use std::ffi::c_char;
use std::ptr;

use redpack::Settlement;
use redpack::journal::{Moment, Order};

use crate::boundary::infallible;
use crate::handle::{free, get};
use crate::status::{redpack_advice, redpack_outcome, redpack_scope};
use crate::text::{Text, seconds};

/// An order as the journal has it. May be read by several threads.
///
/// Methods: redpack_order_*.
pub struct redpack_order {
    mch_id: Text,
    mch_billno: Text,
    intent: Text,
    state: Text,
    outcome: redpack_outcome,
    settled: bool,
    ambiguous: bool,
    advice: redpack_advice,
    scope: redpack_scope,
    queried_at: i64,
    err_code: Text,
    send_listid: Text,
    query_status: Text,
    total_amount: i64,
    attempts: u32,
    queries: u32,
    created_at: i64,
    updated_at: i64,
    first_attempt_at: i64,
    not_before: i64,
    seq: i64,
    fields: Vec<(String, Text)>,
}

impl redpack_order {
    pub(crate) fn new(order: &Order) -> Self {
        let Settlement { advice, scope, .. } = Settlement::of(order.clone());
        let time = |moment: Option<Moment>| seconds(moment.map(Moment::timestamp));
        let identity = &order.identity;
        let mut fields: Vec<(String, Text)> =
            order.fields.iter().map(|(name, value)| (name.clone(), Text::new(&**value))).collect();
        for (name, value) in [
            ("kind", identity.kind.clone()),
            ("sub_mch_id", identity.sub_mch_id.clone()),
            ("wxappid", identity.wxappid.clone()),
            ("re_openid", identity.re_openid.clone()),
            ("total_amount", identity.total_amount.to_string()),
            ("total_num", identity.total_num.to_string()),
            ("consume_mch_id", identity.consume_mch_id.clone()),
        ] {
            if !value.is_empty() {
                fields.push((name.to_owned(), Text::new(value)));
            }
        }
        Self {
            mch_id: Text::new(&*order.id.mch_id),
            mch_billno: Text::new(&*order.id.mch_billno),
            intent: Text::maybe(order.intent.as_deref()),
            state: Text::new(order.state.as_str()),
            outcome: order.outcome().into(),
            settled: order.state.is_settled(),
            ambiguous: order.ambiguous,
            advice: advice.into(),
            scope: scope.into(),
            queried_at: time(order.queried_at),
            err_code: Text::maybe(order.err_code.as_deref()),
            send_listid: Text::maybe(order.send_listid.as_deref()),
            query_status: Text::maybe(order.query_status.as_deref()),
            total_amount: i64::try_from(identity.total_amount).unwrap_or(i64::MAX),
            attempts: order.attempts,
            queries: order.queries,
            created_at: time(Some(order.created_at)),
            updated_at: time(Some(order.updated_at)),
            first_attempt_at: time(order.first_attempt_at),
            not_before: time(order.not_before),
            seq: order.seq,
            fields,
        }
    }
}

/// Frees an order and all that was borrowed from it. Only one that a function gave you: never one that a
/// getter lent. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_free(order: *mut redpack_order) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(order) };
}

/// The merchant number. Valid until the order is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_mch_id(order: *const redpack_order) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, ptr::null(), |order| order.mch_id.as_ptr()) }
}

/// The order number. Valid until the order is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_mch_billno(order: *const redpack_order) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, ptr::null(), |order| order.mch_billno.as_ptr()) }
}

/// Your own name of the payment; NULL where you gave none. Valid until the order is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_intent(order: *const redpack_order) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, ptr::null(), |order| order.intent.as_ptr()) }
}

/// Where it stands, as a word. Open: "prepared" (nothing of it can have left), "sending" (an attempt is under
/// way, or its program died), "rejected", "pending", "unknown", "manual" (29 days have passed, or answers
/// contradict each other: an operator must look). Sent: "sent" (not seen claimed), "received" (claimed),
/// "refunding" and "refunded" (the money goes back, or is back). Failed for good: "closed". Valid until the order
/// is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_state(order: *const redpack_order) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, ptr::null(), |order| order.state.as_ptr()) }
}

/// What is known of its money.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_outcome(order: *const redpack_order) -> redpack_outcome {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, redpack_outcome::REDPACK_OUTCOME_NONE, |order| order.outcome) }
}

/// Whether it is known for good whether the order was paid: it was sent, or it is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_settled(order: *const redpack_order) -> bool {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, false, |order| order.settled) }
}

/// Whether an attempt may have moved money and no query has said otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_ambiguous(order: *const redpack_order) -> bool {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, false, |order| order.ambiguous) }
}

/// The amount in fen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_total_amount(order: *const redpack_order) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, 0, |order| order.total_amount) }
}

/// What to do next with it, as a settlement of it would say. REDPACK_ADVICE_ASK_OPERATOR for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_advice(order: *const redpack_order) -> redpack_advice {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, redpack_advice::REDPACK_ADVICE_ASK_OPERATOR, |order| order.advice) }
}

/// Whom else that concerns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_scope(order: *const redpack_order) -> redpack_scope {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, redpack_scope::REDPACK_SCOPE_ORDER, |order| order.scope) }
}

/// When a query was last answered, in seconds since 1970 (UTC); 0 where none was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_queried_at(order: *const redpack_order) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, 0, |order| order.queried_at) }
}

/// The err_code of the last attempt or of a query that was refused; NULL where there was none. Valid until the
/// order is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_err_code(order: *const redpack_order) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, ptr::null(), |order| order.err_code.as_ptr()) }
}

/// The number that the service gave the packet (微信单号); NULL while it is not known. Valid until the order is
/// freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_send_listid(order: *const redpack_order) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, ptr::null(), |order| order.send_listid.as_ptr()) }
}

/// The last status that a query told; NULL where none did. Valid until the order is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_query_status(order: *const redpack_order) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, ptr::null(), |order| order.query_status.as_ptr()) }
}

/// How many attempts were begun.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_attempts(order: *const redpack_order) -> u32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, 0, |order| order.attempts) }
}

/// How many queries were answered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_queries(order: *const redpack_order) -> u32 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, 0, |order| order.queries) }
}

/// When it was prepared, in seconds since 1970 (UTC).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_created_at(order: *const redpack_order) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, 0, |order| order.created_at) }
}

/// When it changed last, in seconds since 1970 (UTC).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_updated_at(order: *const redpack_order) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, 0, |order| order.updated_at) }
}

/// When the first attempt began that may have reached the service, in seconds since 1970 (UTC); 0 where
/// none did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_first_attempt_at(order: *const redpack_order) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, 0, |order| order.first_attempt_at) }
}

/// No attempt or query before this, in seconds since 1970 (UTC); 0 for at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_not_before(order: *const redpack_order) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, 0, |order| order.not_before) }
}

/// Its place in the order of preparation: the cursor of redpack_journal_list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_seq(order: *const redpack_order) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(order, 0, |order| order.seq) }
}

/// A field of the order by its wire name (re_openid, wishing, act_name …; "kind" is the endpoint); NULL where it
/// has none. Valid until the order is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_order_field(
    order: *const redpack_order,
    name: *const c_char,
) -> *const c_char {
    infallible(ptr::null(), || {
        let Some(name) = name!(name) else { return ptr::null() };
        // SAFETY: the conventions demand NULL or a live handle.
        let order = unsafe { order.as_ref() };
        let found = order.and_then(|order| order.fields.iter().find(|(of, _)| of == name));
        found.map_or(ptr::null(), |(_, value)| value.as_ptr())
    })
}
