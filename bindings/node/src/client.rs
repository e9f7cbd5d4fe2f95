//! The client as JavaScript sees it: calls join a queue, and the event loop goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use napi::Env;
use napi::bindgen_prelude::Function;
use napi_derive::napi;
use redpack::{Client, ClientBuilder, Credentials, Secret};

use crate::asked;
use crate::hub::{Hub, Message, REJECTED, RESOLVED};
use crate::job::{self, Job};
use crate::logging::heard_by;
use crate::pool::Pool;
use crate::settings::{CredentialsGiven, SettingsGiven};
use crate::told::Fault;

/// How many calls run at once unless told otherwise.
const DEFAULT_THREADS: u32 = 64;

/// What the threads share with the client.
struct Shared {
    hub: Arc<Hub>,
    builder: ClientBuilder,
    journal: Option<Secret>,
    client: OnceLock<Client>,
}

impl Shared {
    /// The core's client, made at the first need of it. Blocks: it reads files and opens the journal.
    fn client(&self) -> Result<&Client, Fault> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let mut builder = self.builder.clone();
        if let Some(url) = &self.journal {
            builder = builder.journal(redpack::journal::open(url.expose())?);
        }
        let client = builder.build()?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Does the work of a job on this thread and tells the event loop.
    fn finish(&self, job: &Arc<Job>, work: impl FnOnce(&Job, &Client) -> Result<String, Fault>) {
        let done = catch_unwind(AssertUnwindSafe(|| {
            heard_by(&self.hub, || job::run(job, || work(job, self.client()?)))
        }));
        let told = done.unwrap_or_else(|payload| {
            // Dropping the payload may panic in its turn.
            std::mem::forget(payload);
            Err(job.panicked().into())
        });
        self.hub.take(job.id);
        match told {
            Ok(result) => self.hub.tell(RESOLVED, job.id, result),
            Err(fault) => self.hub.tell(REJECTED, job.id, fault.json()),
        };
    }
}

/// A client. Only `lib/` uses it.
#[napi]
pub struct NativeClient {
    shared: Arc<Shared>,
    pool: Arc<Pool>,
}

#[napi]
impl NativeClient {
    /// Checks the settings. `deliver` is told of everything: see `hub.rs`.
    #[napi(constructor)]
    pub fn new(settings: SettingsGiven, deliver: Function<'_, Message, ()>) -> napi::Result<Self> {
        guarded(|| {
            let level = settings.log_level().map_err(|fault| fault.thrown())?;
            let hub = Hub::new(&deliver, level)?;
            let builder = settings.builder(&hub).map_err(|fault| fault.thrown())?;
            let threads = settings.threads.unwrap_or(DEFAULT_THREADS) as usize;
            let journal = settings.journal.as_deref().map(Secret::new);
            let shared = Shared { hub, builder, journal, client: OnceLock::new() };
            Ok(Self { shared: Arc::new(shared), pool: Pool::new(threads) })
        })
    }

    /// Reads the credentials and opens the journal now, while the event loop waits.
    #[napi]
    pub fn open(&self) -> napi::Result<()> {
        guarded(|| {
            let opened = heard_by(&self.shared.hub, || self.shared.client().map(drop));
            opened.map_err(|fault| fault.thrown())
        })
    }

    /// Queues a call; its result is delivered under its number.
    #[napi]
    pub fn ask(&self, id: u32, asked: String, may_be_given_up: bool) -> napi::Result<()> {
        guarded(|| {
            let job = Job::new(id, asked);
            if may_be_given_up {
                self.shared.hub.remember(&job);
            }
            self.queue(job, |job, client| asked::read(&job.asked)?.answer(client));
            Ok(())
        })
    }

    /// The error of a call that was given up before it was asked for.
    #[napi]
    pub fn never_asked(asked: String) -> napi::Result<String> {
        guarded(|| Ok(Fault::from(Job::new(0, asked).never_started()).json()))
    }

    /// Queues the replacement of certificate and key.
    #[napi]
    pub fn replace_credentials(&self, id: u32, given: CredentialsGiven) -> napi::Result<()> {
        guarded(|| {
            let missing =
                || Fault::argument("credentials", "are missing: a certificate and key, or pkcs12", 0);
            let given = given.credentials().and_then(|given| given.ok_or_else(missing));
            let credentials: Credentials = given.map_err(|fault| fault.thrown())?;
            let job = Job::new(id, String::new());
            self.queue(job, move |_, client| {
                client.replace_credentials(&credentials)?;
                Ok("null".into())
            });
            Ok(())
        })
    }

    /// Queues the replacement of the APIv2 key.
    #[napi]
    pub fn replace_api_key(&self, id: u32, api_key: String) -> napi::Result<()> {
        let api_key = Secret::new(api_key);
        guarded(|| {
            let job = Job::new(id, String::new());
            self.queue(job, move |_, client| {
                client.replace_api_key(api_key)?;
                Ok("null".into())
            });
            Ok(())
        })
    }

    fn queue(
        &self,
        job: Arc<Job>,
        work: impl FnOnce(&Job, &Client) -> Result<String, Fault> + Send + 'static,
    ) {
        let shared = self.shared.clone();
        self.pool.run(Box::new(move |on_a_thread| {
            if !on_a_thread {
                shared.hub.take(job.id);
                shared.hub.tell(REJECTED, job.id, Fault::from(job.never_started()).json());
            } else if !shared.hub.is_gone() && job.begin() {
                shared.finish(&job, work);
            }
        }));
    }

    /// Gives a call up. The error for its promise, or null if its result is already on its way. A call that was
    /// under way delivers its result later all the same, and one that was not never does: `late` tells which.
    #[napi]
    pub fn give_up(&self, id: u32) -> napi::Result<Option<GivenUp>> {
        guarded(|| {
            let given_up = self.shared.hub.take(id).map(|job| {
                let (error, late) = job.give_up();
                GivenUp { error: Fault::from(error).json(), late }
            });
            Ok(given_up)
        })
    }

    /// Whether calls are under way, for which the process must stay alive.
    #[napi]
    pub fn hold(&self, env: Env, held: bool) -> napi::Result<()> {
        guarded(|| self.shared.hub.hold(&env, held))
    }
}

/// What became of a call that was given up.
#[napi(object, object_from_js = false)]
pub struct GivenUp {
    /// The error, as JSON.
    pub error: String,
    /// Whether its result will be delivered later.
    pub late: bool,
}

impl Drop for NativeClient {
    fn drop(&mut self) {
        self.pool.close();
    }
}

/// No panic crosses into Node.
pub fn guarded<R>(body: impl FnOnce() -> napi::Result<R>) -> napi::Result<R> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        std::mem::forget(payload);
        Err(Fault::from(redpack::Error::panicked("")).thrown())
    })
}
