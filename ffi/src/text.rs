//! Text and bytes across the border: checked on the way in, NUL-terminated once on the way out.

use std::ffi::{CStr, CString, c_char};
use std::fmt::Display;
use std::ptr;

use redpack::Timestamp;

use crate::boundary::Fault;
use crate::handle::{Output, free, get};

/// Text that a handle lends out, or none.
#[derive(Default)]
pub(crate) struct Text(Option<CString>);

impl Text {
    /// A NUL inside can't cross as text: what follows it is cut off. XML and our own texts have none.
    pub(crate) fn new(text: impl Into<Vec<u8>>) -> Self {
        let text = CString::new(text).or_else(|found| {
            let end = found.nul_position();
            let mut bytes = found.into_vec();
            bytes.truncate(end);
            CString::new(bytes)
        });
        Self(text.ok())
    }

    pub(crate) fn maybe(text: Option<impl AsRef<str>>) -> Self {
        text.map_or(Self(None), |text| Self::new(text.as_ref()))
    }

    pub(crate) fn shown(value: impl Display) -> Self {
        Self::new(value.to_string())
    }

    pub(crate) fn as_ptr(&self) -> *const c_char {
        self.0.as_ref().map_or(ptr::null(), |text| text.as_ptr())
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.0.as_ref().is_some_and(|text| text.as_bytes() == name.as_bytes())
    }
}

/// The entry at an index of a list of texts, or NULL.
pub(crate) fn text_at(list: &[Text], index: usize) -> *const c_char {
    list.get(index).map_or(ptr::null(), Text::as_ptr)
}

/// Seconds since 1970; 0 for none.
pub(crate) fn seconds(time: Option<Timestamp>) -> i64 {
    time.map_or(0, Timestamp::unix_seconds)
}

/// An amount of fen as a C integer: more than fits is the largest one.
pub(crate) fn fen(amount: Option<redpack::Fen>) -> i64 {
    amount.map_or(0, |amount| i64::try_from(amount.0).unwrap_or(i64::MAX))
}

/// # Safety
/// NULL, or NUL-terminated and unchanged for the lifetime.
pub(crate) unsafe fn text<'a>(pointer: *const c_char, name: &'static str) -> Result<&'a str, Fault> {
    // SAFETY: as demanded of the caller.
    unsafe { optional_text(pointer, name) }?.ok_or(Fault::Null(name))
}

/// # Safety
/// NULL, or NUL-terminated and unchanged for the lifetime.
pub(crate) unsafe fn optional_text<'a>(
    pointer: *const c_char,
    name: &'static str,
) -> Result<Option<&'a str>, Fault> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: as demanded of the caller, and not NULL.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().map(Some).map_err(|_| Fault::Utf8(name, text.count_bytes()))
}

/// # Safety
/// So many bytes can be read at the pointer and don't change for the lifetime.
pub(crate) unsafe fn bytes<'a>(
    pointer: *const u8,
    length: usize,
    name: &'static str,
) -> Result<&'a [u8], Fault> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(Fault::Null(name));
    }
    if isize::try_from(length).is_err() {
        return Err(Fault::argument(name, "is longer than any memory", length));
    }
    // SAFETY: as demanded of the caller; not NULL, and no longer than an object can be.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// Writes text and its NUL into a buffer of the caller's.
///
/// # Safety
/// `buffer` has room for `size` characters.
pub(crate) unsafe fn write(
    buffer: *mut c_char,
    size: usize,
    text: &str,
    name: &'static str,
) -> Result<(), Fault> {
    if buffer.is_null() {
        return Err(Fault::Null(name));
    }
    if text.len() >= size {
        return Err(Fault::argument(name, "is too small for the text", size));
    }
    // SAFETY: the text and its NUL fit, as was checked; the buffer has the size that the caller vouches for.
    unsafe { ptr::copy_nonoverlapping(text.as_ptr().cast::<c_char>(), buffer, text.len()) };
    // SAFETY: the same; this is the last character of it.
    let end = unsafe { buffer.add(text.len()) };
    // SAFETY: the same.
    unsafe { end.write(0) };
    Ok(())
}

/// A text that a function made.
///
/// Methods: redpack_text_free, redpack_text_data, redpack_text_length.
pub struct redpack_text {
    text: Text,
    length: usize,
}

impl redpack_text {
    pub(crate) fn give(place: Output<*mut Self>, text: &str) {
        place.give(Self { length: text.len(), text: Text::new(text) });
    }
}

/// Frees a text. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_text_free(text: *mut redpack_text) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(text) };
}

/// The text itself, NUL-terminated UTF-8, valid until the text is freed. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_text_data(text: *const redpack_text) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(text, ptr::null(), |text| text.text.as_ptr()) }
}

/// Its length in bytes, without the NUL. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_text_length(text: *const redpack_text) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(text, 0, |text| text.length) }
}
