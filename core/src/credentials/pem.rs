//! PEM files: certificates and private keys.
//!
//! Read here and not by a library, since what decodes a private key must clear every buffer that it used.

use base64ct::{Base64, Encoding};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use super::{CredentialFault, Key, KeyForm, fault};
use crate::error::Error;

/// All certificates of a PEM text, in file order.
pub(super) fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = with_line_breaks(bytes);
    let unreadable =
        || fault(CredentialFault::NoCertificate, "the certificate is not a readable PEM certificate");
    let mut all = Vec::new();
    for section in Sections(&text) {
        if section.label == b"CERTIFICATE" {
            let der = section.decoded().ok_or_else(unreadable)?;
            all.push(CertificateDer::from(der.to_vec()));
        }
    }
    if all.is_empty() { Err(unreadable()) } else { Ok(all) }
}

/// The first private key of a PEM text.
pub(super) fn private_key(bytes: &[u8]) -> Result<Key, Error> {
    let text = with_line_breaks(bytes);
    let contains = |needle: &[u8]| text.windows(needle.len()).any(|window| window == needle);
    if contains(b"BEGIN ENCRYPTED PRIVATE KEY") || contains(b"Proc-Type: 4,ENCRYPTED") {
        let message = "the private key is encrypted: decrypt it with `openssl pkey -in KEY -out PLAIN_KEY`, \
                       or give apiclient_cert.p12 instead";
        return Err(fault(CredentialFault::EncryptedKey, message));
    }
    for section in Sections(&text) {
        let form = match section.label {
            b"PRIVATE KEY" => KeyForm::Pkcs8,
            b"RSA PRIVATE KEY" => KeyForm::Pkcs1,
            b"EC PRIVATE KEY" => KeyForm::Sec1,
            _ => continue,
        };
        let damaged = || fault(CredentialFault::UnusableKey, "the private key's PEM is damaged");
        return Ok(Key { form, der: section.decoded().ok_or_else(damaged)? });
    }
    Err(fault(CredentialFault::NoPrivateKey, "there is no PEM private key in what was given as one"))
}

impl Key {
    /// The key as rustls wants it: borrowed, so that no copy is left behind.
    pub(super) fn borrowed(&self) -> PrivateKeyDer<'_> {
        let der = self.der.as_slice();
        match self.form {
            KeyForm::Pkcs8 => PrivateKeyDer::Pkcs8(der.into()),
            KeyForm::Pkcs1 => PrivateKeyDer::Pkcs1(der.into()),
            KeyForm::Sec1 => PrivateKeyDer::Sec1(der.into()),
        }
    }
}

/// What stands between a BEGIN line and its END line.
struct Section<'a> {
    label: &'a [u8],
    /// Everything between the two lines; `None` if the second one is missing.
    body: Option<&'a [u8]>,
}

impl Section<'_> {
    fn decoded(&self) -> Option<Zeroizing<Vec<u8>>> {
        let body = self.body?;
        let mut digits = Zeroizing::new(Vec::with_capacity(body.len()));
        digits.extend(body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
        let mut der = Zeroizing::new(vec![0; digits.len() / 4 * 3]);
        let length = Base64::decode(digits.as_slice(), der.as_mut_slice()).ok()?.len();
        der.truncate(length);
        (!der.is_empty()).then_some(der)
    }
}

/// The sections of a text, one after the other; whatever stands between them is ignored.
struct Sections<'a>(&'a [u8]);

impl<'a> Sections<'a> {
    fn line(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = self.0.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(self.0.len());
        let line = &self.0[..end];
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        Some(line.trim_ascii())
    }
}

impl<'a> Iterator for Sections<'a> {
    type Item = Section<'a>;

    fn next(&mut self) -> Option<Section<'a>> {
        let between = |line: &'a [u8], start: &[u8]| line.strip_prefix(start)?.strip_suffix(b"-----");
        loop {
            let Some(label) = between(self.line()?, b"-----BEGIN ") else { continue };
            let inside = self.0;
            loop {
                let before = self.0;
                let Some(line) = self.line() else { return Some(Section { label, body: None }) };
                if between(line, b"-----END ") == Some(label) {
                    let body = &inside[..inside.len() - before.len()];
                    return Some(Section { label, body: Some(body) });
                }
                // Another BEGIN: this section was never ended, and the next one is a section of its own.
                if line.starts_with(b"-----BEGIN ") {
                    self.0 = before;
                    return Some(Section { label, body: None });
                }
            }
        }
    }
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
