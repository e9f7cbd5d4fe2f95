//! The journal: a merchant's queue, its limits, and a copy that was restored.

use std::ffi::c_char;
use std::time::Duration;

use crate::boundary::boundary;
use crate::error::redpack_error;
use crate::journal::redpack_journal;
use crate::status::redpack_status;
use crate::text::fen;

/// Stops the queue of a merchant: no attempt is begun for so many milliseconds, or (0) until it is resumed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_pause(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    length_ms: u64,
    reason: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, mch_id, reason) = (borrow!(journal), text!(mch_id), text!(reason));
        let length = (length_ms > 0).then(|| Duration::from_millis(length_ms));
        Ok(journal.journal.pause(mch_id, length, reason)?)
    })
}

/// Lets the queue of a merchant go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_resume(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, mch_id) = (borrow!(journal), text!(mch_id));
        Ok(journal.journal.resume(mch_id)?)
    })
}

/// Whether the queue of a merchant is stopped now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_paused(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    paused: *mut bool,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, mch_id, place) = (borrow!(journal), text!(mch_id), output!(paused));
        place.set(journal.journal.paused(mch_id)?.is_some());
        Ok(())
    })
}

/// The fen that are counted today for a merchant, or for one recipient of it (NULL: all). Only attempts of clients
/// with caps count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_spent_today(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    re_openid: *const c_char,
    spent: *mut i64,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, mch_id, place) = (borrow!(journal), text!(mch_id), output!(spent));
        let recipient = optional_text!(re_openid);
        place.set(fen(Some(journal.journal.spent_today(mch_id, recipient)?)));
        Ok(())
    })
}

/// Whether the journal may be an old copy (a restored backup): then orders that were in it are queried before
/// anything else, and new payments by intent wait for redpack_journal_accept_restore.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_suspected(
    journal: *const redpack_journal,
    suspected: *mut bool,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, place) = (borrow!(journal), output!(suspected));
        place.set(journal.journal.restore()?.is_some());
        Ok(())
    })
}

/// The word of an operator (who, and why) that what the old copy lost has been dealt with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_accept_restore(
    journal: *const redpack_journal,
    who: *const c_char,
    why: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, who, why) = (borrow!(journal), text!(who), text!(why));
        Ok(journal.journal.accept_restore(who, why)?)
    })
}
