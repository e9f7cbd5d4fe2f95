//! PEM files: certificates and private keys.

use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use super::{CredentialFault, fault};
use crate::error::Error;

/// All certificates of a PEM text, in file order.
pub(super) fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = with_line_breaks(bytes);
    let all: Result<Vec<_>, PemError> = CertificateDer::pem_slice_iter(&text).collect();
    match all {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(fault(CredentialFault::NoCertificate, "the certificate is not a readable PEM certificate")),
    }
}

/// The first private key of a PEM text.
pub(super) fn private_key(bytes: &[u8]) -> Result<PrivateKeyDer<'static>, Error> {
    let text = with_line_breaks(bytes);
    let contains = |needle: &[u8]| text.windows(needle.len()).any(|window| window == needle);
    if contains(b"BEGIN ENCRYPTED PRIVATE KEY") || contains(b"Proc-Type: 4,ENCRYPTED") {
        let message = "the private key is encrypted: decrypt it with `openssl pkey -in KEY -out PLAIN_KEY`, \
                       or give apiclient_cert.p12 instead";
        return Err(fault(CredentialFault::EncryptedKey, message));
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        PemError::NoItemsFound => {
            fault(CredentialFault::NoPrivateKey, "there is no PEM private key in what was given as one")
        }
        _ => fault(CredentialFault::UnusableKey, "the private key's PEM is damaged"),
    })
}

/// Keys that travelled through an environment variable or a JSON text have a literal `\n` for each line
/// break.
fn with_line_breaks(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    if bytes.contains(&b'\n') || !bytes.windows(2).any(|pair| pair == b"\\n") {
        return Zeroizing::new(bytes.to_vec());
    }
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        match (byte, after.first()) {
            (b'\\', Some(b'n')) => {
                text.push(b'\n');
                rest = &after[1..];
            }
            (b'\\', Some(b'r')) => rest = &after[1..],
            _ => {
                text.push(byte);
                rest = after;
            }
        }
    }
    text
}
