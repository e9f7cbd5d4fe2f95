//! Money safety: with a journal, orders are settled, closed, recovered and followed to their end.

use std::ffi::c_char;
use std::time::Duration;

use redpack::journal::Evidence;

use crate::boundary::{Fault, boundary};
use crate::client::redpack_client;
use crate::error::redpack_error;
use crate::reconciled::redpack_reconciled;
use crate::recovered::redpack_recovered;
use crate::request::redpack_request;
use crate::settlement::redpack_settlement;
use crate::status::redpack_status;

/// What an operator found out, outside of this program.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "C reads these numbers")]
pub enum redpack_evidence {
    /// The money was paid. It is believed at any time.
    REDPACK_EVIDENCE_PAID = 0,
    /// It was paid, not claimed, and is back. The outcome is then REDPACK_OUTCOME_SENT, because the money left:
    /// whether you pay again is your decision, under a new intent. It is believed at any time.
    REDPACK_EVIDENCE_REFUNDED = 1,
    /// It was not paid, and can't be any more. It closes the order, and is refused while the service may still
    /// pay: in the 3 days after the first attempt, unless the order is "manual" already.
    REDPACK_EVIDENCE_NOT_PAID = 2,
}

/// Pays an order: writes it into the journal, makes the first attempt, and then attempts and queries until it is
/// known whether the order was paid (it is sent, or closed), or the time is over. No send is needed before. Call
/// it again with the same order at any time, from any process. It needs a journal.
///
/// It never makes a second order, makes no attempt where the advice is REDPACK_ADVICE_QUERY_FIRST before a query
/// was answered, and none later than 3 days after the first one. The request may have an intent
/// (redpack_request_set_intent) instead of a number. It blocks for about "limit_ms" milliseconds at most, and an
/// attempt under way may finish; 60,000 is usual. It returns at once where the next step is not due within the
/// limit (then redpack_settlement_look_again says when), and where you must do something first: see the advice.
/// After NOTENOUGH and its like it stops the merchant's queue for a minute (redpack_journal_pause).
///
/// REDPACK_STATUS_OK means that the settlement can be read, not that the money was paid: read its outcome and
/// advice. It is yours: free it with redpack_settlement_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_settle(
    client: *const redpack_client,
    request: *const redpack_request,
    limit_ms: u64,
    settlement: *mut *mut redpack_settlement,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, request, place) = (borrow!(client), borrow!(request), output!(settlement));
        let limit = Duration::from_millis(limit_ms);
        let settled = client.call(|client| client.settle(request.request.clone(), limit))?;
        place.give(redpack_settlement::new(&settled));
        Ok(())
    })
}

/// The same for an order that is in the journal, by its number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_settle_number(
    client: *const redpack_client,
    mch_billno: *const c_char,
    limit_ms: u64,
    settlement: *mut *mut redpack_settlement,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, place) = (borrow!(client), output!(settlement));
        let (number, limit) = (text!(mch_billno), Duration::from_millis(limit_ms));
        let settled = client.call(|client| client.settle_number(number, limit))?;
        place.give(redpack_settlement::new(&settled));
        Ok(())
    })
}

/// Gives an order that is in the journal the other fields of this request: wishing, remark, scene_id and so on.
/// That is how REDPACK_ADVICE_FIX_ORDER is followed with a journal; then send or settle the order again. It is
/// found by the number or the intent of the request, and prepared if it isn't there yet. Nothing is sent. It
/// needs a journal.
///
/// Refused with kind "order_conflict" where a field differs that never changes: endpoint, re_openid,
/// total_amount, wxappid, sub_mch_id, consume_mch_id. Then close the order, and make a new one under a new
/// intent. Refused with kind "not_permitted" where the order was sent or closed, somebody works on it, or the
/// service may hold it as it was.
///
/// On success the settlement is yours: free it with redpack_settlement_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_amend(
    client: *const redpack_client,
    request: *const redpack_request,
    settlement: *mut *mut redpack_settlement,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, request, place) = (borrow!(client), borrow!(request), output!(settlement));
        let amended = client.call(|client| client.amend(request.request.clone()))?;
        place.give(redpack_settlement::new(&amended));
        Ok(())
    })
}

/// Promises in the journal that the order is never attempted again, by anyone: then its settlement advises
/// REDPACK_ADVICE_NEW_ORDER_ALLOWED. An order that was rejected or not sent stays open until it is sent, or
/// closed by this; it may be closed at once, redpack_error_not_before doesn't matter. An order that is closed
/// already is OK.
///
/// Refused with kind "not_permitted", and status REDPACK_STATUS_PENDING or REDPACK_STATUS_UNKNOWN, while the
/// order may still be paid: it was sent, is under way, is pending, or an attempt of it may have moved money.
/// Redpack closes an order by itself when a query answers FAILED.
///
/// On success the settlement is yours: free it with redpack_settlement_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_close(
    client: *const redpack_client,
    mch_billno: *const c_char,
    settlement: *mut *mut redpack_settlement,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, place) = (borrow!(client), output!(settlement));
        let number = text!(mch_billno);
        place.give(redpack_settlement::new(&client.call(|client| client.close(number))?));
        Ok(())
    })
}

/// Records what an operator found out in the merchant console about an order: the evidence (a value of
/// redpack_evidence), the number of the packet if it was paid and is known (else NULL), who decided, and why;
/// neither may be empty.
///
/// It is for orders in the states "manual", "unknown" and "pending". One that is "rejected" can be resolved as
/// paid or refunded only: redpack_client_close closes it. Orders in other states are refused, and one that
/// somebody works on, with kind "not_permitted".
///
/// On success the settlement is yours: free it with redpack_settlement_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_resolve(
    client: *const redpack_client,
    mch_billno: *const c_char,
    evidence: i32,
    send_listid: *const c_char,
    who: *const c_char,
    why: *const c_char,
    settlement: *mut *mut redpack_settlement,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, place) = (borrow!(client), output!(settlement));
        let send_listid = optional_text!(send_listid).map(str::to_owned);
        let evidence = match evidence {
            0 => Evidence::Paid { send_listid },
            1 => Evidence::Refunded,
            2 => Evidence::NotPaid,
            _ => return Err(Fault::argument("evidence", "is no value of redpack_evidence", 0)),
        };
        let (mch_billno, who, why) = (text!(mch_billno), text!(who), text!(why));
        let resolved = client.call(|client| client.resolve(mch_billno, &evidence, who, why))?;
        place.give(redpack_settlement::new(&resolved));
        Ok(())
    })
}

/// Settles, or explains, the orders that were attempted, are open, and are due now: at the start of a program and
/// from time to time. redpack_recovered_waiting and redpack_recovered_next_due tell what is left. Several
/// processes may do it at once; each order is worked on by one. It takes about "limit_ms" milliseconds at most.
///
/// It leaves alone what nobody attempted (state "prepared": settle it again, or close it) and what was refused
/// and waits for you (state "rejected"). redpack_journal_list lists them; "sending", "pending", "unknown" and
/// "manual" are the other states of open orders.
///
/// On success the recovery is yours: free it with redpack_recovered_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_recover(
    client: *const redpack_client,
    limit_ms: u64,
    recovered: *mut *mut redpack_recovered,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, place) = (borrow!(client), output!(recovered));
        let limit = Duration::from_millis(limit_ms);
        place.give(redpack_recovered::new(&client.call(|client| client.recover(limit))?));
        Ok(())
    })
}

/// Asks what became of orders that were sent and are due for a look: claimed, or the money back? Once a day is
/// enough: an order is first looked at a day after it was sent. It takes about "limit_ms" milliseconds at most.
///
/// On success the reconciliation is yours: free it with redpack_reconciled_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_reconcile(
    client: *const redpack_client,
    limit_ms: u64,
    reconciled: *mut *mut redpack_reconciled,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, place) = (borrow!(client), output!(reconciled));
        let limit = Duration::from_millis(limit_ms);
        place.give(redpack_reconciled::new(&client.call(|client| client.reconcile(limit))?));
        Ok(())
    })
}
