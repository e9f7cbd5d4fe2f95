//! One call, from the queue to its end, and what giving it up means at each point.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use redpack::{Error, Operation};

use crate::asked;

/// Not begun.
const QUEUED: u8 = 0;
/// On a thread; no byte of a request can have left.
const BEGUN: u8 = 1;
/// The first byte of a request may have left.
const SENDING: u8 = 2;
/// Given up before that: nothing leaves any more.
const WITHDRAWN: u8 = 3;

/// A call that may be given up from the event loop.
pub struct Job {
    /// The number of its promise.
    pub id: u32,
    /// What was asked for, as it came: a thread of the pool reads it, so that the event loop need not.
    pub asked: String,
    phase: AtomicU8,
    /// Whether the caller has gone; wakes a settlement that waits.
    gone: Mutex<bool>,
    bell: Condvar,
}

impl Job {
    pub fn new(id: u32, asked: String) -> Arc<Self> {
        Arc::new(Self {
            id,
            asked,
            phase: AtomicU8::new(QUEUED),
            gone: Mutex::new(false),
            bell: Condvar::new(),
        })
    }

    /// A thread takes it. False if it was given up in the queue.
    pub fn begin(&self) -> bool {
        self.step(QUEUED, BEGUN)
    }

    /// Asked right before the first byte of each request. False if the caller gave up in time.
    fn may_send(&self) -> bool {
        let first = self.step(BEGUN, SENDING);
        // A settlement makes several requests: none after the caller has gone.
        first || (self.phase.load(Ordering::Acquire) == SENDING && !self.is_given_up())
    }

    fn step(&self, from: u8, to: u8) -> bool {
        self.phase.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The caller gives up. The error says whether a request may have left; whoever wins the race between this
    /// and the first byte, the two agree. Also whether a thread has it, whose result will be told later.
    pub fn give_up(&self) -> (Error, bool) {
        let queued = self.step(QUEUED, WITHDRAWN);
        let withdrawn = queued || self.step(BEGUN, WITHDRAWN);
        *self.gone.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
        let aborted = || self.error(Error::aborted);
        (if withdrawn { self.never_started() } else { aborted() }, !queued)
    }

    /// The error of a job that nobody took.
    pub fn never_started(&self) -> Error {
        self.error(Error::not_started)
    }

    /// The error of a job that a defect ended.
    pub fn panicked(&self) -> Error {
        self.error(Error::panicked)
    }

    /// An error about the order that was asked for, if it was about one.
    fn error(&self, make: impl FnOnce(&str) -> Error) -> Error {
        match asked::read(&self.asked) {
            Ok(asked) if asked.operation() == Operation::Send => make(asked.mch_billno()),
            Ok(asked) => make(asked.mch_billno()).during(Operation::Query),
            Err(_) => make("").during(Operation::Query),
        }
    }

    fn is_given_up(&self) -> bool {
        *self.gone.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, time: Duration) {
        let gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        // Woken early or not: whoever waits looks at `is_given_up` and at the time.
        drop(self.bell.wait_timeout_while(gone, time, |gone| !*gone));
    }
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<Job>>> = const { RefCell::new(None) };
}

/// Runs a job's work: its requests ask first whether they are still wanted.
pub fn run<R>(job: &Arc<Job>, work: impl FnOnce() -> R) -> R {
    struct Clear;
    impl Drop for Clear {
        fn drop(&mut self) {
            CURRENT.set(None);
        }
    }
    CURRENT.set(Some(job.clone()));
    let _clear = Clear;
    let asked = job.clone();
    redpack::while_wanted(move || asked.may_send(), work)
}

/// Whether the caller of the job on this thread has gone.
pub fn current_is_given_up() -> bool {
    CURRENT.with_borrow(|job| job.as_ref().is_some_and(|job| job.is_given_up()))
}

/// Waits, unless the caller of the job on this thread goes.
pub fn current_waits(time: Duration) {
    let job = CURRENT.with_borrow(Clone::clone);
    match job {
        Some(job) => job.wait(time),
        None => std::thread::sleep(time),
    }
}
