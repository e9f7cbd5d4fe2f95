//! What a client is made of, from the keyword arguments of `Client`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pyo3::prelude::*;
use redpack::journal::{Caps, open};
use redpack::{Client, ClientBuilder, Credentials, Failover, Fen, Roots, Secret};
use zeroize::Zeroize;

use crate::clock::Interruptible;
use crate::error::Fault;
use crate::hook;
use crate::journal::Journal;

/// The keyword arguments, by their names; what was not given is `None`.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Settings {
    mch_id: String,
    appid: String,
    api_key: String,
    #[pyo3(item("credentials"))]
    given: Given,
    workwx_secret: Option<String>,
    base_url: Option<String>,
    backup_url: Option<String>,
    failover: Option<String>,
    roots: Option<Material>,
    connect_limit: Option<f64>,
    attempt_limit: Option<f64>,
    proxy: Option<String>,
    source_address: Option<String>,
    ipv4_only: bool,
    journal: Option<Chosen>,
    caps: Option<(Option<u64>, Option<u64>, Option<u64>)>,
    pace: Option<u32>,
    paced_sends: bool,
    on_attempt: Option<Py<PyAny>>,
}

/// Certificate and key, in either of two forms.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Given {
    certificate: Option<Material>,
    private_key: Option<Material>,
    pkcs12: Option<Material>,
    passphrase: Option<String>,
}

/// What a file holds, or where the file is.
#[derive(FromPyObject)]
pub(crate) enum Material {
    Bytes(Vec<u8>),
    Text(String),
    Path(PathBuf),
}

/// A journal that is open, or where it is.
#[derive(FromPyObject)]
pub(crate) enum Chosen {
    Open(Py<Journal>),
    Url(String),
}

/// It may be a private key: our copy is cleared; Python's own is the caller's.
impl Drop for Material {
    fn drop(&mut self) {
        match self {
            Self::Bytes(bytes) => bytes.zeroize(),
            Self::Text(text) => text.zeroize(),
            Self::Path(_) => {}
        }
    }
}

impl Material {
    /// PEM text stands for itself; any other text is a path.
    fn content(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Text(text) if text.trim_start().starts_with("-----BEGIN") => Some(text.as_bytes()),
            Self::Text(_) | Self::Path(_) => None,
        }
    }

    fn path(&self) -> PathBuf {
        match self {
            Self::Path(path) => path.clone(),
            Self::Text(text) => text.into(),
            Self::Bytes(_) => PathBuf::new(),
        }
    }
}

impl Given {
    /// The credentials; `None` where nothing was given.
    pub(crate) fn credentials(self) -> Result<Option<Credentials>, Fault> {
        let passphrase = self.passphrase.map(Secret::new);
        match (self.certificate, self.private_key, self.pkcs12) {
            (None, None, None) => Ok(None),
            (None, None, Some(file)) => Ok(Some(match file.content() {
                Some(bytes) => Credentials::pkcs12(bytes, passphrase),
                None => Credentials::pkcs12_file(file.path(), passphrase),
            })),
            (Some(certificate), Some(key), None) => match (certificate.content(), key.content()) {
                (Some(certificate), Some(key)) => Ok(Some(Credentials::pem(certificate, key))),
                (None, None) => Ok(Some(Credentials::pem_files(certificate.path(), key.path()))),
                _ => {
                    Err(Fault::setting("private_key", "and certificate must both be paths, or both contents"))
                }
            },
            (_, _, Some(_)) => Err(Fault::setting("pkcs12", "excludes certificate and private_key")),
            _ => Err(Fault::setting("certificate", "and private_key come together")),
        }
    }
}

impl Settings {
    /// Makes the client: reads files, opens the journal, checks everything. It may block.
    pub(crate) fn build(self) -> Result<Client, Fault> {
        let mut builder = Client::builder(&self.mch_id, &self.appid, Secret::new(self.api_key))
            .ipv4_only(self.ipv4_only)
            .paced_sends(self.paced_sends)
            .clock(Arc::new(Interruptible::default()));
        if let Some(credentials) = self.given.credentials()? {
            builder = builder.credentials(credentials);
        }
        let with = |builder: ClientBuilder, value: &Option<String>, set: Setter| match value {
            Some(value) => set(builder, value),
            None => builder,
        };
        builder = with(builder, &self.base_url, ClientBuilder::base_url);
        builder = with(builder, &self.backup_url, ClientBuilder::backup_url);
        builder = with(builder, &self.proxy, ClientBuilder::proxy);
        if let Some(secret) = self.workwx_secret {
            builder = builder.workwx_secret(Secret::new(secret));
        }
        if let Some(word) = self.failover {
            let known = Failover::ALL.iter().find(|failover| failover.as_str() == word);
            let unknown = || Fault::setting("failover", "is none of off, connect_phase, after_sending");
            builder = builder.failover(*known.ok_or_else(unknown)?);
        }
        if let Some(roots) = self.roots {
            builder = builder.roots(match (roots.content(), &roots) {
                (Some(pem), _) => Roots::pem(pem),
                (None, Material::Text(word)) if word == "system" => Roots::system(),
                (None, _) => Roots::file(roots.path()),
            });
        }
        if let Some(limit) = self.connect_limit {
            builder = builder.connect_limit(seconds("connect_limit", limit)?);
        }
        if let Some(limit) = self.attempt_limit {
            builder = builder.attempt_limit(seconds("attempt_limit", limit)?);
        }
        if let Some(address) = self.source_address {
            let unreadable = |_| Fault::setting("source_address", "is no IP address");
            builder = builder.source_address(address.parse().map_err(unreadable)?);
        }
        if let Some((order, recipient_day, merchant_day)) = self.caps {
            let caps = [order, recipient_day, merchant_day].map(|cap| cap.map(Fen));
            let [order, recipient_day, merchant_day] = caps;
            builder = builder.caps(Caps { order, recipient_day, merchant_day });
        }
        if let Some(pace) = self.pace {
            builder = builder.pace(pace);
        }
        if let Some(hook) = self.on_attempt {
            builder = builder.on_attempt(move |event| hook::tell(&hook, event));
        }
        match self.journal {
            Some(Chosen::Open(journal)) => builder = builder.journal(Arc::clone(&journal.get().journal)),
            Some(Chosen::Url(url)) => builder = builder.journal(open(Secret::new(url).expose())?),
            None => {}
        }
        Ok(builder.build()?)
    }
}

type Setter = fn(ClientBuilder, &str) -> ClientBuilder;

/// A length of time that Python gives in seconds.
pub(crate) fn seconds(name: &str, seconds: f64) -> Result<Duration, Fault> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| Fault::setting(name, "must be a number of seconds that is not below zero"))
}
