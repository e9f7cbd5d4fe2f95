//! Certificates of our own making, one set for a whole test program.

use std::sync::OnceLock;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use super::MCH_ID;

/// PEM certificate and PEM key.
pub type Pair = (String, String);

pub struct Pki {
    pub ca_pem: String,
    pub server: Pair,
    pub client: Pair,
    issuer: Issuer<'static, KeyPair>,
}

pub fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| Pki::named("redpack test CA"))
}

impl Pki {
    pub fn named(ca: &str) -> Self {
        let key = KeyPair::generate().expect("key");
        let mut params = CertificateParams::new(Vec::new()).expect("params");
        params.distinguished_name.push(DnType::CommonName, ca);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ca_pem = params.self_signed(&key).expect("CA").pem();
        let issuer = Issuer::new(params, key);
        let server = server_pair(&issuer, &["localhost", "127.0.0.1"], 4096);
        let client = client_pair(&issuer, MCH_ID, 4096);
        Self { ca_pem, server, client, issuer }
    }

    /// A server certificate for other names, or one that expires in that year.
    pub fn server_for(&self, names: &[&str], until: i32) -> Pair {
        server_pair(&self.issuer, names, until)
    }

    /// A server certificate for these tests' address, with something changed.
    pub fn server_with(
        &self,
        usage: ExtendedKeyUsagePurpose,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Pair {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("params");
        params.not_before = rcgen::date_time_ymd(2015, 1, 1);
        change(&mut params);
        let key = KeyPair::generate().expect("key");
        params.extended_key_usages = vec![usage];
        (params.signed_by(&key, &self.issuer).expect("certificate").pem(), key.serialize_pem())
    }

    /// A server certificate that signed itself.
    pub fn server_signed_by_itself(&self) -> Pair {
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("params");
        let key = KeyPair::generate().expect("key");
        (params.self_signed(&key).expect("certificate").pem(), key.serialize_pem())
    }

    /// A server certificate that another server's certificate signed, which is no CA.
    pub fn server_signed_by_a_server(&self) -> Pair {
        let key = KeyPair::generate().expect("key");
        let params = CertificateParams::new(vec!["example.com".to_owned()]).expect("params");
        let middle = params.signed_by(&key, &self.issuer).expect("certificate").pem();
        let (leaf, leaf_key) = server_pair(&Issuer::new(params, key), &["127.0.0.1"], 4096);
        (leaf + &middle, leaf_key)
    }

    /// A client certificate that expires in a moment.
    pub fn client_expiring_at(&self, name: &str, at: time::OffsetDateTime) -> Pair {
        let mut params = CertificateParams::new(Vec::new()).expect("params");
        params.not_after = at;
        finish(&self.issuer, params, name, ExtendedKeyUsagePurpose::ClientAuth)
    }

    /// A client certificate with another name, or one that expires in that year.
    pub fn client_for(&self, name: &str, until: i32) -> Pair {
        client_pair(&self.issuer, name, until)
    }
}

fn server_pair(issuer: &Issuer<'_, KeyPair>, names: &[&str], until: i32) -> Pair {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    pair(
        issuer,
        CertificateParams::new(names).expect("params"),
        "server",
        ExtendedKeyUsagePurpose::ServerAuth,
        until,
    )
}

fn client_pair(issuer: &Issuer<'_, KeyPair>, name: &str, until: i32) -> Pair {
    pair(
        issuer,
        CertificateParams::new(Vec::new()).expect("params"),
        name,
        ExtendedKeyUsagePurpose::ClientAuth,
        until,
    )
}

fn pair(
    issuer: &Issuer<'_, KeyPair>,
    mut params: CertificateParams,
    name: &str,
    usage: ExtendedKeyUsagePurpose,
    until: i32,
) -> Pair {
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    finish(issuer, params, name, usage)
}

fn finish(
    issuer: &Issuer<'_, KeyPair>,
    mut params: CertificateParams,
    name: &str,
    usage: ExtendedKeyUsagePurpose,
) -> Pair {
    let key = KeyPair::generate().expect("key");
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![usage];
    params.not_before = rcgen::date_time_ymd(2015, 1, 1);
    let certificate = params.signed_by(&key, issuer).expect("certificate");
    (certificate.pem(), key.serialize_pem())
}
