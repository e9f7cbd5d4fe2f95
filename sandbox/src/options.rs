//! What a sandbox can be told, and its defaults.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use redpack::{Fen, Secret};

use crate::error::SandboxError;

/// How to start a sandbox. Every default is a throw-away value.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the gateway listens: a loopback address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the backup host listens: a loopback address. It serves the same orders.
    pub backup_listen: SocketAddr,
    /// Where the control listens, over plain HTTP: a loopback address.
    pub control_listen: SocketAddr,
    /// The folder that gets certificates and configuration; made if missing.
    pub dir: PathBuf,
    /// The one merchant that the gateway knows.
    pub mch_id: String,
    /// That merchant's appid.
    pub appid: String,
    /// That merchant's APIv2 key.
    pub api_key: Secret,
    /// The secret of that merchant's WeCom application.
    pub workwx_secret: Secret,
    /// What the merchant can spend.
    pub balance: Fen,
    /// The file that keeps the state between runs; without one it lives in memory.
    pub state: Option<PathBuf>,
}

impl Options {
    /// The defaults, with certificates and configuration in `dir`.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            listen: any_port,
            backup_listen: any_port,
            control_listen: any_port,
            dir: dir.into(),
            mch_id: "1900000109".into(),
            appid: "wx8888888888888888".into(),
            api_key: Secret::new("sandbox0key0sandbox0key0sandbox0"),
            workwx_secret: Secret::new("sandbox0workwx0secret0sandbox000"),
            balance: Fen(100_000_000),
            state: None,
        }
    }

    /// Refuses what would open the gateway to others, or what no request could ever match.
    pub(crate) fn check(&self) -> Result<(), SandboxError> {
        for address in [self.listen, self.backup_listen, self.control_listen] {
            if !address.ip().is_loopback() {
                return Err(SandboxError::NotLoopback(address));
            }
        }
        let alphanumeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !(1..=32).contains(&self.mch_id.len()) || !alphanumeric(&self.mch_id) {
            return Err(SandboxError::Option { name: "mch_id", rule: "must be 1 to 32 letters and digits" });
        }
        if !(3..=32).contains(&self.appid.len())
            || !self.appid.starts_with("wx")
            || !alphanumeric(&self.appid)
        {
            return Err(SandboxError::Option {
                name: "appid",
                rule: "must be wx and letters and digits, 32 characters at most",
            });
        }
        if self.api_key.expose().is_empty() {
            return Err(SandboxError::Option { name: "api_key", rule: "must not be empty" });
        }
        Ok(())
    }
}
