//! Whom to trust: the certificate authorities that may vouch for the server.

use std::path::{Path, PathBuf};

use rustls::RootCertStore;

use super::{CredentialFault, Input, fault, pem};
use crate::error::Error;

/// The certificate authorities that may vouch for the server. There is no way to trust nobody's word:
/// most answers are unsigned, so TLS is their only proof.
#[derive(Debug, Clone, Default)]
pub struct Roots(Choice);

#[derive(Debug, Clone, Default)]
enum Choice {
    #[default]
    Mozilla,
    System,
    File(PathBuf),
    Pem(Vec<u8>),
}

impl Roots {
    /// The Mozilla set, built in. The default.
    pub fn mozilla() -> Self {
        Self(Choice::Mozilla)
    }

    /// The operating system's set, read when the client is built.
    pub fn system() -> Self {
        Self(Choice::System)
    }

    /// The certificates of a PEM file, and no others.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self(Choice::File(path.as_ref().to_owned()))
    }

    /// The certificates of a PEM text, and no others.
    pub fn pem(text: &[u8]) -> Self {
        Self(Choice::Pem(text.to_vec()))
    }
}

/// Reads the set.
pub(crate) fn root_store(roots: &Roots) -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    let certificates = match &roots.0 {
        Choice::Mozilla => {
            store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            return Ok(store);
        }
        Choice::System => rustls_native_certs::load_native_certs().certs,
        Choice::File(path) => {
            let bytes = Input::File(path.clone()).read("CA")?;
            pem::certificates(&bytes).map_err(|_| {
                let message =
                    format!("the CA file {} holds no PEM certificate that can be read", path.display());
                fault(CredentialFault::Roots, message)
            })?
        }
        Choice::Pem(text) => pem::certificates(text).map_err(|_| {
            fault(CredentialFault::Roots, "the CA text holds no PEM certificate that can be read")
        })?,
    };
    store.add_parsable_certificates(certificates);
    if store.is_empty() {
        return Err(fault(CredentialFault::Roots, "there is no usable certificate authority to trust"));
    }
    Ok(store)
}
