//! Where everything is, as the parent tells it to its workers, and the client that both make of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use redpack::journal::{self, Journal, Options};
use redpack::{Client, Clock, Credentials, Failover, Roots, Secret};
use serde_json::{Value, json};

use crate::control::Control;

/// Short, so that a lease can be outlived in seconds.
const CONNECT_LIMIT: Duration = Duration::from_millis(400);
const ATTEMPT_LIMIT: Duration = Duration::from_millis(700);
const LEASE_MARGIN: Duration = Duration::from_millis(200);
/// Longer than any lease of one order.
pub const LONGER_THAN_A_LEASE: Duration = Duration::from_millis(1_600);

/// The run's folder, and what stands in its file of settings.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder.
    pub dir: PathBuf,
    settings: Value,
}

impl Place {
    /// Writes the settings down.
    pub fn create(dir: &Path, settings: Value) -> Result<Self, String> {
        let place = Self { dir: dir.to_owned(), settings };
        std::fs::write(place.file("settings.json"), place.settings.to_string())
            .map_err(|error| format!("settings: {error}"))?;
        Ok(place)
    }

    /// Reads them.
    pub fn open(dir: &Path) -> Result<Self, String> {
        let text = std::fs::read(dir.join("settings.json")).map_err(|error| format!("settings: {error}"))?;
        let settings = serde_json::from_slice(&text).map_err(|error| format!("settings: {error}"))?;
        Ok(Self { dir: dir.to_owned(), settings })
    }

    /// What a running gateway and a journal are to clients.
    pub fn settings(sandbox: &redpack_sandbox::Sandbox, journal: &str, seed: u64) -> Value {
        json!({
            "mch_id": sandbox.mch_id(), "appid": sandbox.appid(), "api_key": sandbox.api_key().expose(),
            "cert": sandbox.cert_file(), "key": sandbox.key_file(), "ca": sandbox.ca_file(),
            "base_url": sandbox.base_url(), "backup_url": sandbox.backup_url(),
            "journal": journal, "seed": seed, "parent": std::process::id(),
        })
    }

    /// A file of the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn text(&self, name: &str) -> &str {
        self.settings.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The parent's word to all workers.
    pub fn control(&self) -> Result<Control, String> {
        Control::open(&self.file("control")).map_err(|error| format!("control: {error}"))
    }

    /// A number of the settings.
    pub fn number(&self, name: &str) -> u64 {
        self.settings.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    /// The merchant.
    pub fn mch_id(&self) -> &str {
        self.text("mch_id")
    }

    /// The journal, going by the clock with that shift.
    pub fn journal(&self, shift: &Arc<AtomicI64>) -> Result<Arc<dyn Journal>, String> {
        let options = Options { clock_shift: Arc::clone(shift), ..Options::default() };
        journal::open_with(self.text("journal"), &options).map_err(|error| error.to_string())
    }

    /// A client with that journal.
    pub fn client(
        &self,
        clock: Arc<dyn Clock>,
        journal: Arc<dyn Journal>,
        failover: Failover,
    ) -> Result<Client, String> {
        Client::builder(self.mch_id(), self.text("appid"), Secret::new(self.text("api_key")))
            .credentials(Credentials::pem_files(self.text("cert"), self.text("key")))
            .roots(Roots::file(self.text("ca")))
            .base_url(self.text("base_url"))
            .backup_url(self.text("backup_url"))
            .failover(failover)
            .connect_limit(CONNECT_LIMIT)
            .attempt_limit(ATTEMPT_LIMIT)
            .lease_margin(LEASE_MARGIN)
            .pace(10_000)
            .clock(clock)
            .journal(journal)
            .build()
            .map_err(|error| error.to_string())
    }
}
