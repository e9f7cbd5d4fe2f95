//! The journal: a merchant's queue, its limits, and a copy that was restored.

use std::ffi::c_char;
use std::time::Duration;

use redpack::journal::Moment;

use crate::boundary::boundary;
use crate::error::redpack_error;
use crate::handle::Output;
use crate::journal::redpack_journal;
use crate::status::redpack_status;
use crate::text::{fen, redpack_text, seconds};

/// Stops the queue of a merchant: for so many milliseconds, or (0) until it is resumed, nobody who shares the
/// journal begins an attempt. A send is then refused with kind "held_back" and the end of the stop as its
/// not-before; a settlement ends. Queries, closing and resolving go on, and an attempt under way finishes.
/// Settling and recovering stop the queue by themselves, for a minute (after FREQ_LIMIT for 2 seconds), where an
/// answer concerns every order of the merchant; a send does not.
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

/// Why the queue of a merchant is stopped, and until when: "*reason" is NULL, and the status OK, where it is not.
/// "*until" is in seconds since 1970 (UTC), 0 for until it is resumed; "until" may be NULL.
///
/// A reason is yours: free it with redpack_text_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_pause_reason(
    journal: *const redpack_journal,
    mch_id: *const c_char,
    until: *mut i64,
    reason: *mut *mut redpack_text,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, mch_id, place) = (borrow!(journal), text!(mch_id), output!(reason));
        let pause = journal.journal.paused(mch_id)?;
        if let Ok(until) = Output::new(until, "until") {
            until.set(seconds(pause.as_ref().and_then(|pause| pause.until).map(Moment::timestamp)));
        }
        match pause {
            Some(pause) => redpack_text::give(place, &pause.reason),
            None => place.give_none(),
        }
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

/// What gave an old copy away, for people; "*evidence" is NULL, and the status OK, where nothing did.
///
/// A text is yours: free it with redpack_text_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_journal_suspicion(
    journal: *const redpack_journal,
    evidence: *mut *mut redpack_text,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (journal, place) = (borrow!(journal), output!(evidence));
        match journal.journal.restore()? {
            Some(restore) => redpack_text::give(place, &restore.evidence),
            None => place.give_none(),
        }
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
