//! A global allocator that counts what each thread holds. The client starts no threads, so what its caller's
//! thread held at most is what the client held at most.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Set as `#[global_allocator]` by the test programs that measure.
pub struct Counting;

thread_local! {
    // Below zero where a thread frees what another one has allocated.
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn note(change: isize) {
    // A thread that is ending has no counters left; nothing is measured there.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + change);
        let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
    });
}

fn signed(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}

// SAFETY: every call goes to the system's allocator as it came; counting allocates nothing, since the
// counters are constants at first and have no destructors. `realloc` is the trait's own, which holds the old
// and the new block at once: the dearest case is what is counted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(signed(layout.size()));
        // SAFETY: the caller keeps this trait's contract, which is also the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(-signed(layout.size()));
        // SAFETY: the block came from `alloc` above with this layout, so from the system's allocator.
        unsafe { System.dealloc(block, layout) }
    }
}

/// Runs something and tells how many bytes more than before this thread held at most.
pub fn measured<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    MOST.set(before);
    let result = run();
    (result, usize::try_from(MOST.get() - before).unwrap_or(0))
}
