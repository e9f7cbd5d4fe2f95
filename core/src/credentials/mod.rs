//! The merchant's certificate and private key (商户API证书), from PEM or PKCS#12.

mod certificate;
mod fault;
mod pem;
mod pkcs12;
mod roots;

pub use certificate::CertificateSummary;
pub use fault::CredentialFault;
pub use roots::Roots;

pub(crate) use roots::root_store;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Operation};
use crate::secret::Secret;
use crate::timestamp::Timestamp;

/// Where certificate and private key come from. Nothing is read before a client is built with them.
#[derive(Clone)]
pub struct Credentials(Source);

#[derive(Clone)]
enum Source {
    Pem { certificate: Input, private_key: Input },
    Pkcs12 { file: Input, passphrase: Option<Secret> },
}

/// Bytes, or the file that holds them.
#[derive(Clone)]
pub(super) enum Input {
    Bytes(Zeroizing<Vec<u8>>),
    File(PathBuf),
}

/// A private key in DER, cleared when it is dropped. rustls makes a form of its own of it, which stays in memory
/// as long as the client.
pub(super) struct Key {
    form: KeyForm,
    der: Zeroizing<Vec<u8>>,
}

#[derive(Clone, Copy)]
pub(super) enum KeyForm {
    Pkcs8,
    Pkcs1,
    Sec1,
}

impl Credentials {
    /// `apiclient_cert.pem` and `apiclient_key.pem`, as files. PKCS#8 and PKCS#1 keys are read, encrypted
    /// ones are refused.
    pub fn pem_files(certificate: impl AsRef<Path>, private_key: impl AsRef<Path>) -> Self {
        Self(Source::Pem {
            certificate: Input::File(certificate.as_ref().to_owned()),
            private_key: Input::File(private_key.as_ref().to_owned()),
        })
    }

    /// The same as bytes, for keys that come from a vault or an environment variable: a literal `\n` is
    /// taken for a line break. Our copies are cleared when they are dropped; the caller's are the caller's.
    pub fn pem(certificate: &[u8], private_key: &[u8]) -> Self {
        Self(Source::Pem { certificate: Input::bytes(certificate), private_key: Input::bytes(private_key) })
    }

    /// `apiclient_cert.p12` as a file, in the old form (RC2-40, 3DES) or a modern one (AES). Without a
    /// passphrase the merchant number is taken, as WeChat makes these files.
    pub fn pkcs12_file(path: impl AsRef<Path>, passphrase: Option<Secret>) -> Self {
        Self(Source::Pkcs12 { file: Input::File(path.as_ref().to_owned()), passphrase })
    }

    /// The same as bytes.
    pub fn pkcs12(bytes: &[u8], passphrase: Option<Secret>) -> Self {
        Self(Source::Pkcs12 { file: Input::bytes(bytes), passphrase })
    }

    /// Reads, and makes sure that the key fits the certificate, that the certificate is this merchant's and
    /// has not expired.
    pub(crate) fn load(&self, mch_id: &str) -> Result<Identity, Error> {
        let (chain, key) = match &self.0 {
            Source::Pem { certificate, private_key } => (
                pem::certificates(&certificate.read("certificate")?)?,
                pem::private_key(&private_key.read("private key")?)?,
            ),
            Source::Pkcs12 { file, passphrase } => {
                let passphrase = passphrase.clone().unwrap_or_else(|| Secret::new(mch_id));
                pkcs12::open(&file.read("PKCS#12")?, &passphrase)?
            }
        };
        let certified = match_up(&chain, &key)?;
        let summary = certificate::summary(&certified.cert)?;
        let identity = Identity { certified: Arc::new(certified), summary };
        identity.check_merchant(mch_id)?;
        identity.check_expiry(Timestamp::now())?;
        Ok(identity)
    }
}

impl Input {
    fn bytes(bytes: &[u8]) -> Self {
        Self::Bytes(Zeroizing::new(bytes.to_vec()))
    }

    pub(super) fn read(&self, what: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::File(path) => match std::fs::read(path) {
                Ok(bytes) => Ok(Zeroizing::new(bytes)),
                Err(error) => {
                    let message = format!("the {what} file {} can't be read: {error}", path.display());
                    Err(fault(CredentialFault::UnreadableFile, message))
                }
            },
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::Pem { .. } => "Credentials(PEM)",
            Source::Pkcs12 { .. } => "Credentials(PKCS#12)",
        })
    }
}

pub(crate) fn fault(fault: CredentialFault, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Credentials, Operation::Setup, message).with_credential_fault(fault)
}

/// Finds the certificate to which the key belongs and puts it first, whatever order the file has.
fn match_up(chain: &[CertificateDer<'static>], key: &Key) -> Result<CertifiedKey, Error> {
    let unusable = "the private key can't be used: it is damaged, or neither RSA nor ECDSA nor Ed25519";
    let signing_key =
        any_supported_type(&key.borrowed()).map_err(|_| fault(CredentialFault::UnusableKey, unusable))?;
    for position in 0..chain.len() {
        let mut ordered = chain.to_vec();
        ordered[..=position].rotate_right(1);
        let certified = CertifiedKey::new(ordered, Arc::clone(&signing_key));
        if certified.keys_match().is_ok() {
            return Ok(certified);
        }
    }
    Err(fault(CredentialFault::KeyMismatch, "the private key does not belong to the certificate"))
}

/// A loaded certificate with its key, ready for TLS.
#[derive(Clone)]
pub(crate) struct Identity {
    pub certified: Arc<CertifiedKey>,
    pub summary: CertificateSummary,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificate", &self.summary).finish_non_exhaustive()
    }
}

impl Identity {
    /// A certificate whose name is a merchant number must name this merchant; other names are for
    /// `check()` to remark on (protocol facts, section 8: CN = `mch_id`).
    fn check_merchant(&self, mch_id: &str) -> Result<(), Error> {
        let name = self.summary.common_name.as_deref().unwrap_or_default();
        if name != mch_id && CertificateSummary::is_merchant_number(name) {
            let message = format!("the certificate belongs to merchant {name}, not to {mch_id}");
            return Err(fault(CredentialFault::OtherMerchant, message));
        }
        Ok(())
    }

    pub fn check_expiry(&self, now: Timestamp) -> Result<(), Error> {
        if now > self.summary.not_after {
            let message = format!("the merchant certificate expired at {}", self.summary.not_after);
            return Err(fault(CredentialFault::Expired, message));
        }
        Ok(())
    }
}
