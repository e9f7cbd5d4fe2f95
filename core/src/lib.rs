//! **redpack** sends WeChat Pay cash red packets (微信支付现金红包, APIv2) and must not pay anyone twice, lose
//! a payment's outcome, or leak a key.
//!
//! Three layers, each usable alone:
//!
//! - **protocol**: pure functions. [`sign`] makes and verifies signatures, [`xml`] writes requests and reads
//!   answers, [`table`] holds every field of every endpoint, [`Request::encode`] turns values into the bytes
//!   on the wire, [`answer`] judges what comes back.
//! - **client**: [`Client`]. One call is one wire send over mutual TLS and ends in one typed outcome.
//! - **money safety**: a [`journal`], which survives crashes, given to a client ([`ClientBuilder::journal`]):
//!   then [`Client::settle`], [`Client::recover`], [`Client::reconcile`] and every send obey it.
//!
//! # What a caller must know
//!
//! An order **is** its `mch_billno`. A send ends in `Ok` (sent) or in an [`Error`] that carries an
//! [`Outcome`] and an [`Advice`]. **No outcome by itself permits a new order; only
//! [`Advice::NewOrderAllowed`] does**, and it comes from a query that answers FAILED or, with a journal, from
//! closing an order. Everything else is retried, queried or mended under the same number.
//!
//! # Following one send
//!
//! [`Client::send`] → `client/attempt.rs` (encode, post once, judge, tell) → `request/encode.rs` (complete,
//! check, sign, write) → `transport/post.rs` → `transport/tls.rs` (the socket) → `answer/send.rs` (the
//! verdict, from the tables in `answer/table.rs`). With a journal: `safety/attempt.rs` → `journal/rules/` →
//! the same.
//!
//! # Example
//!
//! ```no_run
//! use redpack::{Client, Credentials, Fen, Secret, SendRedPack};
//!
//! let client = Client::builder("1900000109", "wx8888888888888888", Secret::new(std::env::var("API_KEY")?))
//!     .credentials(Credentials::pem_files("apiclient_cert.pem", "apiclient_key.pem"))
//!     .build()?;
//! let order = SendRedPack::new("1900000109261124abcdefghijkl", "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100))
//!     .send_name("天虹百货").act_name("猜灯谜").wishing("元宵节快乐").remark("快来抢");
//! match client.send(&order) {
//!     Ok(sent) => println!("sent: {:?}", sent.send_listid),
//!     Err(error) => println!("{}, next: {}", error.outcome(), error.advice()),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod answer;
pub mod billno;
mod client;
mod credentials;
mod error;
mod event;
mod fen;
pub mod journal;
mod outcome;
mod process;
mod request;
mod safety;
mod secret;
pub mod sign;
mod timestamp;
mod transport;
pub mod xml;

pub use answer::{Answer, OrderRecord, OrderStatus, QueryResult, Receiver, SendResult};
pub use billno::new_mch_billno;
pub use client::{
    Check, Client, ClientBuilder, DEFAULT_ATTEMPT_LIMIT, DEFAULT_BACKUP_URL, DEFAULT_BASE_URL,
    DEFAULT_CONNECT_LIMIT, Failover, Finding,
};
pub use credentials::{CertificateSummary, CredentialFault, Credentials, Roots};
pub use error::{Error, ErrorKind, Operation, Problem, Received};
pub use event::AttemptEvent;
pub use fen::{AmountError, Fen};
pub use outcome::{Advice, Outcome, Scope, Verdict, Wait};
pub use request::{
    Call, Expected, Merchant, Query, QueryWorkwx, Request, RiskInfo, SendMiniProgram, SendRedPack,
    SendWorkwx, WireRequest, table,
};
pub use safety::{Clock, DEFAULT_PACE, DEFAULT_SETTLE_LIMIT, Reconciled, Recovered, Settlement, SystemClock};
pub use secret::{Secret, mask_openid};
pub use sign::SignType;
pub use timestamp::Timestamp;
pub use transport::{Phase, while_wanted};
