//! Throw-away certificates: good ones and those that prove nothing.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};

use crate::case::{Case, Certificate};

/// The merchant of every case: the client certificate's name.
pub const MCH_ID: &str = "1900000109";

/// PEM certificate and PEM key.
pub(crate) type Pair = (String, String);

pub(crate) struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new(name: &str) -> io::Result<Self> {
        let make = || {
            let key = KeyPair::generate()?;
            let mut params = CertificateParams::new(Vec::new())?;
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            let pem = params.self_signed(&key)?.pem();
            Ok(Self { pem, issuer: Issuer::new(params, key) })
        };
        make().map_err(|error: rcgen::Error| io::Error::other(error))
    }

    pub fn client(&self) -> io::Result<Pair> {
        pair(Some(&self.issuer), &[], ExtendedKeyUsagePurpose::ClientAuth, 4096)
    }

    fn server(&self, name: &str, until: i32) -> io::Result<Pair> {
        pair(Some(&self.issuer), &[name], ExtendedKeyUsagePurpose::ServerAuth, until)
    }
}

/// Without an issuer it signs itself.
fn pair(
    issuer: Option<&Issuer<'_, KeyPair>>,
    names: &[&str],
    usage: ExtendedKeyUsagePurpose,
    until: i32,
) -> io::Result<Pair> {
    let make = || {
        let key = KeyPair::generate()?;
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, MCH_ID);
        params.extended_key_usages = vec![usage];
        params.not_before = rcgen::date_time_ymd(2015, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let certificate = match issuer {
            Some(issuer) => params.signed_by(&key, issuer)?,
            None => params.self_signed(&key)?,
        };
        Ok((certificate.pem(), key.serialize_pem()))
    };
    make().map_err(|error: rcgen::Error| io::Error::other(error))
}

/// How a case's server speaks TLS.
pub(crate) fn config(case: &Case, authority: &Authority, other: &Authority) -> io::Result<Arc<ServerConfig>> {
    let (certificate, key) = match case.certificate {
        Certificate::Usual => authority.server("127.0.0.1", 4096)?,
        Certificate::WrongHost => authority.server("example.com", 4096)?,
        Certificate::Expired => authority.server("127.0.0.1", 2016)?,
        Certificate::SignedByItself => pair(None, &["127.0.0.1"], ExtendedKeyUsagePurpose::ServerAuth, 4096)?,
        Certificate::AnotherAuthority => other.server("127.0.0.1", 4096)?,
    };
    let trusted = if case.refuses_clients { other } else { authority };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(der(&trusted.pem)?).map_err(io::Error::other)?;
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_client_cert_verifier(verifier.map_err(io::Error::other)?)
        .with_single_cert(
            vec![der(&certificate)?],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(io::Error::other)?,
        )
        .map_err(io::Error::other)?;
    // Nothing but the handshake and the answer: an alert of ours is the first thing after them.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.enable_secret_extraction = true;
    Ok(Arc::new(config))
}

fn der(pem: &str) -> io::Result<CertificateDer<'static>> {
    CertificateDer::from_pem_slice(pem.as_bytes()).map_err(io::Error::other)
}
