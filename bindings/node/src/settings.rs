//! The settings of a client, as `lib/settings.js` hands them over: types checked there, values here or in the core.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use log::LevelFilter;
use napi::bindgen_prelude::{BigInt, Buffer, Either};
use napi_derive::napi;
use redpack::journal::Caps;
use redpack::{Client, ClientBuilder, Credentials, Failover, Fen, Roots, Secret};
use zeroize::Zeroize;

use crate::clock::PatientClock;
use crate::hub::Hub;
use crate::told::Fault;

/// PEM or PKCS#12: text or bytes are the thing itself, any other text is a path.
type Given = Either<String, Buffer>;

/// Certificate and key.
#[napi(object, object_to_js = false)]
#[derive(Default)]
#[allow(missing_docs, reason = "documented in index.d.ts")]
pub struct CredentialsGiven {
    pub certificate: Option<Given>,
    pub private_key: Option<Given>,
    pub pkcs12: Option<Given>,
    pub passphrase: Option<String>,
}

/// Everything that a client can be told.
#[napi(object, object_to_js = false)]
#[allow(missing_docs, reason = "documented in index.d.ts")]
pub struct SettingsGiven {
    pub mch_id: String,
    pub appid: String,
    pub api_key: String,
    pub credentials: CredentialsGiven,
    pub workwx_secret: Option<String>,
    pub base_url: Option<String>,
    pub backup_url: Option<String>,
    pub failover: Option<String>,
    pub roots: Option<Given>,
    pub connect_limit_ms: Option<u32>,
    pub attempt_limit_ms: Option<u32>,
    pub proxy: Option<String>,
    pub source_address: Option<String>,
    pub ipv4_only: Option<bool>,
    pub journal: Option<String>,
    pub cap_order: Option<BigInt>,
    pub cap_recipient_day: Option<BigInt>,
    pub cap_merchant_day: Option<BigInt>,
    pub pace: Option<u32>,
    pub paced_sends: Option<bool>,
    pub threads: Option<u32>,
    pub told_of_attempts: bool,
    pub log_level: Option<String>,
}

/// Node's copies are Node's; ours are cleared.
fn clear(given: &mut Option<Given>) {
    if let Some(Either::A(text)) = given {
        text.zeroize();
    }
}

impl Drop for CredentialsGiven {
    fn drop(&mut self) {
        clear(&mut self.private_key);
        clear(&mut self.pkcs12);
        self.passphrase.zeroize();
    }
}

impl Drop for SettingsGiven {
    fn drop(&mut self) {
        self.api_key.zeroize();
        self.workwx_secret.zeroize();
        self.journal.zeroize();
    }
}

fn is_pem(text: &str) -> bool {
    text.trim_start().starts_with("-----BEGIN")
}

fn path(given: &Given) -> Option<&str> {
    match given {
        Either::A(text) if !is_pem(text) => Some(text),
        _ => None,
    }
}

fn bytes(given: &Given) -> &[u8] {
    match given {
        Either::A(text) => text.as_bytes(),
        Either::B(bytes) => bytes,
    }
}

impl CredentialsGiven {
    /// `None` where nothing is given at all.
    pub fn credentials(&self) -> Result<Option<Credentials>, Fault> {
        let passphrase = self.passphrase.as_deref().map(Secret::new);
        match (&self.certificate, &self.private_key, &self.pkcs12) {
            (None, None, None) => Ok(None),
            (None, None, Some(file)) => Ok(Some(match path(file) {
                Some(path) => Credentials::pkcs12_file(path, passphrase),
                None => Credentials::pkcs12(bytes(file), passphrase),
            })),
            (Some(certificate), Some(key), None) => match (path(certificate), path(key)) {
                (Some(certificate), Some(key)) => Ok(Some(Credentials::pem_files(certificate, key))),
                (None, None) => Ok(Some(Credentials::pem(bytes(certificate), bytes(key)))),
                _ => Err(Fault::argument("privateKey", "and certificate must both be paths, or both PEM", 0)),
            },
            (_, _, Some(_)) => Err(Fault::argument("pkcs12", "excludes certificate and privateKey", 0)),
            (Some(_), None, None) => {
                Err(Fault::argument("privateKey", "is missing beside the certificate", 0))
            }
            (None, Some(_), None) => {
                Err(Fault::argument("certificate", "is missing beside the privateKey", 0))
            }
        }
    }
}

impl SettingsGiven {
    /// Where log lines go, if anywhere.
    pub fn log_level(&self) -> Result<LevelFilter, Fault> {
        match self.log_level.as_deref() {
            None | Some("off") => Ok(LevelFilter::Off),
            Some("error") => Ok(LevelFilter::Error),
            Some("warn") => Ok(LevelFilter::Warn),
            Some("info") => Ok(LevelFilter::Info),
            Some("debug") => Ok(LevelFilter::Debug),
            Some(word) => {
                Err(Fault::argument("logLevel", "is none of off, error, warn, info, debug", word.len()))
            }
        }
    }

    /// The builder, without the journal: opening that may take time.
    pub fn builder(&self, hub: &Arc<Hub>) -> Result<ClientBuilder, Fault> {
        let mut builder = Client::builder(&self.mch_id, &self.appid, Secret::new(self.api_key.as_str()))
            .clock(Arc::new(PatientClock::new()))
            .caps(self.caps()?)
            .ipv4_only(self.ipv4_only.unwrap_or(false))
            .paced_sends(self.paced_sends.unwrap_or(false));
        if let Some(credentials) = self.credentials.credentials()? {
            builder = builder.credentials(credentials);
        }
        if let Some(secret) = &self.workwx_secret {
            builder = builder.workwx_secret(Secret::new(secret.as_str()));
        }
        if let Some(url) = &self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(url) = &self.backup_url {
            builder = builder.backup_url(url);
        }
        if let Some(word) = &self.failover {
            builder = builder.failover(failover(word)?);
        }
        if let Some(given) = &self.roots {
            builder = builder.roots(match path(given) {
                Some("system") => Roots::system(),
                Some(path) => Roots::file(path),
                None => Roots::pem(bytes(given)),
            });
        }
        if let Some(limit) = self.connect_limit_ms {
            builder = builder.connect_limit(Duration::from_millis(limit.into()));
        }
        if let Some(limit) = self.attempt_limit_ms {
            builder = builder.attempt_limit(Duration::from_millis(limit.into()));
        }
        if let Some(url) = &self.proxy {
            builder = builder.proxy(url);
        }
        if let Some(text) = &self.source_address {
            builder = builder.source_address(address(text)?);
        }
        if let Some(pace) = self.pace {
            builder = builder.pace(pace);
        }
        if self.told_of_attempts {
            let hub = hub.clone();
            builder = builder.on_attempt(move |event| hub.tell_attempt(event));
        }
        Ok(builder)
    }

    fn caps(&self) -> Result<Caps, Fault> {
        Ok(Caps {
            order: cap("caps.order", self.cap_order.as_ref())?,
            recipient_day: cap("caps.recipientDay", self.cap_recipient_day.as_ref())?,
            merchant_day: cap("caps.merchantDay", self.cap_merchant_day.as_ref())?,
        })
    }
}

fn cap(name: &'static str, given: Option<&BigInt>) -> Result<Option<Fen>, Fault> {
    let Some(given) = given else { return Ok(None) };
    match given.get_u64() {
        (false, fen, true) => Ok(Some(Fen(fen))),
        _ => Err(Fault::argument(name, "is an amount in fen: it is below 0 or too large", 0)),
    }
}

fn failover(word: &str) -> Result<Failover, Fault> {
    match word {
        "off" => Ok(Failover::Off),
        "connect_phase" => Ok(Failover::ConnectPhase),
        "after_sending" => Ok(Failover::AfterSending),
        _ => Err(Fault::argument("failover", "is none of off, connect_phase, after_sending", word.len())),
    }
}

fn address(text: &str) -> Result<IpAddr, Fault> {
    text.parse().map_err(|_| Fault::argument("sourceAddress", "is no IP address", text.len()))
}
