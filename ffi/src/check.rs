//! What an inspection of credentials and settings found.

use std::ffi::c_char;
use std::ptr;

use redpack::Check;

use crate::handle::{free, get};
use crate::text::{Text, text_at};

/// What an inspection of credentials and settings found, without touching the network. May be read by several
/// threads.
///
/// Methods: redpack_check_*.
pub struct redpack_check {
    mch_id: Text,
    base_url: Text,
    backup_url: Text,
    common_name: Text,
    serial_number: Text,
    not_before: i64,
    not_after: i64,
    days_left: i64,
    findings: Vec<Text>,
    sentences: Vec<Text>,
}

impl redpack_check {
    pub(crate) fn new(check: &Check) -> Self {
        Self {
            mch_id: Text::new(&*check.mch_id),
            base_url: Text::new(&*check.base_url),
            backup_url: Text::maybe(check.backup_url.as_deref()),
            common_name: Text::maybe(check.certificate.common_name.as_deref()),
            serial_number: Text::new(&*check.certificate.serial_number),
            not_before: check.certificate.not_before.unix_seconds(),
            not_after: check.certificate.not_after.unix_seconds(),
            days_left: check.days_left,
            findings: check.findings.iter().map(|finding| Text::new(finding.as_str())).collect(),
            sentences: check.findings.iter().map(|finding| Text::new(finding.as_text())).collect(),
        }
    }
}

/// Frees a check and all that was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_free(check: *mut redpack_check) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(check) };
}

/// The merchant number. Valid until the check is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_mch_id(check: *const redpack_check) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, ptr::null(), |check| check.mch_id.as_ptr()) }
}

/// Where requests go. Valid until the check is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_base_url(check: *const redpack_check) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, ptr::null(), |check| check.base_url.as_ptr()) }
}

/// Where they go when that host can't be reached; NULL for nowhere. Valid until the check is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_backup_url(check: *const redpack_check) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, ptr::null(), |check| check.backup_url.as_ptr()) }
}

/// The name in the certificate, which is the merchant number in those of WeChat; NULL where it has none.
/// Valid until the check is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_common_name(check: *const redpack_check) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, ptr::null(), |check| check.common_name.as_ptr()) }
}

/// The serial number of the certificate in upper-case hex, as the merchant platform shows it. Valid until
/// the check is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_serial_number(check: *const redpack_check) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, ptr::null(), |check| check.serial_number.as_ptr()) }
}

/// When the certificate begins to be valid, in seconds since 1970 (UTC).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_not_before(check: *const redpack_check) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, 0, |check| check.not_before) }
}

/// When it expires, in seconds since 1970 (UTC).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_not_after(check: *const redpack_check) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, 0, |check| check.not_after) }
}

/// Whole days until then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_days_left(check: *const redpack_check) -> i64 {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, 0, |check| check.days_left) }
}

/// How many things deserve a look.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_finding_count(check: *const redpack_check) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, 0, |check| check.findings.len()) }
}

/// One of them as a word: "expires_soon", "not_yet_valid", "unusual_name", "unusual_host", "unusual_appid";
/// NULL past the end. Valid until the check is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_finding(check: *const redpack_check, index: usize) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, ptr::null(), |check| text_at(&check.findings, index)) }
}

/// The same as a sentence for people; NULL past the end. Valid until the check is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_check_finding_text(
    check: *const redpack_check,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(check, ptr::null(), |check| text_at(&check.sentences, index)) }
}
