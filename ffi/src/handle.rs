//! Opaque handles: from a pointer to a reference and back, NULL told from all else.

use crate::boundary::{Fault, infallible};

/// A shared reference to what a `const` handle points to; NULL is a fault that names the argument.
macro_rules! borrow {
    ($pointer:ident) => {{
        // SAFETY: the conventions demand NULL or a live handle of this type.
        unsafe { $crate::handle::borrow($pointer, stringify!($pointer)) }?
    }};
}

/// The same for a handle that the function changes.
macro_rules! borrow_mut {
    ($pointer:ident) => {{
        // SAFETY: the conventions demand NULL or a live handle of this type that no other thread uses.
        unsafe { $crate::handle::borrow_mut($pointer, stringify!($pointer)) }?
    }};
}

/// A place to write a result to, found to be there before anything is done.
macro_rules! output {
    ($pointer:ident) => {
        $crate::handle::Output::new($pointer, stringify!($pointer))?
    };
}

/// Required text.
macro_rules! text {
    ($pointer:ident) => {{
        // SAFETY: the conventions demand NULL or a NUL-terminated text that stays for the call.
        unsafe { $crate::text::text($pointer, stringify!($pointer)) }?
    }};
}

/// Text that may be NULL.
macro_rules! optional_text {
    ($pointer:ident) => {{
        // SAFETY: the conventions demand NULL or a NUL-terminated text that stays for the call.
        unsafe { $crate::text::optional_text($pointer, stringify!($pointer)) }?
    }};
}

/// Text that a getter is asked for by: NULL and what is no UTF-8 name nothing.
macro_rules! name {
    ($pointer:ident) => {{
        // SAFETY: the conventions demand NULL or a NUL-terminated text that stays for the call.
        unsafe { $crate::text::optional_text($pointer, stringify!($pointer)) }.ok().flatten()
    }};
}

/// Bytes; any pointer will do with length 0.
macro_rules! bytes {
    ($pointer:ident, $length:ident) => {{
        // SAFETY: the conventions demand that so many bytes can be read and stay for the call.
        unsafe { $crate::text::bytes($pointer, $length, stringify!($pointer)) }?
    }};
}

/// # Safety
/// NULL, or a live handle.
pub(crate) unsafe fn borrow<'a, T>(pointer: *const T, name: &'static str) -> Result<&'a T, Fault> {
    // SAFETY: as demanded of the caller.
    unsafe { pointer.as_ref() }.ok_or(Fault::Null(name))
}

/// # Safety
/// NULL, or a live handle that nobody else uses.
pub(crate) unsafe fn borrow_mut<'a, T>(pointer: *mut T, name: &'static str) -> Result<&'a mut T, Fault> {
    // SAFETY: as demanded of the caller.
    unsafe { pointer.as_mut() }.ok_or(Fault::Null(name))
}

/// Reads something of a handle; of NULL, the fallback.
///
/// # Safety
/// NULL, or a live handle.
pub(crate) unsafe fn get<T, R: Copy>(pointer: *const T, fallback: R, read: impl FnOnce(&T) -> R) -> R {
    // SAFETY: as demanded of the caller.
    let handle = unsafe { pointer.as_ref() };
    infallible(fallback, || handle.map_or(fallback, read))
}

/// A borrowed handle that is handed out; NULL where there is none.
pub(crate) fn lend<T>(handle: Option<&T>) -> *const T {
    handle.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// Destroys a handle. NULL is fine.
///
/// # Safety
/// NULL, or a handle that [`give`] or [`Output::give`] made and nobody has freed.
pub(crate) unsafe fn free<T>(pointer: *mut T) {
    if !pointer.is_null() {
        // SAFETY: as demanded of the caller.
        let handle = unsafe { Box::from_raw(pointer) };
        infallible((), || drop(handle));
    }
}

/// Makes a handle and writes its pointer.
///
/// # Safety
/// `place` can be written to.
pub(crate) unsafe fn give<T>(place: *mut *mut T, value: T) {
    // SAFETY: as demanded of the caller.
    unsafe { place.write(Box::into_raw(Box::new(value))) };
}

/// A place that the caller wants a result in.
pub(crate) struct Output<T>(*mut T);

impl<T> Output<T> {
    pub(crate) fn new(place: *mut T, name: &'static str) -> Result<Self, Fault> {
        if place.is_null() { Err(Fault::Null(name)) } else { Ok(Self(place)) }
    }

    /// Writes a plain value.
    pub(crate) fn set(self, value: T) {
        // SAFETY: not NULL, and the conventions demand that outputs can be written to.
        unsafe { self.0.write(value) };
    }
}

impl<T> Output<*mut T> {
    /// Makes a handle of the value and writes its pointer.
    pub(crate) fn give(self, value: T) {
        // SAFETY: not NULL, and the conventions demand that outputs can be written to.
        unsafe { give(self.0, value) };
    }

    /// Writes NULL: there is no such thing, and that is no failure.
    pub(crate) fn give_none(self) {
        self.set(std::ptr::null_mut());
    }
}
