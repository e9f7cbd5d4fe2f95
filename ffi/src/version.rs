//! Which library this is.

use std::ffi::c_char;

use crate::boundary::infallible;

/// The number that redpack_abi_version() returns.
pub const REDPACK_ABI_VERSION: u32 = 1;

/// The version of the library that is loaded, such as "0.1.0". Never NULL; valid for ever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_version() -> *const c_char {
    infallible(c"".as_ptr(), || concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast::<c_char>())
}

/// The number of the binary interface that is loaded. It changes when a program that was built against an
/// older header could no longer run; compare it with REDPACK_ABI_VERSION before all else if you load the
/// library at run time. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn redpack_abi_version() -> u32 {
    infallible(0, || REDPACK_ABI_VERSION)
}
