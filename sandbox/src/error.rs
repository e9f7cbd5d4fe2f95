//! What can go wrong with a sandbox itself, as opposed to what it answers.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use redpack::OrderStatus;

/// Why a sandbox could not start, or could not do what it was asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum SandboxError {
    /// It listens on loopback only.
    NotLoopback(SocketAddr),
    /// An option has a value that no merchant could have.
    Option {
        /// The option's name.
        name: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// The folder holds a file that no sandbox made: it might be a merchant's real key, so it stays.
    NotOurs(PathBuf),
    /// A port, a file or a thread was not to be had.
    Io {
        /// What could not be done.
        what: String,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The state file holds something else, or another merchant's state.
    State(PathBuf, String),
    /// Certificates could not be made.
    Certificates(String),
    /// A rule or a policy makes no sense.
    Refused(String),
    /// The gateway has no order of that number.
    NoSuchOrder(String),
    /// The order is not in the one status from which that can happen.
    WrongStatus {
        /// The order.
        mch_billno: String,
        /// The status that it has.
        status: OrderStatus,
    },
}

impl SandboxError {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    pub(crate) fn certificates(error: &impl fmt::Display) -> Self {
        Self::Certificates(error.to_string())
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLoopback(address) => write!(f, "the sandbox listens on loopback only, not on {address}"),
            Self::Option { name, rule } => write!(f, "the option {name} {rule}"),
            Self::NotOurs(path) => {
                write!(
                    f,
                    "{} was not made by a sandbox and is not overwritten: take another folder",
                    path.display()
                )
            }
            Self::Io { what, source } => write!(f, "{what}: {source}"),
            Self::State(path, why) => {
                write!(f, "{} is no state to go on with: {why}", path.display())
            }
            Self::Certificates(why) => write!(f, "certificates can't be made: {why}"),
            Self::Refused(why) => f.write_str(why),
            Self::NoSuchOrder(mch_billno) => write!(f, "the gateway has no order {mch_billno}"),
            Self::WrongStatus { mch_billno, status } => {
                write!(f, "the order {mch_billno} is {status}; only a SENT one can be claimed or returned")
            }
        }
    }
}

impl std::error::Error for SandboxError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
