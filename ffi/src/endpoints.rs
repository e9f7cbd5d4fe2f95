//! The endpoints and the fields of their requests, for programs that check or show them.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::LazyLock;

use redpack::table::{ENDPOINTS, Field, Source};

use crate::boundary::infallible;
use crate::catalogue::{entry, list};

static NAMES: LazyLock<Vec<CString>> = LazyLock::new(|| list(ENDPOINTS.iter().map(|endpoint| endpoint.name)));
static PATHS: LazyLock<Vec<CString>> = LazyLock::new(|| list(ENDPOINTS.iter().map(|endpoint| endpoint.path)));
static FIELDS: LazyLock<Vec<Vec<CString>>> = LazyLock::new(|| {
    ENDPOINTS.iter().map(|endpoint| list(endpoint.fields.iter().map(|field| field.name))).collect()
});

/// The place of an endpoint in the table, by its name.
fn place(name: Option<&str>) -> Option<usize> {
    ENDPOINTS.iter().position(|endpoint| Some(endpoint.name) == name)
}

fn field(endpoint: Option<&str>, index: usize) -> Option<&'static Field> {
    ENDPOINTS[place(endpoint)?].fields.get(index)
}

/// How many endpoints redpack_request_new takes. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_endpoint_count() -> usize {
    infallible(0, || NAMES.len())
}

/// The name of one of them; NULL past the end. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_endpoint_name(index: usize) -> *const c_char {
    infallible(ptr::null(), || entry(&NAMES, index))
}

/// Its path below the host; NULL past the end. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_endpoint_path(index: usize) -> *const c_char {
    infallible(ptr::null(), || entry(&PATHS, index))
}

/// How many fields the requests of an endpoint have; 0 where there is no endpoint of that name. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_endpoint_field_count(endpoint: *const c_char) -> usize {
    infallible(0, || place(name!(endpoint)).map_or(0, |place| ENDPOINTS[place].fields.len()))
}

/// The name of one of those fields, in the order of their bytes; NULL past the end. Valid for ever. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_endpoint_field_name(endpoint: *const c_char, index: usize) -> *const c_char {
    infallible(ptr::null(), || {
        place(name!(endpoint)).map_or(ptr::null(), |place| entry(&FIELDS[place], index))
    })
}

/// The most bytes of UTF-8 that its value may have; 0 past the end. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_endpoint_field_max_bytes(endpoint: *const c_char, index: usize) -> usize {
    infallible(0, || field(name!(endpoint), index).map_or(0, |field| field.max_bytes))
}

/// Whether you must give it a value: all others are added, have defaults or may be left out. false past the end.
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_endpoint_field_required(endpoint: *const c_char, index: usize) -> bool {
    infallible(false, || field(name!(endpoint), index).is_some_and(|field| field.source == Source::Required))
}
