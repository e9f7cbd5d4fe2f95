//! The sandbox's folder: what clients need to call it, under the names that WeChat gives such files.
//!
//! A complete folder of a former run for the same merchant is used again, so that clients that hold its
//! certificates go on working. An incomplete or outdated one is made anew. A file that no sandbox made is
//! never overwritten.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rcgen::KeyPair;
use time::{Duration, OffsetDateTime};
use x509_cert::Certificate;
use x509_cert::der::{DecodePem, referenced::OwnedToRef};

use crate::certificates::{AUTHORITY, Authority};
use crate::error::SandboxError;
use crate::options::Options;

/// The first line of a `config.toml` of ours.
const CONFIG_MARK: &str = "# Made by the redpack sandbox";

/// Readable by anybody, or by the owner only.
#[derive(Clone, Copy)]
enum Access {
    Everybody = 0o644,
    Owner = 0o600,
}

/// Where the files are.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub dir: PathBuf,
    pub ca: PathBuf,
    ca_key: PathBuf,
    pub cert: PathBuf,
    pub key: PathBuf,
    pub p12: PathBuf,
    pub config: PathBuf,
}

impl Files {
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            ca: dir.join("ca.pem"),
            ca_key: dir.join("ca_key.pem"),
            cert: dir.join("apiclient_cert.pem"),
            key: dir.join("apiclient_key.pem"),
            p12: dir.join("apiclient_cert.p12"),
            config: dir.join("config.toml"),
        }
    }

    /// The folder's authority, with all certificates in place.
    pub fn prepare(&self, mch_id: &str) -> Result<Authority, SandboxError> {
        fs::create_dir_all(&self.dir)
            .map_err(SandboxError::io(format!("{} can't be made", self.dir.display())))?;
        let former = self.former()?;
        if let Some(authority) = former.usable(mch_id) {
            return Ok(authority);
        }
        let authority = Authority::new(AUTHORITY)?;
        let client = authority.client(mch_id)?;
        let p12 = authority.pkcs12(&client, mch_id)?;
        let (cert, key) = client.pem();
        // The authority first: it is what marks a half-written folder as ours.
        save(&self.ca, authority.pem().as_bytes(), Access::Everybody)?;
        save(&self.ca_key, authority.key_pem().as_bytes(), Access::Owner)?;
        save(&self.cert, cert.as_bytes(), Access::Everybody)?;
        save(&self.key, key.as_bytes(), Access::Owner)?;
        save(&self.p12, &p12, Access::Owner)?;
        Ok(authority)
    }

    /// Writes `config.toml`, which names the port and therefore differs from run to run.
    pub fn write_config(&self, options: &Options, base_url: &str) -> Result<(), SandboxError> {
        let former = read(&self.config)?;
        if former.is_some_and(|text| !text.starts_with(CONFIG_MARK.as_bytes())) {
            return Err(SandboxError::NotOurs(self.config.clone()));
        }
        save(&self.config, configuration(options, base_url).as_bytes(), Access::Owner)
    }

    /// What is in the folder, or an error where it holds somebody else's files.
    fn former(&self) -> Result<Former, SandboxError> {
        let former = Former {
            ca: read_text(&self.ca)?,
            ca_key: read_text(&self.ca_key)?,
            cert: read_text(&self.cert)?,
            key: read_text(&self.key)?,
            p12: self.p12.exists(),
        };
        let signed_by_us = |pem: &String| issuer(pem).as_deref() == Some(AUTHORITY);
        let ca_is_ours = former.ca.as_ref().is_some_and(signed_by_us);
        let cert_is_ours = former.cert.as_ref().is_some_and(signed_by_us);
        let strangers = [
            (&self.ca, former.ca.is_some() && !ca_is_ours),
            (&self.ca_key, former.ca_key.is_some() && !ca_is_ours),
            (&self.cert, former.cert.is_some() && !cert_is_ours),
            (&self.key, former.key.is_some() && !cert_is_ours),
            (&self.p12, former.p12 && !cert_is_ours),
        ];
        match strangers.into_iter().find(|(_, strange)| *strange) {
            Some((path, _)) => Err(SandboxError::NotOurs(path.clone())),
            None => Ok(former),
        }
    }
}

/// The files of a former run, as far as they are there.
struct Former {
    ca: Option<String>,
    ca_key: Option<String>,
    cert: Option<String>,
    key: Option<String>,
    p12: bool,
}

impl Former {
    /// Their authority, if they are complete, belong together, are this merchant's and are not about to
    /// expire.
    fn usable(self, mch_id: &str) -> Option<Authority> {
        let (ca_pem, cert_pem) = (self.ca?, self.cert?);
        let (ca, cert) = (Certificate::from_pem(&ca_pem).ok()?, Certificate::from_pem(&cert_pem).ok()?);
        let ca_key = KeyPair::from_pem(&self.ca_key?).ok()?;
        let key = KeyPair::from_pem(&self.key?).ok()?;
        let whole = self.p12
            && subject(&cert).as_deref() == Some(mch_id)
            && belong_together(&ca, &ca_key)
            && belong_together(&cert, &key)
            && lasts(&ca)
            && lasts(&cert);
        if whole { Authority::again(AUTHORITY, ca_pem, ca_key).ok() } else { None }
    }
}

fn belong_together(certificate: &Certificate, key: &KeyPair) -> bool {
    let public = certificate.tbs_certificate().subject_public_key_info().owned_to_ref();
    public.subject_public_key.as_bytes() == Some(key.public_key_raw())
}

fn lasts(certificate: &Certificate) -> bool {
    let until = certificate.tbs_certificate().validity().not_after.to_unix_duration().as_secs();
    let needed = (OffsetDateTime::now_utc() + Duration::WEEK).unix_timestamp();
    i64::try_from(until).is_ok_and(|until| until > needed)
}

fn subject(certificate: &Certificate) -> Option<String> {
    certificate.tbs_certificate().subject().common_name().ok().flatten().map(String::from)
}

fn issuer(pem: &str) -> Option<String> {
    let certificate = Certificate::from_pem(pem).ok()?;
    certificate.tbs_certificate().issuer().common_name().ok().flatten().map(String::from)
}

fn configuration(options: &Options, base_url: &str) -> String {
    let Options { mch_id, appid, api_key, .. } = options;
    let (mch_id, appid, api_key) = (quoted(mch_id), quoted(appid), quoted(api_key.expose()));
    let base_url = quoted(base_url);
    format!(
        "{CONFIG_MARK}: throw-away keys and certificates, no real money.\n\
         # For `redpack --config config.toml`. Paths are relative to this file.\n\
         \n\
         # The merchant number; also the passphrase of apiclient_cert.p12.\n\
         mch_id = {mch_id}\n\
         # The appid bound to it.\n\
         appid = {appid}\n\
         # The APIv2 key that signs requests.\n\
         api_key = {api_key}\n\
         # The merchant's client certificate and its private key (PKCS#8).\n\
         cert = \"apiclient_cert.pem\"\n\
         key = \"apiclient_key.pem\"\n\
         # The authority that the gateway's own certificate comes from.\n\
         ca_file = \"ca.pem\"\n\
         # Where the gateway listens in this run.\n\
         base_url = {base_url}\n"
    )
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, SandboxError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SandboxError::io(format!("{} can't be read", path.display()))(error)),
    }
}

fn read_text(path: &Path) -> Result<Option<String>, SandboxError> {
    Ok(read(path)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// Writes a file in one step: whoever reads it meanwhile sees the old one or the new one, whole.
fn save(path: &Path, bytes: &[u8], access: Access) -> Result<(), SandboxError> {
    let write = || -> io::Result<()> {
        let part = path.with_extension(format!("{}.part", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, access as u32);
        #[cfg(not(unix))]
        let _ = access;
        let _ = fs::remove_file(&part);
        options.open(&part)?.write_all(bytes)?;
        fs::rename(part, path)
    };
    write().map_err(SandboxError::io(format!("{} can't be written", path.display())))
}
