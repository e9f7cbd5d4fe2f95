//! An answer's fields as they came.

use std::ffi::c_char;
use std::ptr;

use redpack::xml::Element;

use crate::boundary::infallible;
use crate::handle::{free, get};
use crate::text::Text;

/// The fields of an answer as they came, in the order of the document. A field is text, or has fields in it.
/// May be read by several threads.
///
/// Methods: redpack_answer_*.
pub struct redpack_answer {
    name: Text,
    /// Without the blanks round it.
    value: Text,
    /// As it came, where that differs.
    raw: Option<Text>,
    fields: Vec<redpack_answer>,
}

impl redpack_answer {
    pub(crate) fn new(element: &Element) -> Self {
        let (raw, value) = (&*element.text, element.text.trim());
        Self {
            name: Text::new(&*element.name),
            value: Text::new(value),
            raw: (raw.len() != value.len()).then(|| Text::new(raw)),
            fields: element.children.iter().map(Self::new).collect(),
        }
    }

    fn raw(&self) -> &Text {
        self.raw.as_ref().unwrap_or(&self.value)
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
    infallible(ptr::null(), || {
        let Some(name) = name!(name) else { return ptr::null() };
        // SAFETY: the conventions demand NULL or a live handle.
        let answer = unsafe { answer.as_ref() };
        let found = answer.and_then(|answer| answer.fields.iter().find(|field| field.name.is(name)));
        found.filter(|field| !field.value.is("")).map_or(ptr::null(), |field| field.value.as_ptr())
    })
}

/// The name of the element whose fields these are: "xml" of a whole answer, "hblist" of that child. Valid until
/// the answer is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_answer_element_name(answer: *const redpack_answer) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(answer, ptr::null(), |answer| answer.name.as_ptr()) }
}

/// The text of that element itself, exact: of one that has fields, the blanks between them. NULL for NULL. Valid
/// until the answer is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_answer_element_text(answer: *const redpack_answer) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(answer, ptr::null(), |answer| answer.raw().as_ptr()) }
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

/// The text of a field exactly as it came, blanks and line breaks round it too; NULL past the end. Valid until the
/// answer is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_answer_raw_value(
    answer: *const redpack_answer,
    index: usize,
) -> *const c_char {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe {
        get(answer, ptr::null(), |answer| {
            answer.fields.get(index).map_or(ptr::null(), |field| field.raw().as_ptr())
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
