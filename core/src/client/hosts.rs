//! The primary host and the backup host: which one a call goes to, and when the other takes over.
//!
//! A call goes to the other host only while nothing of it can have left: it stays one wire send. An order
//! that may have reached one host is another matter, and not this file's: only [`Failover::AfterSending`]
//! lets a later attempt of it go elsewhere, and only where attempts are repeated at all.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::Client;
use crate::error::{Error, ErrorKind};
use crate::outcome::words;

/// WeChat Pay's official backup host, in another city (protocol facts, section 1).
pub const DEFAULT_BACKUP_URL: &str = "https://api2.mch.weixin.qq.com";

/// How long calls stay with the backup host after the primary one could not be reached.
pub(super) const STAY: Duration = Duration::from_secs(60);

words! {
    /// When the backup host takes over.
    Failover {
        /// Never.
        Off = "off",
        /// When the primary host can't be reached: no name, no connection, no TLS. Nothing can have been
        /// sent, so the same call goes to the backup host. The default.
        ConnectPhase = "connect_phase",
        /// The same; besides, a repeated attempt of an order whose outcome is unknown may go to the other
        /// host. Whether the hosts know of each other's orders at once is not documented.
        AfterSending = "after_sending",
    }
}

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    Primary,
    Backup,
}

impl Host {
    pub fn other(self) -> Self {
        match self {
            Self::Primary => Self::Backup,
            Self::Backup => Self::Primary,
        }
    }
}

/// Which host calls go to at present. Shared by all clones of a client.
#[derive(Debug)]
pub(super) struct Preference {
    started: Instant,
    /// Until when the backup host is preferred, in milliseconds since the start. 0: it isn't.
    backup_until: AtomicU64,
}

impl Default for Preference {
    fn default() -> Self {
        Self { started: Instant::now(), backup_until: AtomicU64::new(0) }
    }
}

impl Preference {
    pub fn host(&self) -> Host {
        if self.now() < self.backup_until.load(Ordering::Relaxed) { Host::Backup } else { Host::Primary }
    }

    /// A host answered, or at least took the request, after the other one could not be reached.
    pub fn prefer(&self, host: Host, stay: Duration) {
        let until = match host {
            Host::Primary => 0,
            Host::Backup => self.now().saturating_add(u64::try_from(stay.as_millis()).unwrap_or(u64::MAX)),
        };
        self.backup_until.store(until, Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Client {
    /// The host that calls go to at present.
    pub(crate) fn preferred_host(&self) -> Host {
        match self.shared.settings.backup() {
            Some(_) => self.shared.preference.host(),
            None => Host::Primary,
        }
    }

    /// Whether the other host is worth a try: this one could not be reached. A host that shows a wrong
    /// certificate or refuses ours was reached, and going elsewhere would only hide it.
    pub(crate) fn should_fail_over(&self, error: &Error) -> bool {
        self.shared.settings.backup().is_some() && unreachable(error)
    }

    /// After a call to the other host: calls stay there for a while if it could be reached. If neither
    /// could, the next call begins with the primary one.
    pub(crate) fn note_reached(&self, host: Host, error: Option<&Error>) {
        let reached = !error.is_some_and(unreachable);
        self.shared.preference.prefer(if reached { host } else { Host::Primary }, STAY);
    }

    /// Whether a later attempt of an order whose outcome is unknown may go to another host.
    pub(crate) fn may_change_host(&self) -> bool {
        self.shared.settings.failover == Failover::AfterSending
    }

    /// The host's name, with its port where it has one.
    pub(crate) fn host_name(&self, host: Host) -> &str {
        let url = self.shared.settings.url(host);
        url.strip_prefix("https://").unwrap_or(url)
    }

    /// The host of that name, if it is one of this client's.
    pub(crate) fn host_named(&self, name: &str) -> Option<Host> {
        [Host::Primary, Host::Backup].into_iter().find(|host| self.host_name(*host) == name)
    }
}

fn unreachable(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Resolve | ErrorKind::Connect | ErrorKind::Handshake)
        && error.attempts() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_backup_host_is_preferred_for_a_while() {
        let preference = Preference::default();
        assert_eq!(preference.host(), Host::Primary);
        preference.prefer(Host::Backup, Duration::from_secs(60));
        assert_eq!(preference.host(), Host::Backup);
        preference.prefer(Host::Primary, Duration::ZERO);
        assert_eq!(preference.host(), Host::Primary);
        preference.prefer(Host::Backup, Duration::ZERO);
        assert_eq!(preference.host(), Host::Primary, "its time is over");
    }
}
