//! Names and values for the pure functions of the protocol.

use std::ffi::c_char;

use zeroize::Zeroizing;

use crate::boundary::boundary;
use crate::error::redpack_error;
use crate::handle::{free, get};
use crate::status::redpack_status;

/// Names and values, for signing and for writing XML. One thread fills it; then several may use it.
///
/// Methods: redpack_fields_*.
pub struct redpack_fields {
    fields: Vec<(String, Zeroizing<String>)>,
}

impl redpack_fields {
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (&**name, &***value))
    }
}

/// Begins an empty list of fields. It is yours: free it with redpack_fields_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_fields_new(
    fields: *mut *mut redpack_fields,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        output!(fields).give(redpack_fields { fields: Vec::new() });
        Ok(())
    })
}

/// Frees a list of fields. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_fields_free(fields: *mut redpack_fields) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(fields) };
}

/// Adds a field. Name and value are copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_fields_add(
    fields: *mut redpack_fields,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (fields, name, value) = (borrow_mut!(fields), text!(name), text!(value));
        fields.fields.push((name.to_owned(), Zeroizing::new(value.to_owned())));
        Ok(())
    })
}

/// How many fields there are. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_fields_count(fields: *const redpack_fields) -> usize {
    // SAFETY: the conventions demand NULL or a live handle.
    unsafe { get(fields, 0, |fields| fields.fields.len()) }
}
