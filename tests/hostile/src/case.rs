//! The cases as `cases.json` has them.

use serde::Deserialize;

/// The list that the server plays and that every language's runner goes through.
pub const CASES: &str = include_str!("../cases.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cases {
    #[serde(rename = "about")]
    _about: String,
    pub cases: Vec<Case>,
}

/// One case. What the client must make of it is the runners' business, not the server's.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub name: String,
    #[serde(default)]
    pub certificate: Certificate,
    /// Whether it trusts no client's certificate.
    #[serde(default)]
    pub refuses_clients: bool,
    /// Done with the bare connection, once the client's hello has come, in the place of TLS.
    #[serde(default)]
    pub instead_of_tls: Option<Vec<Step>>,
    /// Done when a request has been read.
    #[serde(default)]
    pub answer: Vec<Step>,
    #[serde(rename = "attempt_limit_ms")]
    _attempt_limit_ms: u64,
    /// What the client does, in other lists than this package's own.
    #[serde(default, rename = "client")]
    _client: serde_json::Value,
    #[serde(rename = "expect")]
    _expect: serde_json::Value,
}

/// What the server shows.
#[derive(Deserialize, Clone, Copy, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Certificate {
    #[default]
    Usual,
    WrongHost,
    Expired,
    SignedByItself,
    AnotherAuthority,
}

/// One thing to do. Texts may name fields of the request in braces, and `{success}`: a good answer to it.
#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(crate) enum Step {
    /// A whole answer with its length.
    Http {
        http: Http,
    },
    Write {
        write: String,
    },
    Hex {
        hex: String,
    },
    /// Over and over; without a number until the connection breaks.
    Repeat {
        repeat: Vec<Step>,
        times: Option<u64>,
    },
    /// A byte at a time.
    Drip {
        drip: String,
        each_ms: u64,
    },
    /// A fatal alert of TLS, encrypted as it should be.
    Alert {
        alert: u8,
    },
    End {
        end: End,
    },
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    pub status: String,
    #[serde(default)]
    pub headers: Vec<String>,
    pub body: String,
    /// How often the body is written.
    #[serde(default = "once")]
    pub times: usize,
    /// Blanks before `</xml>` up to so many bytes.
    #[serde(default)]
    pub padded_to: usize,
}

fn once() -> usize {
    1
}

/// How the connection ends. Without an end, the server waits for the next request.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(crate) enum End {
    /// In order.
    Close,
    /// TCP only, without a word of TLS.
    Drop,
    Reset,
    /// Not by the server: it says nothing more until the client goes.
    Wait,
}
