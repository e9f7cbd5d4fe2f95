//! Money safety against the gateway: a client with a journal, every fault, crashes, and a clock that tests
//! move.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail, and says why by its name"
)]

mod crashes;
mod mended;
mod restored;
mod send;
mod settle;
mod stage;
