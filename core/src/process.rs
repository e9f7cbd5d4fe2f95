//! What belongs to one process: after `fork` a child makes its own, and leaves its parent's alone for ever.
//!
//! Alone means that it isn't dropped either: dropping would close its parent's connections with a word on its
//! parent's sockets, or take away the file by which other processes know that its parent lives.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::ArcSwap;

/// A value and the process that made it.
pub(crate) struct Owned<T> {
    process: u32,
    value: T,
}

impl<T> Owned<T> {
    fn new(value: T) -> Arc<Self> {
        Arc::new(Self { process: std::process::id(), value })
    }

    fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }
}

impl<T> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Holds what each process has its own of.
pub(crate) struct PerProcess<T>(ArcSwap<Owned<T>>);

impl<T> PerProcess<T> {
    /// Holds this process's.
    pub fn new(value: T) -> Self {
        Self(ArcSwap::new(Owned::new(value)))
    }

    /// This process's own; in a child that has none yet, `make` makes it of its parent's.
    pub fn own<E>(&self, make: impl FnOnce(&T) -> Result<T, E>) -> Result<Arc<Owned<T>>, E> {
        let found = self.0.load_full();
        if found.is_ours() {
            return Ok(found);
        }
        let own = Owned::new(make(&found)?);
        let previous = self.0.compare_and_swap(&found, Arc::clone(&own));
        let won = Arc::ptr_eq(&previous, &found);
        std::mem::forget(found);
        if won {
            return Ok(own);
        }
        // Another thread was first. Ours is kept too: closing its files would take the other's locks on them.
        std::mem::forget(own);
        Ok(self.0.load_full())
    }

    /// Whoever's is there, to be looked at only.
    pub fn any(&self) -> Arc<Owned<T>> {
        self.0.load_full()
    }

    /// Puts a new one of this process in its place. The old one is dropped after its last use, unless it is
    /// a parent's.
    pub fn replace(&self, value: T) {
        leave_alone(self.0.swap(Owned::new(value)));
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        leave_alone(self.0.load_full());
    }
}

/// Drops one reference, but not to what is another process's: one that is never given back keeps it for ever.
fn leave_alone<T>(value: Arc<Owned<T>>) {
    if !value.is_ours() {
        std::mem::forget(value);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Counted<'a>(&'a AtomicUsize);

    impl Drop for Counted<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_value_is_dropped_in_its_own_process_alone() {
        let dropped = AtomicUsize::new(0);
        let held = PerProcess::new(Counted(&dropped));
        held.replace(Counted(&dropped));
        assert_eq!(dropped.load(Ordering::SeqCst), 1);
        drop(held);
        assert_eq!(dropped.load(Ordering::SeqCst), 2);
        // Another process's, as a child finds it.
        let theirs = || PerProcess(ArcSwap::new(Arc::new(Owned { process: 0, value: Counted(&dropped) })));
        let untouched = theirs();
        drop(untouched);
        let replaced = theirs();
        replaced.replace(Counted(&dropped));
        let used = theirs();
        let own = used.own(|_| Ok::<_, ()>(Counted(&dropped)));
        assert!(own.is_ok_and(|own| own.is_ours()));
        assert_eq!(dropped.load(Ordering::SeqCst), 2);
        drop((replaced, used));
        assert_eq!(dropped.load(Ordering::SeqCst), 4);
    }
}
