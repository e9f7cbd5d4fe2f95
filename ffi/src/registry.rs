//! Clients that outlive their handles: for hosts whose handles die with each request, as PHP's do.
//!
//! Readers and writers never wait for a lock, which a fork might have left held for ever in the child.

use std::sync::{Arc, LazyLock};

use arc_swap::ArcSwap;
use redpack::Client;

use crate::boundary::Fault;
use crate::config::redpack_config;

/// More configurations than this in one process are a mistake or a secret that changes: the oldest goes.
const MOST: usize = 64;

type Entries = Vec<([u8; 32], Client)>;

static CLIENTS: LazyLock<ArcSwap<Entries>> = LazyLock::new(|| ArcSwap::from_pointee(Vec::new()));

fn find(entries: &Entries, identity: &[u8; 32]) -> Option<Client> {
    entries.iter().find(|(of, _)| of == identity).map(|(_, client)| client.clone())
}

/// The client of that configuration, made if there is none. A client notices a fork by itself, so that a child
/// may use what its parent registered.
pub(crate) fn shared(config: &redpack_config) -> Result<Client, Fault> {
    let identity = config.identity();
    if let Some(client) = find(&CLIENTS.load(), &identity) {
        return Ok(client);
    }
    let made = config.build()?;
    CLIENTS.rcu(|entries| {
        if find(entries, &identity).is_some() {
            return Arc::clone(entries);
        }
        let mut entries = Entries::clone(entries);
        if entries.len() >= MOST {
            entries.remove(0);
        }
        entries.push((identity, made.clone()));
        Arc::new(entries)
    });
    // Another thread may have been first: then its client is everybody's.
    Ok(find(&CLIENTS.load(), &identity).unwrap_or(made))
}
