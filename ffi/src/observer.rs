//! Whom a client's attempts are told to: the callback of the handle whose call makes them.
//!
//! A shared client outlives its handles, and what a callback points to lives no longer than they do. So the client
//! itself knows no callback: a call says whose it is while it runs, and since the library starts no thread, all that
//! it does happens on the thread that says so.

use std::cell::Cell;
use std::ffi::c_void;

use redpack::AttemptEvent;

use crate::event::redpack_event;

#[derive(Clone, Copy)]
pub(crate) struct Observer {
    pub(crate) callback: unsafe extern "C" fn(event: *const redpack_event, user: *mut c_void),
    pub(crate) user: usize,
}

thread_local! {
    static CURRENT: Cell<Option<Observer>> = const { Cell::new(None) };
}

/// The hook of every client.
pub(crate) fn tell(event: &AttemptEvent<'_>) {
    if let Some(Observer { callback, user }) = CURRENT.get() {
        let event = redpack_event::new(event);
        // SAFETY: the conventions demand a callback that may be called with this pointer, on any thread.
        unsafe { callback(&raw const event, user as *mut c_void) };
    }
}

/// Runs a call of a handle: what it attempts is told to that handle's observer.
pub(crate) fn observed<R>(observer: Option<Observer>, call: impl FnOnce() -> R) -> R {
    /// A callback may make calls of its own, of other orders; and a panic must not leave a pointer behind.
    struct Before(Option<Observer>);
    impl Drop for Before {
        fn drop(&mut self) {
            CURRENT.set(self.0);
        }
    }
    let _before = Before(CURRENT.replace(observer));
    call()
}
