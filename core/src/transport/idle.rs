//! Connections that wait for their next call.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::tls::TlsConnection;

/// Idle connections are given up before the service does it, after 8 s.
const IDLE_LIMIT: Duration = Duration::from_secs(7);
const MOST_IDLE: usize = 64;

/// The idle connections of one merchant identity in one process, to all its hosts.
#[derive(Default)]
pub(super) struct Idle {
    /// Oldest first.
    waiting: Mutex<Vec<Waiting>>,
}

struct Waiting {
    authority: Box<str>,
    since: Instant,
    connection: Box<TlsConnection>,
}

impl Idle {
    /// The connection to `authority` that was used last, if it still stands; those that don't are closed.
    pub fn take(&self, authority: &str) -> Option<Box<TlsConnection>> {
        loop {
            let mut waiting = {
                let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                let newest = all.iter().rposition(|one| *one.authority == *authority)?;
                all.remove(newest)
            };
            // Looked at without the lock: others need not wait for this socket.
            if waiting.since.elapsed() < IDLE_LIMIT && waiting.connection.is_open() {
                return Some(waiting.connection);
            }
        }
    }

    /// Keeps a connection whose answer has been read to its end, and closes what has waited too long.
    pub fn put(&self, authority: &str, mut connection: Box<TlsConnection>) {
        if !connection.is_spent() {
            return;
        }
        let now = Instant::now();
        let closed: Vec<Waiting> = {
            let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(Waiting { authority: authority.into(), since: now, connection });
            let surplus = all.len().saturating_sub(MOST_IDLE);
            let old = all.iter().take_while(|one| now.duration_since(one.since) >= IDLE_LIMIT).count();
            all.drain(..surplus.max(old)).collect()
        };
        // Closed without the lock.
        drop(closed);
    }
}
