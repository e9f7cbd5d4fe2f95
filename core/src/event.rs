//! What a metrics hook sees of each call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::ErrorKind;
use crate::outcome::Outcome;
use crate::transport::Phase;

/// One call that reached for the network, told to the hook before its caller hears of it. No secrets, no
/// openids.
#[derive(Clone)]
#[non_exhaustive]
pub struct AttemptEvent<'a> {
    /// The path below the host.
    pub path: &'a str,
    /// The order.
    pub mch_billno: Option<&'a str>,
    /// The host (and port, where it is not 443) that was to be reached.
    pub host: &'a str,
    /// How far the call came.
    pub phase: Phase,
    /// Whether a kept-alive connection served it.
    pub connection_reused: bool,
    /// How long it took.
    pub elapsed: Duration,
    /// What is known of the money; of an answered query, of the order.
    pub outcome: Outcome,
    /// What went wrong, if anything did.
    pub error_kind: Option<ErrorKind>,
    /// The service's code, if it gave one, openids masked.
    pub err_code: Option<&'a str>,
    /// The HTTP status, if there was one.
    pub http_status: Option<u16>,
}

impl fmt::Display for AttemptEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, host, phase, outcome, .. } = self;
        let order = self.mch_billno.unwrap_or("-").escape_debug();
        let code = self.err_code.unwrap_or("-").escape_debug();
        let connection = if self.connection_reused { "kept" } else { "new" };
        let milliseconds = self.elapsed.as_millis();
        write!(
            f,
            "{path} order={order} host={host} outcome={outcome} err_code={code} phase={phase} \
             connection={connection} ms={milliseconds}"
        )
    }
}

impl fmt::Debug for AttemptEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttemptEvent({self})")
    }
}

/// A function that is called on the calling thread after each attempt. It must not call the client again
/// for the same order, and a panic in it is caught and logged.
#[derive(Clone)]
pub(crate) struct AttemptHook(pub Arc<dyn Fn(&AttemptEvent<'_>) + Send + Sync>);

impl fmt::Debug for AttemptHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttemptHook")
    }
}
