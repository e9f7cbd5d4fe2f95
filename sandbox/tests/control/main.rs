//! The control over plain HTTP: that `openapi.json` says the truth of it, and what each of its paths does.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail, and says why by its name"
)]

mod asking;
mod backup;
mod claim;
mod clock;
#[allow(dead_code, reason = "each test program uses its own part")]
#[path = "../wire/connection.rs"]
mod connection;
mod description;
mod examples;
mod faults;
mod http;
mod limits;
mod policy_answers;
mod policy_fields;
mod policy_schema;
mod reset;
mod schema;
mod sign;
