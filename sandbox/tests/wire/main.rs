//! The gateway driven byte by byte over real TLS, with no help from the library's own client.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail, and says why by its name"
)]

mod certificates;
mod connection;
mod http;
mod ledger;
mod orders;
mod refusals;
mod workwx;
