//! The library's own client against every fault and every policy of the gateway: outcome, advice, one wire
//! send, bounds of time and memory, and in the end one debit.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail, and says why by its name"
)]

mod answers;
mod connections;
#[path = "../../../core/tests/support/memory.rs"]
mod memory;
mod policies;
mod queries;
mod repeat;
mod stage;

#[global_allocator]
static COUNTING: memory::Counting = memory::Counting;
