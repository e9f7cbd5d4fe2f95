//! Commits that threads share: whoever comes first becomes the leader, takes everybody's work into one
//! transaction, and flushes once for all. No thread is started.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::super::error::{JournalError, JournalErrorKind};
use super::super::input::Turn;
use super::super::order::Order;
use super::super::store::Stepped;
use super::writer::{Tx, Writer};

/// What a piece of work gives back.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "made and taken apart once per operation: boxing would cost more than moving"
)]
pub(super) enum Done {
    Stepped(Box<Stepped>),
    Orders(Vec<Order>),
    Turn(Turn),
    Nothing,
}

/// A piece of work. It may be run again, after the transaction that it was part of failed. An error of kind
/// `refused` keeps the transaction; any other undoes it.
pub(super) type Work = Box<dyn FnMut(&mut Tx<'_>) -> Result<Done, JournalError> + Send>;

#[allow(
    clippy::large_enum_variant,
    reason = "made and taken apart once per operation: boxing would cost more than moving"
)]
enum Status {
    Waiting,
    Lead,
    Done(Result<Done, JournalError>),
}

struct Slot {
    work: Mutex<Option<Work>>,
    status: Mutex<Status>,
    wake: Condvar,
}

/// The most work in one transaction: bounds how long the file is locked for others.
const MOST: usize = 256;

pub(super) struct Batcher {
    queue: Mutex<Queue>,
    writer: Mutex<Writer>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Arc<Slot>>,
    led: bool,
}

/// A panic in another thread's work must not take the journal from all others.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Batcher {
    pub fn new(writer: Writer) -> Self {
        Self { queue: Mutex::default(), writer: Mutex::new(writer) }
    }

    /// Does the work, in one commit with whatever else is waiting. Returns when it is durable.
    pub fn run(&self, work: Work) -> Result<Done, JournalError> {
        let slot = Arc::new(Slot {
            work: Mutex::new(Some(work)),
            status: Mutex::new(Status::Waiting),
            wake: Condvar::new(),
        });
        {
            let mut queue = lock(&self.queue);
            queue.waiting.push(Arc::clone(&slot));
            if !queue.led {
                queue.led = true;
                *lock(&slot.status) = Status::Lead;
            }
        }
        let mut status = lock(&slot.status);
        loop {
            match std::mem::replace(&mut *status, Status::Waiting) {
                Status::Done(result) => return result,
                Status::Lead => {
                    drop(status);
                    self.lead();
                    status = lock(&slot.status);
                }
                Status::Waiting => {
                    status = slot.wake.wait(status).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    /// Runs one batch, which holds the leader's own work since it was first in the queue, then hands over.
    fn lead(&self) {
        let mut writer = lock(&self.writer);
        let batch: Vec<Arc<Slot>> = {
            let mut queue = lock(&self.queue);
            let most = queue.waiting.len().min(MOST);
            queue.waiting.drain(..most).collect()
        };
        let mut taken: Vec<Work> = batch.iter().filter_map(|slot| lock(&slot.work).take()).collect();
        let results = catch_unwind(AssertUnwindSafe(|| writer.run(&mut taken))).unwrap_or_default();
        drop(writer);
        let mut results = results.into_iter();
        for slot in &batch {
            let result = results.next().unwrap_or_else(|| {
                Err(JournalError::new(JournalErrorKind::Ambiguous, "the journal panicked, which is a defect"))
            });
            *lock(&slot.status) = Status::Done(result);
            slot.wake.notify_one();
        }
        let mut queue = lock(&self.queue);
        match queue.waiting.first() {
            None => queue.led = false,
            Some(next) => {
                *lock(&next.status) = Status::Lead;
                next.wake.notify_one();
            }
        }
    }
}
