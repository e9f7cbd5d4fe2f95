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
//! order of the checks) → `checks.rs` (fields) → `send.rs` or `query.rs` → `book.rs` (orders and money) →
//! `answer.rs` (XML).
#![forbid(unsafe_code)]

mod answer;
mod book;
mod certificates;
mod checks;
mod error;
mod fields;
mod files;
mod gateway;
mod ledger;
mod ledger_page;
mod options;
mod query;
mod sandbox;
mod send;
mod server;
mod service;
mod tls;

pub use error::SandboxError;
pub use ledger::{Debits, Ledger, Order, Totals};
pub use options::Options;
pub use sandbox::Sandbox;
