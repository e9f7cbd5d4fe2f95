//! The threads that calls block on: started when there is work, ended when there is none for a while. Never
//! libuv's, which name resolution and files need.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// An idle thread ends after this.
const IDLE: Duration = Duration::from_secs(5);

/// What a thread runs. `None`: there will be no thread for it.
type Work = Box<dyn FnOnce(bool) + Send>;

/// A queue and its threads.
pub struct Pool {
    most: usize,
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Work>,
    threads: usize,
    idle: usize,
    /// Whether an idle thread has been woken and has not come yet. It wakes the next one, if there is more: the
    /// event loop pays for one thread, however many calls it queues at once.
    woken: bool,
    closed: bool,
}

impl Pool {
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, state: Mutex::default(), bell: Condvar::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues work; it is called with `true` on a thread of the pool, or with `false`, on whatever thread, if
    /// there will be none.
    pub fn run(self: &Arc<Self>, work: Work) {
        let mut state = self.state();
        if state.closed {
            drop(state);
            return work(false);
        }
        state.queue.push_back(work);
        if state.idle >= state.queue.len() || state.threads >= self.most {
            return self.wake_one(state);
        }
        state.threads += 1;
        drop(state);
        let pool = self.clone();
        let started = std::thread::Builder::new().name("redpack".into()).spawn(move || pool.serve());
        if started.is_err() {
            self.lost_a_thread();
        }
    }

    fn wake_one(&self, mut state: MutexGuard<'_, State>) {
        let wakes = state.idle > 0 && !state.woken;
        state.woken |= wakes;
        drop(state);
        if wakes {
            self.bell.notify_one();
        }
    }

    /// The system gives no thread. Those that there are will do; without any, nothing will be done.
    fn lost_a_thread(&self) {
        let mut state = self.state();
        state.threads -= 1;
        let stranded = if state.threads == 0 { std::mem::take(&mut state.queue) } else { VecDeque::new() };
        drop(state);
        for work in stranded {
            work(false);
        }
    }

    fn serve(&self) {
        let mut state = self.state();
        loop {
            if let Some(work) = state.queue.pop_front() {
                if state.queue.is_empty() {
                    drop(state);
                } else {
                    self.wake_one(state);
                }
                work(true);
                state = self.state();
                continue;
            }
            if state.closed {
                break;
            }
            state.idle += 1;
            let (next, waited) = self.bell.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = next;
            state.idle -= 1;
            state.woken = false;
            if waited.timed_out() && state.queue.is_empty() {
                break;
            }
        }
        state.threads -= 1;
    }

    /// Nobody will ask any more: what is queued is not begun, and idle threads end. What is under way is
    /// finished, so that a journal learns its outcome.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        let queue = std::mem::take(&mut state.queue);
        drop(state);
        self.bell.notify_all();
        for work in queue {
            work(false);
        }
    }
}
