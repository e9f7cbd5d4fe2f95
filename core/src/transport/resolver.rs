//! Name resolution, cached, on the calling thread.
//!
//! The operating system's resolver can't be given a time limit; a hanging one is the only wait of this
//! library that isn't bounded. ureq's own resolver would start a thread instead, which hosts that fork
//! can't have.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long an answer is used without asking again.
const FRESH: Duration = Duration::from_secs(60);
/// How long an old answer may stand in where the resolver fails.
const USABLE: Duration = Duration::from_secs(3600);

/// By host and port: when the addresses came, and which.
type Cache = HashMap<(String, u16), (Instant, Vec<SocketAddr>)>;

/// One cache per client and process.
#[derive(Debug, Default)]
pub(super) struct CachedResolver {
    cache: Mutex<Cache>,
}

impl CachedResolver {
    /// The addresses of a host, at least one.
    pub fn resolve(&self, host: &str, port: u16, ipv4_only: bool) -> io::Result<Vec<SocketAddr>> {
        let key = (host.to_owned(), port);
        let cached = self.lock().get(&key).cloned();
        if let Some((since, addresses)) = &cached
            && since.elapsed() < FRESH
        {
            return Ok(addresses.clone());
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found = (bare, port).to_socket_addrs().and_then(|addresses| {
            let wanted: Vec<SocketAddr> = addresses.filter(|a| a.is_ipv4() || !ipv4_only).collect();
            if wanted.is_empty() {
                Err(io::Error::other("the name has no usable address"))
            } else {
                Ok(wanted)
            }
        });
        match (found, cached) {
            (Ok(addresses), _) => {
                self.lock().insert(key, (Instant::now(), addresses.clone()));
                Ok(addresses)
            }
            (Err(_), Some((since, addresses))) if since.elapsed() < USABLE => Ok(addresses),
            (Err(error), _) => Err(error),
        }
    }

    /// Forgets a host, none of whose addresses took a connection.
    pub fn forget(&self, host: &str, port: u16) {
        self.lock().remove(&(host.to_owned(), port));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Cache> {
        // A map can't be left half-written by a panic: a poisoned one is as good as any.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_and_family_is_respected() {
        let resolver = CachedResolver::default();
        let addresses = resolver.resolve("127.0.0.1", 443, true).expect("an address");
        assert_eq!(addresses, ["127.0.0.1:443".parse().expect("address")]);
        assert!(resolver.resolve("[::1]", 443, true).is_err());
        assert!(resolver.resolve("[::1]", 443, false).is_ok());
        assert!(resolver.resolve(&"x".repeat(64), 443, false).is_err());
        resolver.forget("127.0.0.1", 443);
        assert!(!resolver.lock().contains_key(&("127.0.0.1".to_owned(), 443)));
    }
}
