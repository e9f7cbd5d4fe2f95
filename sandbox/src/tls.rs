//! Mutual TLS as the service does it: whoever comes is heard, and told in XML (or by the web server, in
//! HTML) what is wrong with their certificate.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error as TlsError, RootCertStore,
    ServerConfig, ServerConnection, SignatureScheme, SupportedProtocolVersion,
};
use x509_cert::Certificate;
use x509_cert::der::Decode;

use crate::certificates::{Authority, Pair};
use crate::error::SandboxError;
use crate::policy::TlsVersions;

/// What the gateway thinks of a client's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ClientCertificate {
    /// None was shown.
    Missing,
    /// From the sandbox's own authority, for this merchant number.
    Merchant(String),
    /// From the sandbox's own authority, but expired.
    Expired,
    /// From anybody else.
    Foreign,
}

/// Completes the handshake with any certificate whose owner has its key; [`Verifier::judge`] tells later
/// what it was worth.
#[derive(Debug)]
pub(crate) struct Verifier {
    trusted: Arc<dyn ClientCertVerifier>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    pub fn new(authority: &Authority) -> Result<Self, SandboxError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(authority.der().clone()).map_err(|error| SandboxError::certificates(&error))?;
        let trusted = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| SandboxError::certificates(&error))?;
        Ok(Self { trusted, provider })
    }

    /// Judges the certificate of a connection.
    pub fn judge(&self, connection: &ServerConnection) -> ClientCertificate {
        let Some([end_entity, intermediates @ ..]) = connection.peer_certificates() else {
            return ClientCertificate::Missing;
        };
        let at = |time| self.trusted.verify_client_cert(end_entity, intermediates, time);
        match at(UnixTime::now()) {
            Ok(_) => ClientCertificate::Merchant(common_name(end_entity).unwrap_or_default()),
            // The verifier looks at dates first: was it one of ours on its last day?
            Err(TlsError::InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. },
            )) if last_day(end_entity).is_some_and(|day| at(day).is_ok()) => ClientCertificate::Expired,
            Err(_) => ClientCertificate::Foreign,
        }
    }
}

fn common_name(certificate: &CertificateDer<'_>) -> Option<String> {
    let certificate = Certificate::from_der(certificate).ok()?;
    certificate.tbs_certificate().subject().common_name().ok().flatten().map(String::from)
}

fn last_day(certificate: &CertificateDer<'_>) -> Option<UnixTime> {
    let certificate = Certificate::from_der(certificate).ok()?;
    Some(UnixTime::since_unix_epoch(certificate.tbs_certificate().validity().not_after.to_unix_duration()))
}

impl ClientCertVerifier for Verifier {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        // No hints: some clients show no certificate at all if their issuer is not among them.
        &[]
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, TlsError> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The server's side of TLS, in every form that a policy or a fault can ask for.
pub(crate) struct Configs {
    both: Arc<ServerConfig>,
    tls12: Arc<ServerConfig>,
    tls13: Arc<ServerConfig>,
    /// Refuses every client's certificate in the handshake.
    refusing: Arc<ServerConfig>,
}

impl Configs {
    pub fn new(server: &Pair, verifier: &Arc<Verifier>, stranger: &Authority) -> Result<Self, SandboxError> {
        let lenient = || Arc::clone(verifier) as Arc<dyn ClientCertVerifier>;
        Ok(Self {
            both: config(server, lenient(), rustls::ALL_VERSIONS)?,
            tls12: config(server, lenient(), &[&rustls::version::TLS12])?,
            tls13: config(server, lenient(), &[&rustls::version::TLS13])?,
            refusing: config(server, Verifier::new(stranger)?.trusted, rustls::ALL_VERSIONS)?,
        })
    }

    pub fn speaking(&self, versions: TlsVersions) -> Arc<ServerConfig> {
        Arc::clone(match versions {
            TlsVersions::Both => &self.both,
            TlsVersions::Tls12 => &self.tls12,
            TlsVersions::Tls13 => &self.tls13,
        })
    }

    pub fn refusing(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.refusing)
    }
}

fn config(
    server: &Pair,
    verifier: Arc<dyn ClientCertVerifier>,
    versions: &[&'static SupportedProtocolVersion],
) -> Result<Arc<ServerConfig>, SandboxError> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server.key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .and_then(|builder| {
            builder
                .with_client_cert_verifier(verifier)
                .with_single_cert(vec![server.certificate.der().clone()], key)
        })
        .map_err(|error| SandboxError::certificates(&error))?;
    Ok(Arc::new(config))
}
