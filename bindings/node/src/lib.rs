//! The Node binding: what JavaScript asks for is run on threads of ours, and comes back as JSON.
//!
//! Nothing is decided here. One call, from JavaScript and back:
//!
//! `lib/client.js` → `client.rs` (a job joins the queue) → `pool.rs` (a thread takes it) → `asked.rs` (what is
//! asked for, run on the core's client) → `told.rs` (result or error as JSON) → `hub.rs` (to the event loop) →
//! `lib/calls.js` (the promise). `job.rs` knows how far a job is, so that giving it up tells the truth about the
//! money. `protocol.rs` and `codec.rs` have the pure functions.
#![cfg_attr(
    test,
    allow(dead_code, reason = "napi registers nothing in a test build, so that all would be unused")
)]
#![allow(clippy::needless_pass_by_value, reason = "Node-API hands arguments over")]

mod asked;
mod asked_journal;
mod client;
mod clock;
mod codec;
mod fields;
mod hub;
mod job;
mod logging;
mod pool;
mod protocol;
mod settings;
mod told;
