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
    /// The money was paid.
    REDPACK_EVIDENCE_PAID = 0,
    /// It was paid, not claimed, and is back.
    REDPACK_EVIDENCE_REFUNDED = 1,
    /// It was not paid, and can't be any more. Closes the order.
    REDPACK_EVIDENCE_NOT_PAID = 2,
}

/// Makes attempts and queries of an order until its money question has an answer (sent, or closed) or the time
/// is over. Call it again with the same order at any time, from any process. It needs a journal.
///
/// It never makes a second order, never attempts one whose outcome is unknown before a query has said that
/// nothing is known of it, and never later than 3 days after the first attempt. The request may have an intent
/// (redpack_request_set_intent) instead of a number. It blocks for about "limit_ms" milliseconds at most, and an
/// attempt under way may finish; 60,000 is usual.
///
/// REDPACK_STATUS_OK means that the settlement can be read, not that the money was paid. It is yours: free it
/// with redpack_settlement_free.
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

/// Promises in the journal that the order is never attempted again, by anyone: then its settlement advises
/// REDPACK_ADVICE_NEW_ORDER_ALLOWED. Refused while the money may have moved, unless a query answered FAILED.
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

/// Records what an operator found out about an order that no machine can settle any more: the evidence (a value
/// of redpack_evidence), the number of the packet if it was paid and is known (else NULL), who decided, and why.
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

/// Settles, or explains, the orders that are open and due: at the start of a program and from time to time.
/// Several processes may do it at once; each order is one's. It takes about "limit_ms" milliseconds at most.
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

/// Asks what became of orders that were sent and are due for a look: claimed, or the money back? It takes about
/// "limit_ms" milliseconds at most.
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
