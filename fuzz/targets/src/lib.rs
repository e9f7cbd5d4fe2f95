//! What each fuzz target does with its bytes. A target panics where a promise is broken; everything else that
//! the bytes lead to is fine. None touches the network.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a panic is how a target reports"
)]

mod abi;
mod answer;
mod credentials;
mod functions;
mod input;
mod journal;
mod request;
mod xml;

pub use abi::abi;
pub use answer::answer;
pub use credentials::credentials;
pub use functions::functions;
pub use journal::journal;
pub use request::request;
pub use xml::xml;

use redpack::{Merchant, Secret};

/// A target: its name, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 7] = [
    ("xml", xml),
    ("answer", answer),
    ("credentials", credentials),
    ("request", request),
    ("abi", abi),
    ("functions", functions),
    ("journal", journal),
];

const MCH_ID: &str = "1900000109";
const APPID: &str = "wx8888888888888888";
const API_KEY: &str = "192006250b4c09247ec02edce69f6a2d";

fn merchant() -> Merchant {
    Merchant {
        mch_id: MCH_ID.into(),
        appid: APPID.into(),
        api_key: Secret::new(API_KEY),
        workwx_secret: Some(Secret::new("workwx0secret0workwx0secret00000")),
    }
}
