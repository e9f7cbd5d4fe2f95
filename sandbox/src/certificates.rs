//! Throw-away certificates: an authority of the sandbox's own, and what it vouches for.

use std::net::{Ipv4Addr, Ipv6Addr};

use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use time::{Duration, OffsetDateTime};

use crate::error::SandboxError;

/// The authority's common name, by which a later run knows its own files.
pub(crate) const AUTHORITY: &str = "redpack sandbox authority (throw-away)";

/// As long as WeChat's merchant certificates last.
const CLIENT_DAYS: i64 = 5 * 365;
/// The longest that every client accepts from a server.
const SERVER_DAYS: i64 = 397;
const AUTHORITY_DAYS: i64 = 10 * 365;
/// Where everything's validity starts, so that a clock that is behind does no harm and an expired
/// certificate can be made.
const START: (i32, u8, u8) = (2020, 1, 1);

/// A certificate and its private key.
pub(crate) struct Pair {
    pub certificate: rcgen::Certificate,
    pub key: KeyPair,
}

impl Pair {
    /// Certificate and PKCS#8 key as PEM.
    pub fn pem(&self) -> (String, String) {
        (self.certificate.pem(), self.key.serialize_pem())
    }
}

/// An authority that vouches for the gateway and for merchants.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
    pem: String,
}

impl Authority {
    pub fn new(name: &str) -> Result<Self, SandboxError> {
        let key = KeyPair::generate().map_err(|error| SandboxError::certificates(&error))?;
        let params = authority_params(name);
        let certificate = params.self_signed(&key).map_err(|error| SandboxError::certificates(&error))?;
        let (der, pem) = (certificate.der().clone(), certificate.pem());
        Ok(Self { issuer: Issuer::new(params, key), der, pem })
    }

    /// The authority of a former run. The caller has checked that key and certificate belong together.
    pub fn again(name: &str, pem: String, key: KeyPair) -> Result<Self, SandboxError> {
        let der = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|error| SandboxError::certificates(&error))?
            .into_owned();
        Ok(Self { issuer: Issuer::new(authority_params(name), key), der, pem })
    }

    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    pub fn pem(&self) -> &str {
        &self.pem
    }

    pub fn key_pem(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    pub fn server(&self) -> Result<Pair, SandboxError> {
        let until = OffsetDateTime::now_utc() + Duration::days(SERVER_DAYS);
        let from = OffsetDateTime::now_utc() - Duration::DAY;
        let names = ["localhost", "127.0.0.1", "::1"];
        self.pair(&names, "localhost", ExtendedKeyUsagePurpose::ServerAuth, from, until)
    }

    /// A merchant certificate as WeChat makes them: the common name is the merchant number.
    pub fn client(&self, mch_id: &str) -> Result<Pair, SandboxError> {
        self.client_until(mch_id, OffsetDateTime::now_utc() + Duration::days(CLIENT_DAYS))
    }

    /// One that expired yesterday.
    pub fn expired_client(&self, mch_id: &str) -> Result<Pair, SandboxError> {
        self.client_until(mch_id, OffsetDateTime::now_utc() - Duration::DAY)
    }

    fn client_until(&self, mch_id: &str, until: OffsetDateTime) -> Result<Pair, SandboxError> {
        self.pair(&[], mch_id, ExtendedKeyUsagePurpose::ClientAuth, start(), until)
    }

    fn pair(
        &self,
        names: &[&str],
        common_name: &str,
        usage: ExtendedKeyUsagePurpose,
        from: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Pair, SandboxError> {
        let make = || {
            let key = KeyPair::generate()?;
            let mut params =
                CertificateParams::new(names.iter().copied().map(String::from).collect::<Vec<_>>())?;
            params.distinguished_name = rcgen::DistinguishedName::new();
            params.distinguished_name.push(DnType::CommonName, common_name);
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![usage];
            params.use_authority_key_identifier_extension = true;
            params.is_ca = IsCa::ExplicitNoCa;
            (params.not_before, params.not_after) = (from, until);
            Ok(Pair { certificate: params.signed_by(&key, &self.issuer)?, key })
        };
        make().map_err(|error: rcgen::Error| SandboxError::certificates(&error))
    }

    /// Key, certificate and authority as WeChat's `apiclient_cert.p12`, with encryption that today's
    /// libraries open (PBES2 with AES-256, HMAC-SHA256).
    pub fn pkcs12(&self, client: &Pair, passphrase: &str) -> Result<Vec<u8>, SandboxError> {
        let make = || {
            let key = PrivateKey::from_der(client.key.serialized_der())?;
            let chain = [Certificate::from_der(client.certificate.der())?, Certificate::from_der(&self.der)?];
            let chain = PrivateKeyChain::new(b"redpack".to_vec(), key, chain);
            let mut store = KeyStore::new();
            store.add_entry("Tenpay Certificate", KeyStoreEntry::PrivateKeyChain(chain));
            store.writer(passphrase).write()
        };
        make().map_err(|error: p12_keystore::error::Error| SandboxError::certificates(&error))
    }
}

/// What an authority says of itself; the same for the same name, so that a former run's can go on signing.
fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // Whoever trusts this authority by mistake trusts it for this machine only.
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".into()),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(Ipv4Addr::LOCALHOST.into(), 8)),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(Ipv6Addr::LOCALHOST.into(), 128)),
        ],
        excluded_subtrees: Vec::new(),
    });
    (params.not_before, params.not_after) =
        (start(), OffsetDateTime::now_utc() + Duration::days(AUTHORITY_DAYS));
    params
}

fn start() -> OffsetDateTime {
    rcgen::date_time_ymd(START.0, START.1, START.2)
}
