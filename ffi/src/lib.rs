//! The C ABI. Pointers come in, pointers go out, and nothing is decided here: every rule lives in the core.
//!
//! `include/redpack.h` is generated from these files and opens with the conventions. Each file holds one C
//! type, under the name of its counterpart in the core. `boundary.rs` is what every function runs in,
//! `handle.rs` and `text.rs` turn pointers into references and back; they hold the unsafe code that matters.
#![allow(non_camel_case_types, reason = "the types are named as in C")]

#[macro_use]
mod handle;
mod boundary;
mod observer;
mod registry;

// The header has its items in this order.
mod version;

mod status;
mod words;

mod error;

mod config;
mod settings;

mod client;
mod credentials;

mod request;

mod send_result;

mod query_result;

mod answer;
mod call;

mod safety;
mod settlement;

mod recovered;

mod reconciled;

mod journal;
mod journal_queue;
mod order;
mod order_list;

mod decisions;

mod check;
mod event;
mod log;

mod fields;
mod protocol;
mod text;
mod time;
mod wire;

mod catalogue;
mod endpoints;
