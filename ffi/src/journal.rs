//! The journal: what it has of orders.

use std::ffi::c_char;
use std::sync::Arc;

use redpack::journal::{Journal, List, Order, OrderId, State};

use crate::boundary::{Fault, boundary};
use crate::error::redpack_error;
use crate::handle::{Output, free};
use crate::order::redpack_order;
use crate::order_list::{redpack_attempts, redpack_orders};
use crate::status::redpack_status;

/// A journal of orders, which survives crashes: with one, no order is paid twice and no outcome is lost. It may be
/// used by any number of threads and, after fork, by the child.
///
/// Methods: redpack_journal_*.
pub struct redpack_journal {
    pub(crate) journal: Arc<dyn Journal>,
}

fn tell(place: Output<*mut redpack_order>, order: Option<&Order>) {
    match order {
        Some(order) => place.give(redpack_order::new(order)),
        None => place.give_none(),
    }
}

/// Opens a journal by its URL, and makes or migrates it where needed: "sqlite:PATH" for the processes of one
/// host, or "postgresql://USER:PASSWORD@HOST/DATABASE", one database for several hosts. No error shows the URL.
/// It may wait 10 seconds or more for a journal that is busy or far away.
///
/// With SQLite, the journal is PATH and all files beside it whose names begin with PATH. PATH alone is no copy of
/// it: the newest orders may be in another file. To back it up, stop all programs that use it and copy all these
/// files together, or make a copy with "sqlite3 PATH '.backup COPY'". A copy that is put back knows nothing of
/// later payments: redpack_journal_suspected.
///
/// A PATH where nothing is gives an EMPTY journal, which would pay everything again. Give an absolute path, make
/// the journal once, and open it with "sqlite:PATH?create=no" from then on: then a path without a journal is an
/// error. A folder is never made.
///
/// On success the journal is yours: free it with redpack_journal_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_open(
    url: *const c_char,
    journal: *mut *mut redpack_journal,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (url, place) = (text!(url), output!(journal));
        place.give(redpack_journal { journal: redpack::journal::open(url)? });
        Ok(())
    })
}

/// Frees a handle of a journal. NULL is fine. Clients that share the journal keep it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_free(journal: *mut redpack_journal) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(journal) };
}

/// An order by its number; "*order" is NULL, and the status OK, where there is none.
///
/// An order is yours: free it with redpack_order_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_order(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    mch_billno: *const c_char,
    order: *mut *mut redpack_order,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, place) = (borrow!(journal), output!(order));
        let id = OrderId::new(text!(mch_id), text!(mch_billno));
        tell(place, journal.journal.order(&id)?.as_ref());
        Ok(())
    })
}

/// An order by your own name of the payment; "*order" is NULL, and the status OK, where there is none.
///
/// An order is yours: free it with redpack_order_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_order_of_intent(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    intent: *const c_char,
    order: *mut *mut redpack_order,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, place) = (borrow!(journal), output!(order));
        tell(place, journal.journal.order_of_intent(text!(mch_id), text!(intent))?.as_ref());
        Ok(())
    })
}

/// A page of orders in the order of their preparation: of one merchant (NULL: all), in one state (NULL: all; see
/// redpack_order_state), after the one with that redpack_order_seq (0: from the first), at most "limit" of them.
///
/// On success the page is yours: free it with redpack_orders_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_list(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    state: *const c_char,
    after: i64,
    limit: u32,
    orders: *mut *mut redpack_orders,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, place) = (borrow!(journal), output!(orders));
        let state = match optional_text!(state) {
            Some(word) => Some(
                State::from_word(word)
                    .ok_or_else(|| Fault::argument("state", "is no state of an order", word.len()))?,
            ),
            None => None,
        };
        let list = List { mch_id: optional_text!(mch_id).map(str::to_owned), state, after, limit };
        place.give(redpack_orders::new(&journal.journal.list(&list)?));
        Ok(())
    })
}

/// The attempts of an order, first to last; none where there is no such order.
///
/// On success the list is yours: free it with redpack_attempts_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_attempts(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    mch_billno: *const c_char,
    attempts: *mut *mut redpack_attempts,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, place) = (borrow!(journal), output!(attempts));
        let id = OrderId::new(text!(mch_id), text!(mch_billno));
        place.give(redpack_attempts::new(&journal.journal.attempts(&id)?));
        Ok(())
    })
}
