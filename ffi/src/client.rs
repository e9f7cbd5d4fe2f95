//! The client: one call, one wire send, one outcome.

use redpack::Client;

use crate::answer::redpack_answer;
use crate::boundary::boundary;
use crate::call::redpack_call;
use crate::check::redpack_check;
use crate::config::redpack_config;
use crate::error::redpack_error;
use crate::handle::free;
use crate::journal::redpack_journal;
use crate::observer::{Observer, observed};
use crate::query_result::redpack_query_result;
use crate::registry;
use crate::request::redpack_request;
use crate::send_result::redpack_send_result;
use crate::status::redpack_status;

/// Sends red packets for one merchant and asks what became of them.
///
/// Every call is exactly one request on the wire (settling, recovering and reconciling make several). It blocks
/// the calling thread, at most for the attempt limit, and starts no thread. One client serves any number of
/// threads at once, and connections are kept alive between calls. After fork, a child may use the client: it
/// opens connections of its own.
///
/// Methods: redpack_client_*.
pub struct redpack_client {
    pub(crate) client: Client,
    observer: Option<Observer>,
}

impl redpack_client {
    /// Every call that may reach for the network is made through here.
    pub(crate) fn call<R>(&self, call: impl FnOnce(&Client) -> R) -> R {
        observed(self.observer, || call(&self.client))
    }
}

const _: () = {
    const fn shared_between_threads<T: Send + Sync>() {}
    const fn moved_between_threads<T: Send>() {}
    shared_between_threads::<redpack_client>();
    shared_between_threads::<redpack_error>();
    shared_between_threads::<redpack_journal>();
    shared_between_threads::<redpack_send_result>();
    shared_between_threads::<redpack_query_result>();
    shared_between_threads::<redpack_answer>();
    shared_between_threads::<crate::settlement::redpack_settlement>();
    shared_between_threads::<crate::order::redpack_order>();
    moved_between_threads::<redpack_config>();
    moved_between_threads::<redpack_request>();
    moved_between_threads::<redpack_call>();
};

/// Makes a client: reads the credentials and checks everything, without a call to the service. Status
/// REDPACK_STATUS_SETUP says that something can't be used, and redpack_error_credential_fault what. With
/// redpack_config_set_journal_url it also opens the journal, which may wait 10 seconds or more for one that is
/// busy or far away; REDPACK_STATUS_JOURNAL says that it could not.
///
/// On success the client is yours: free it with redpack_client_free. The configuration stays yours.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_new(
    config: *const redpack_config,
    client: *mut *mut redpack_client,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, place) = (borrow!(config), output!(client));
        place.give(redpack_client { client: config.build()?, observer: config.observer });
        Ok(())
    })
}

/// A client that this process shares: the same settings give the same client, whose connections stay open when
/// its handles are freed. For hosts whose objects die with each request. Files are looked at anew, so that a
/// renewed certificate gives a new client. At most 64 clients are kept. The settings must have been set in the
/// same order to be the same. An attempt callback is no setting: it belongs to the handle, not to the client.
///
/// On success the handle is yours: free it with redpack_client_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_shared(
    config: *const redpack_config,
    client: *mut *mut redpack_client,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, place) = (borrow!(config), output!(client));
        place.give(redpack_client { client: registry::shared(config)?, observer: config.observer });
        Ok(())
    })
}

/// Frees a client. NULL is fine. No call may be under way in it. Its connections are closed unless it is shared.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_free(client: *mut redpack_client) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(client) };
}

/// Sends a red packet: exactly one request of the endpoints sendredpack, sendminiprogramhb or sendworkwxredpack.
///
/// REDPACK_STATUS_OK means sent. Any other status: read outcome and advice of the error. Only
/// REDPACK_ADVICE_NEW_ORDER_ALLOWED permits a new order, and a send says so only of an order that the journal has
/// as closed; keep the mch_billno.
///
/// With a journal, an order that was sent before gives its record (redpack_send_result_recorded), and nothing is
/// sent; one that somebody works on is waited for, at most for the attempt limit; one whose state permits no
/// attempt is refused with what is known of it, kind "not_permitted". The fields go out as the order was first
/// prepared (redpack_client_amend). A send never stops the merchant's queue: see REDPACK_SCOPE_MERCHANT.
///
/// On success the result is yours: free it with redpack_send_result_free. The request stays yours.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_send(
    client: *const redpack_client,
    request: *const redpack_request,
    result: *mut *mut redpack_send_result,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, request, place) = (borrow!(client), borrow!(request), output!(result));
        let sent = client.call(|client| client.send_request(&request.request))?;
        place.give(redpack_send_result::new(&sent));
        Ok(())
    })
}

/// Asks what became of an order, at most 30 days after it was sent: a request of the endpoints gethbinfo or
/// queryworkwxredpack. REDPACK_STATUS_OK means that the service answered, not that the money was paid: read
/// outcome and advice of the result.
///
/// A query that fails says nothing of the order: its outcome is unknown and its advice
/// REDPACK_ADVICE_QUERY_FIRST, also of an order that was sent or is closed, and also after SIGN_ERROR. Only where
/// request or set-up must be corrected first, the advice says that.
///
/// With a journal, what is told is written down, outcome and advice of the result are those of the order, and an
/// order that the service says FAILED of is closed. Of an order that the journal doesn't have, FAILED gives
/// REDPACK_ADVICE_ASK_OPERATOR: nobody knows who else sends it. While somebody else works on the order the query
/// is refused without a request, and the error tells the order's state (kind "not_permitted").
///
/// On success the result is yours: free it with redpack_query_result_free. The request stays yours.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_query(
    client: *const redpack_client,
    request: *const redpack_request,
    result: *mut *mut redpack_query_result,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, request, place) = (borrow!(client), borrow!(request), output!(result));
        let told = client.call(|client| client.query_request(&request.request))?;
        place.give(redpack_query_result::new(&told));
        Ok(())
    })
}

/// Calls any other v2 endpoint, under the rules of a send, and gives its fields as they came.
///
/// On success the answer is yours: free it with redpack_answer_free. The call stays yours.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_call(
    client: *const redpack_client,
    call: *const redpack_call,
    answer: *mut *mut redpack_answer,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, call, place) = (borrow!(client), borrow!(call), output!(answer));
        let answered = client.call(|client| client.call(&call.call))?;
        place.give(redpack_answer::new(answered.root()));
        Ok(())
    })
}

/// Inspects credentials and settings without touching the network: when the certificate expires, and what
/// deserves a look.
///
/// On success the check is yours: free it with redpack_check_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_check(
    client: *const redpack_client,
    check: *mut *mut redpack_check,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, place) = (borrow!(client), output!(check));
        place.give(redpack_check::new(&client.client.check()));
        Ok(())
    })
}

/// The journal of the client; "*journal" is NULL, and the status OK, where it has none.
///
/// The handle is yours: free it with redpack_journal_free. The client keeps the journal itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_journal(
    client: *const redpack_client,
    journal: *mut *mut redpack_journal,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, place) = (borrow!(client), output!(journal));
        match client.client.journal() {
            Some(journal) => place.give(redpack_journal { journal: journal.clone() }),
            None => place.give_none(),
        }
        Ok(())
    })
}
