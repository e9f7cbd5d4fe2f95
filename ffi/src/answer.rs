//! An answer's fields as they came.

use std::ffi::{CStr, c_char};
use std::ptr;

use redpack::xml::Element;

use crate::handle::{free, get};
use crate::text::Text;

/// The fields of an answer as they came, in the order of the document. A field is text, or has fields in it.
/// May be read by several threads.
///
/// Methods: redpack_answer_*.
pub struct redpack_answer {
    name: Text,
    value: Text,
    fields: Vec<redpack_answer>,
}

impl redpack_answer {
    pub(crate) fn new(element: &Element) -> Self {
        Self {
            name: Text::new(&*element.name),
            value: Text::new(element.text.trim()),
            fields: element.children.iter().map(Self::new).collect(),
        }
    }
}

/// Frees an answer. Only one that a function gave you: never one that a getter lent. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_answer_free(answer: *mut redpack_answer) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(answer) };
}

/// The text of the first field of that name, without the blanks round it; NULL where it is missing or empty.
/// Valid until the answer is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_answer_text(
    answer: *const redpack_answer,
    name: *const c_char,
) -> *const c_char {
    if name.is_null() {
        return ptr::null();
    }
    // SAFETY: not NULL, and the conventions demand a NUL-terminated text that stays for the call.
    let name = unsafe { CStr::from_ptr(name) };
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe {
        get(answer, ptr::null(), |answer| {
            let Ok(name) = name.to_str() else { return ptr::null() };
            let found = answer.fields.iter().find(|field| field.name.is(name));
            found.filter(|field| !field.value.is("")).map_or(ptr::null(), |field| field.value.as_ptr())
        })
    }
}

/// How many fields it has. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_answer_count(answer: *const redpack_answer) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(answer, 0, |answer| answer.fields.len()) }
}

/// The name of a field; NULL past the end. Valid until the answer is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_answer_name(answer: *const redpack_answer, index: usize) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe {
        get(answer, ptr::null(), |answer| {
            answer.fields.get(index).map_or(ptr::null(), |field| field.name.as_ptr())
        })
    }
}

/// The text of a field without the blanks round it, which may be empty; NULL past the end. Valid until the
/// answer is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_answer_value(answer: *const redpack_answer, index: usize) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe {
        get(answer, ptr::null(), |answer| {
            answer.fields.get(index).map_or(ptr::null(), |field| field.value.as_ptr())
        })
    }
}

/// A field that has fields in it, such as hblist; NULL for text and past the end. Borrowed: never free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_answer_child(
    answer: *const redpack_answer,
    index: usize,
) -> *const redpack_answer {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe {
        get(answer, ptr::null(), |answer| {
            answer
                .fields
                .get(index)
                .filter(|field| !field.fields.is_empty())
                .map_or(ptr::null(), ptr::from_ref)
        })
    }
}
