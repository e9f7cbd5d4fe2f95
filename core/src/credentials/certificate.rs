//! What a certificate says of itself.

use rustls::pki_types::CertificateDer;
use serde::Serialize;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::{CredentialFault, fault};
use crate::error::Error;
use crate::timestamp::Timestamp;

/// The merchant certificate, as far as `check()` and errors show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateSummary {
    /// The subject's common name: with WeChat's certificates the merchant number.
    pub common_name: Option<String>,
    /// The serial number in upper-case hex, as the merchant platform shows it.
    pub serial_number: String,
    /// When it begins to be valid.
    pub not_before: Timestamp,
    /// When it expires.
    pub not_after: Timestamp,
}

impl CertificateSummary {
    /// Whether a name looks like a merchant number: 8 to 10 digits.
    pub fn is_merchant_number(name: &str) -> bool {
        (8..=10).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Reads the first certificate of a chain.
pub(super) fn summary(chain: &[CertificateDer<'_>]) -> Result<CertificateSummary, Error> {
    let unreadable = || fault(CredentialFault::NoCertificate, "the certificate can't be read as X.509");
    let first = chain.first().ok_or_else(unreadable)?;
    let certificate = Certificate::from_der(first).map_err(|_| unreadable())?;
    let body = certificate.tbs_certificate();
    let serial: Vec<String> =
        body.serial_number().as_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
    let common_name = body.subject().common_name().ok().flatten();
    Ok(CertificateSummary {
        common_name: common_name.map(String::from),
        serial_number: serial.concat(),
        not_before: body.validity().not_before.to_system_time().into(),
        not_after: body.validity().not_after.to_system_time().into(),
    })
}
