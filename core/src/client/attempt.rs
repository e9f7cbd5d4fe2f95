//! One attempt: from the encoded request to the server's bytes, with everything that must be noted.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use super::Client;
use super::connections::Connections;
use super::hosts::Host;
use crate::error::{Error, ErrorKind, Operation, Received};
use crate::event::AttemptEvent;
use crate::outcome::Outcome;
use crate::request::{Merchant, WireRequest};
use crate::secret::{Secret, code_told_by_service};
use crate::timestamp::Timestamp;
use crate::transport::current_trace;

/// Lets the result types of sends, queries and calls be told to the hook alike.
pub(super) trait Told {
    fn outcome(&self) -> Outcome;
    fn err_code(&self) -> Option<&str>;
}

impl Told for crate::answer::SendResult {
    fn outcome(&self) -> Outcome {
        Outcome::Sent
    }
    fn err_code(&self) -> Option<&str> {
        self.answer.text("err_code")
    }
}

impl Told for crate::answer::QueryResult {
    fn outcome(&self) -> Outcome {
        self.outcome
    }
    fn err_code(&self) -> Option<&str> {
        self.answer.text("err_code")
    }
}

impl Told for crate::answer::Answer {
    fn outcome(&self) -> Outcome {
        Outcome::Sent
    }
    fn err_code(&self) -> Option<&str> {
        self.text("err_code")
    }
}

pub(crate) use crate::transport::Permit;

/// Where a call goes.
pub(super) enum Via {
    /// To the preferred host, or the other one if that can't be reached.
    Reachable,
    /// To this host and no other.
    Only(Host),
}

impl Client {
    /// Encodes, posts once, judges, and tells the log and the hook: the path of every call.
    ///
    /// It runs behind a panic boundary: after a panic nobody knows how far it came, so the order's outcome
    /// is unknown, and the panic's text stays out of the error.
    pub(super) fn exchange<T: Told>(
        &self,
        operation: Operation,
        mch_billno: Option<&str>,
        (via, permit): (Via, Option<Permit>),
        encode: impl FnOnce(&Merchant) -> Result<WireRequest, Error>,
        judge: impl Fn(&WireRequest, &Received, &Secret) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let connections = self.connections(operation)?;
            connections.identity.check_expiry(Timestamp::now()).map_err(|error| error.during(operation))?;
            let wire = encode(&connections.merchant)?;
            let started = Instant::now();
            let on = |host: Host| {
                let posted = self.post(&connections, &wire, host, started, permit.clone());
                let result =
                    posted.and_then(|received| judge(&wire, &received, &connections.merchant.api_key));
                let result = result.map_err(|error| error.for_order(mch_billno));
                self.tell(&wire, host, started, result.as_ref());
                result
            };
            match via {
                Via::Reachable => self.on_reachable_host(started, on),
                Via::Only(host) => on(host),
            }
        }));
        let result = caught.unwrap_or_else(|_| {
            Err(Error::new(ErrorKind::Panic, operation, "the library panicked, which is a defect")
                .with_attempts(1))
        });
        result.map_err(|error| error.for_order(mch_billno))
    }

    /// Calls the preferred host; and the other one, if that could not be reached and there is time left.
    fn on_reachable_host<T>(
        &self,
        started: Instant,
        on: impl Fn(Host) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let first = self.preferred_host();
        let result = on(first);
        match &result {
            Err(error) if self.should_fail_over(error) && started.elapsed() < self.limits().attempt => {}
            _ => return result,
        }
        let second = on(first.other());
        self.note_reached(first.other(), second.as_ref().err());
        second
    }

    fn post(
        &self,
        connections: &Connections,
        wire: &WireRequest,
        host: Host,
        started: Instant,
        permit: Option<Permit>,
    ) -> Result<Received, Error> {
        let settings = &self.shared.settings;
        let left = settings.limits.attempt.saturating_sub(started.elapsed());
        connections.poster.post(settings.url(host), &wire.path, &wire.body, left, permit).map_err(|failure| {
            let reached = failure.kind.verdict().outcome != Outcome::NotSent;
            let error = Error::new(failure.kind, wire.purpose.operation(), failure.message)
                .with_attempts(u32::from(reached));
            match failure.received {
                Some(received) => error.with_received(received),
                None => error,
            }
        })
    }

    fn tell<T: Told>(&self, wire: &WireRequest, host: Host, started: Instant, result: Result<&T, &Error>) {
        let trace = current_trace();
        let base_url = self.shared.settings.url(host);
        let code = result.map_or_else(Error::err_code, Told::err_code).map(code_told_by_service);
        let event = AttemptEvent {
            path: &wire.path,
            mch_billno: wire.expected.mch_billno.as_deref(),
            host: base_url.strip_prefix("https://").unwrap_or(base_url),
            phase: trace.phase,
            connection_reused: trace.reused,
            elapsed: started.elapsed(),
            outcome: result.map_or_else(Error::outcome, Told::outcome),
            error_kind: result.err().map(Error::kind),
            err_code: code.as_deref(),
            http_status: result.map_or_else(Error::http_status, |_| Some(200)),
        };
        match result {
            Ok(_) => log::debug!(target: "redpack", "{event}"),
            Err(error) => log::warn!(target: "redpack", "{event}: {}", error.message()),
        }
        if let Some(hook) = &self.shared.settings.hook {
            // The money question is answered: a hook that panics must not turn it into "unknown".
            if catch_unwind(AssertUnwindSafe(|| (hook.0)(&event))).is_err() {
                log::error!(target: "redpack", "the attempt hook panicked; the call's result is not affected");
            }
        }
    }
}
