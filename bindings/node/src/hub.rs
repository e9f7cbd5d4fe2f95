//! The way back to the event loop of one client: results, events and log lines, in their order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use log::LevelFilter;
use napi::bindgen_prelude::{FnArgs, Function};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status, sys};
use redpack::AttemptEvent;
use serde::Serialize;

use crate::job::Job;
use crate::told::json;

/// What is told, of which call, and how it reads: `lib/calls.js` has the same numbers.
pub type Message = FnArgs<(u32, u32, String)>;

/// A call's result.
pub const RESOLVED: u32 = 0;
/// A call's error.
pub const REJECTED: u32 = 1;
/// An attempt, for the hook.
pub const ATTEMPT: u32 = 2;
/// A line of the log.
pub const LOG: u32 = 3;

/// It doesn't keep the process alive by itself: see [`Hub::hold`].
type Loop = ThreadsafeFunction<Message, (), Message, Status, false, true>;

/// One client's way to its event loop.
pub struct Hub {
    event_loop: Loop,
    jobs: Mutex<HashMap<u32, Arc<Job>>>,
    pub log_level: LevelFilter,
}

impl Hub {
    pub fn new(deliver: &Function<'_, Message, ()>, log_level: LevelFilter) -> napi::Result<Arc<Self>> {
        let event_loop =
            deliver.build_threadsafe_function().callee_handled::<false>().weak::<true>().build()?;
        Ok(Arc::new(Self { event_loop, jobs: Mutex::default(), log_level }))
    }

    /// Tells; false where nobody listens any more.
    pub fn tell(&self, what: u32, id: u32, text: String) -> bool {
        let message = FnArgs::from((what, id, text));
        self.event_loop.call(message, ThreadsafeFunctionCallMode::NonBlocking) == Status::Ok
    }

    /// Whether the event loop is gone (a worker_thread that ended): nothing new must be begun for it.
    pub fn is_gone(&self) -> bool {
        self.event_loop.aborted()
    }

    /// Keeps the process alive while calls are under way, and lets it end after. On the event loop only.
    pub fn hold(&self, env: &Env, held: bool) -> napi::Result<()> {
        if self.is_gone() {
            return Ok(());
        }
        let change =
            if held { sys::napi_ref_threadsafe_function } else { sys::napi_unref_threadsafe_function };
        // SAFETY: we are on the thread of this environment, to which the function belongs, and it has not been
        // finalised: that happens on this thread and sets what `is_gone` reads.
        let status = unsafe { change(env.raw(), self.event_loop.raw()) };
        match Status::from(status) {
            Status::Ok => Ok(()),
            status => Err(napi::Error::new(status, "the event loop refuses")),
        }
    }

    fn jobs(&self) -> MutexGuard<'_, HashMap<u32, Arc<Job>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a call that its caller may give up.
    pub fn remember(&self, job: &Arc<Job>) {
        self.jobs().insert(job.id, job.clone());
    }

    /// The call of that number, if it may still be given up.
    pub fn take(&self, id: u32) -> Option<Arc<Job>> {
        self.jobs().remove(&id)
    }

    /// Tells the hook of an attempt; it hears of it before the caller does.
    pub fn tell_attempt(&self, event: &AttemptEvent<'_>) {
        self.tell(ATTEMPT, 0, json(&EventTold::new(event)));
    }
}

#[derive(Serialize)]
struct EventTold<'a> {
    path: &'a str,
    mch_billno: Option<&'a str>,
    host: &'a str,
    phase: &'a str,
    connection_reused: bool,
    elapsed_ms: u64,
    outcome: redpack::Outcome,
    code: Option<redpack::ErrorKind>,
    err_code: Option<&'a str>,
    http_status: Option<u16>,
}

impl<'a> EventTold<'a> {
    fn new(event: &AttemptEvent<'a>) -> Self {
        Self {
            path: event.path,
            mch_billno: event.mch_billno,
            host: event.host,
            phase: event.phase.as_str(),
            connection_reused: event.connection_reused,
            elapsed_ms: u64::try_from(event.elapsed.as_millis()).unwrap_or(u64::MAX),
            outcome: event.outcome,
            code: event.error_kind,
            err_code: event.err_code,
            http_status: event.http_status,
        }
    }
}
