//! A local gateway that behaves as WeChat Pay's red-packet service does, so that programs can be tried
//! against it: no real money, no network beyond loopback.
//!
//! ```
//! use redpack_sandbox::{Options, Sandbox};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dir = std::env::temp_dir().join(format!("redpack-sandbox-{}", std::process::id()));
//! let sandbox = Sandbox::start(Options::new(&dir))?;
//! println!("post to {} with {}", sandbox.base_url(), sandbox.cert_file().display());
//! assert_eq!(sandbox.ledger().totals.debits, 0);
//! sandbox.stop();
//! # std::fs::remove_dir_all(dir)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Following one request
//!
//! `server.rs` (accept, TLS) → `tls.rs` (whose certificate?) → `gateway.rs` (HTTP) → `service.rs` (the
//! order of the checks) → `checks.rs` (fields) → `faults/` (does one strike?) → `send.rs` or `query.rs` →
//! `book/` (orders and money) → `answer.rs` (XML) → `wire.rs` (what arrives of it). The control port's way:
//! `server.rs` → `control/`.
#![forbid(unsafe_code)]

mod answer;
mod book;
mod certificates;
mod checks;
mod clock;
mod codes;
mod control;
mod error;
mod faults;
mod fields;
mod files;
mod gateway;
mod ledger;
mod options;
mod page;
pub mod policy;
mod query;
mod sandbox;
mod send;
mod server;
mod service;
mod state;
mod tls;
mod wire;
mod world;

pub use error::SandboxError;
pub use ledger::{Debits, Ledger, Order, State, Totals};
pub use options::Options;
pub use policy::Policy;
pub use sandbox::Sandbox;
