//! One POST over mutual TLS: connections kept alive, time limits kept, and an exact account of whether a
//! byte may have left.

mod connect;
mod deadline;
mod idle;
mod lent;
mod plain;
mod post;
mod probe;
mod quiet;
mod resolver;
mod tls;
mod trace;

pub(crate) use connect::Route;
pub(crate) use post::{Limits, Poster};
pub(crate) use trace::Permit;
pub(crate) use trace::current as current_trace;
pub use trace::{Phase, while_wanted};
