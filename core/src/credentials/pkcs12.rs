//! PKCS#12 files (`apiclient_cert.p12`), old and modern.

use std::panic::catch_unwind;

use p12_keystore::{Pkcs12Archive, error::Error as P12Error};
use rustls::pki_types::CertificateDer;
use zeroize::Zeroizing;

use super::{CredentialFault, Key, KeyForm, fault};
use crate::error::Error;
use crate::secret::Secret;

type Opened = (Vec<CertificateDer<'static>>, Key);

/// Opens the file and takes its certificates and its private key out.
pub(super) fn open(bytes: &[u8], passphrase: &Secret) -> Result<Opened, Error> {
    // The format is deep and the reader young: should it panic on a hostile file, that is one more way of
    // not being PKCS#12.
    let archive = catch_unwind(|| Pkcs12Archive::from_pkcs12(bytes, passphrase.expose()))
        .unwrap_or(Err(P12Error::InvalidData))
        .map_err(|error| refused(&error))?;
    let key = archive
        .keys
        .first()
        .ok_or_else(|| fault(CredentialFault::NoPrivateKey, "the PKCS#12 file holds no private key"))?;
    let certificates: Vec<_> =
        archive.certs.iter().map(|bag| CertificateDer::from(bag.cert.as_der().to_vec())).collect();
    if certificates.is_empty() {
        return Err(fault(CredentialFault::NoCertificate, "the PKCS#12 file holds no certificate"));
    }
    let der = Zeroizing::new(key.key.as_der().to_vec());
    Ok((certificates, Key { form: KeyForm::Pkcs8, der }))
}

fn refused(error: &P12Error) -> Error {
    match error {
        // With a MAC the passphrase is proven wrong; without one a wrong one shows as broken padding.
        P12Error::MacError(_) | P12Error::Pkcs5Error(_) | P12Error::UnpadError => fault(
            CredentialFault::WrongPassphrase,
            "the passphrase does not open the PKCS#12 file (WeChat's files open with the merchant number)",
        ),
        _ => fault(
            CredentialFault::NotPkcs12,
            "the file is not PKCS#12, or in a form that can't be read; `openssl pkcs12 -in FILE -nodes | openssl \
             pkcs12 -export -out NEW_FILE` writes it anew",
        ),
    }
}
