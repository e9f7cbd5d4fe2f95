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

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::ptr;

    use super::*;

    unsafe extern "C" fn ignore(_event: *const redpack_event, _user: *mut c_void) {}

    fn current() -> Option<usize> {
        CURRENT.get().map(|observer| observer.user)
    }

    #[test]
    fn a_call_in_a_callback_hides_the_outer_one_only_while_it_runs() {
        let observer = |user| Some(Observer { callback: ignore, user });
        observed(observer(1), || {
            observed(observer(2), || assert_eq!(current(), Some(2)));
            assert_eq!(current(), Some(1));
            observed(None, || assert_eq!(current(), None));
            assert_eq!(current(), Some(1));
            assert!(std::thread::spawn(|| current().is_none()).join().unwrap_or(false));
        });
        assert_eq!(current(), None);
    }

    #[test]
    fn a_panic_leaves_no_observer_behind() {
        let observer = Observer { callback: ignore, user: ptr::dangling::<u8>() as usize };
        let call = || observed(Some(observer), || assert_eq!(current(), None));
        assert!(catch_unwind(call).is_err());
        assert_eq!(current(), None);
    }
}
