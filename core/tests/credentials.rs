//! Credentials: each form that WeChat or its users produce is read, each way of getting them wrong has its
//! own name.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::pedantic, reason = "tests")]

mod support;

use std::path::PathBuf;

use redpack::{
    Advice, Client, CredentialFault, Credentials, ErrorKind, Finding, Outcome, Roots, Scope, Secret,
};
use support::{APPID, MCH_ID, Server, Tls, order, pki, success};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).expect("a fixture")
}

fn build(credentials: Credentials) -> Result<Client, redpack::Error> {
    Client::builder(MCH_ID, APPID, support::key()).credentials(credentials).build()
}

#[test]
fn every_form_is_read_and_works_over_tls() {
    // The server trusts the issuer of the fixtures.
    let client_ca = Some(String::from_utf8(bytes("ca.pem")).expect("text"));
    let server = Server::with_tls(Tls { client_ca, ..Tls::default() }, |_, _| support::Reply::ok(success()));
    let escaped =
        |name: &str| String::from_utf8(bytes(name)).expect("text").replace('\n', "\\n").into_bytes();
    let both = [bytes("cert.other-merchant.pem"), bytes("cert.pem")].concat();
    let passphrase = |text: &str| Some(Secret::new(text));
    let forms = [
        ("PKCS#8", Credentials::pem_files(fixture("cert.pem"), fixture("key.pem"))),
        ("PKCS#1", Credentials::pem_files(fixture("cert.pem"), fixture("key.pkcs1.pem"))),
        ("literal \\n", Credentials::pem(&escaped("cert.pem"), &escaped("key.pem"))),
        ("old p12", Credentials::pkcs12_file(fixture("mch.p12"), None)),
        ("modern p12", Credentials::pkcs12(&bytes("modern.p12"), None)),
        ("3DES p12", Credentials::pkcs12_file(fixture("des.p12"), None)),
        ("p12 without a MAC", Credentials::pkcs12_file(fixture("nomac.p12"), None)),
        (
            "another passphrase",
            Credentials::pkcs12_file(fixture("passphrase-other.p12"), passphrase("other")),
        ),
    ];
    let count = forms.len();
    for (what, credentials) in forms {
        let client = support::builder(&server)
            .credentials(credentials)
            .build()
            .unwrap_or_else(|e| panic!("{what}: {e}"));
        client.send(&order()).unwrap_or_else(|error| panic!("{what}: {error}"));
    }
    assert_eq!(server.requests(), count);
    // A chain in whatever order: the certificate that fits the key goes first (here two fit; the first wins).
    assert_eq!(
        build(Credentials::pem(&both, &bytes("key.pem"))).expect_err("the first one").credential_fault(),
        Some(CredentialFault::OtherMerchant)
    );
}

#[test]
fn each_fault_is_named_apart() {
    use CredentialFault as F;
    let expired = pki().client_for(MCH_ID, 2016);
    let pem = |certificate: &str, key: &str| Credentials::pem(&bytes(certificate), &bytes(key));
    let cases = [
        (F::UnreadableFile, Credentials::pem_files("/nonexistent", fixture("key.pem"))),
        (F::UnreadableFile, Credentials::pkcs12_file(fixture("."), None)),
        (F::NoCertificate, pem("key.pem", "key.pem")),
        (F::NoCertificate, Credentials::pem(b"", &bytes("key.pem"))),
        (
            F::NoCertificate,
            Credentials::pem(b"-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n", b""),
        ),
        (F::NoPrivateKey, pem("cert.pem", "cert.pem")),
        (F::NoPrivateKey, Credentials::pem(&bytes("cert.pem"), b"\xff\0")),
        (F::EncryptedKey, pem("cert.pem", "key.encrypted.pem")),
        (F::EncryptedKey, pem("cert.pem", "key.traditional-encrypted.pem")),
        (
            F::UnusableKey,
            Credentials::pem(
                &bytes("cert.pem"),
                b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            ),
        ),
        (F::KeyMismatch, pem("cert.pem", "other.key.pem")),
        (F::NotPkcs12, Credentials::pkcs12_file(fixture("cert.pem"), None)),
        (F::NotPkcs12, Credentials::pkcs12(b"", None)),
        (F::NotPkcs12, Credentials::pkcs12(&bytes("mch.p12")[..500], None)),
        (F::WrongPassphrase, Credentials::pkcs12_file(fixture("mch.p12"), Some(Secret::new("1900000110")))),
        (F::WrongPassphrase, Credentials::pkcs12_file(fixture("modern.p12"), Some(Secret::new("")))),
        (F::WrongPassphrase, Credentials::pkcs12_file(fixture("nomac.p12"), Some(Secret::new("x")))),
        (F::WrongPassphrase, Credentials::pkcs12_file(fixture("passphrase-other.p12"), None)),
        (F::NoPrivateKey, Credentials::pkcs12_file(fixture("nokey.p12"), None)),
        (F::OtherMerchant, pem("cert.other-merchant.pem", "key.pem")),
        (F::Expired, Credentials::pem(expired.0.as_bytes(), expired.1.as_bytes())),
    ];
    for (fault, credentials) in cases {
        let error = build(credentials).expect_err(fault.as_str());
        assert_eq!(error.credential_fault(), Some(fault), "{error}");
        assert_eq!(
            (error.kind(), error.outcome(), error.advice(), error.scope()),
            (ErrorKind::Credentials, Outcome::NotSent, Advice::FixSetup, Scope::Merchant)
        );
    }
    let without = Client::builder(MCH_ID, APPID, support::key()).build().expect_err("none given");
    assert_eq!(without.credential_fault(), Some(F::Missing));
    for key in ["", "short", &"x".repeat(33), &format!("{}\n", "x".repeat(31)), &"钥".repeat(11)] {
        let good = Credentials::pem_files(fixture("cert.pem"), fixture("key.pem"));
        let error = Client::builder(MCH_ID, APPID, Secret::new(key))
            .credentials(good)
            .build()
            .expect_err("a bad key");
        assert_eq!(error.credential_fault(), Some(F::ApiKey), "{error}");
    }
    for roots in [Roots::file("/nonexistent"), Roots::file(fixture("key.pem")), Roots::pem(b"x")] {
        let good = Credentials::pem_files(fixture("cert.pem"), fixture("key.pem"));
        let error = Client::builder(MCH_ID, APPID, support::key())
            .credentials(good)
            .roots(roots)
            .build()
            .expect_err("roots");
        assert!(matches!(error.credential_fault(), Some(F::Roots | F::UnreadableFile)), "{error}");
    }
}

#[test]
fn a_certificate_that_expires_under_a_running_client_stops_it() {
    let server = Server::always(success());
    let soon = time::OffsetDateTime::now_utc() + time::Duration::seconds(2);
    let pair = pki().client_expiring_at(MCH_ID, soon);
    let credentials = Credentials::pem(pair.0.as_bytes(), pair.1.as_bytes());
    let client = support::builder(&server).credentials(credentials).build().expect("valid still");
    client.send(&order()).expect("sent");
    std::thread::sleep(std::time::Duration::from_millis(3100));
    let error = client.send(&order()).expect_err("expired");
    assert_eq!((error.outcome(), error.advice()), (Outcome::NotSent, Advice::FixSetup), "{error}");
    assert_eq!(
        (error.credential_fault(), error.mch_billno()),
        (Some(CredentialFault::Expired), Some(support::BILLNO))
    );
    let query = client.query(&redpack::Query::new(support::BILLNO)).expect_err("expired");
    assert_eq!((query.outcome(), query.advice()), (Outcome::Unknown, Advice::FixSetup));
    assert_eq!(server.requests(), 1);
}

#[test]
fn no_damaged_pkcs12_file_does_harm() {
    let whole = bytes("mch.p12");
    for position in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[position] ^= 0x55;
        if let Err(error) = build(Credentials::pkcs12(&damaged, None)) {
            assert_eq!(error.kind(), ErrorKind::Credentials);
        }
    }
}

#[test]
fn check_tells_what_may_become_trouble_without_the_network() {
    let good = Credentials::pem_files(fixture("cert.pem"), fixture("key.pem"));
    let check = build(good).expect("a client").check();
    assert_eq!((check.mch_id.as_str(), check.certificate.common_name.as_deref()), (MCH_ID, Some(MCH_ID)));
    assert!(
        check.findings.is_empty() && check.days_left > 36_000 && check.certificate.serial_number.len() >= 16
    );
    let unusual = Credentials::pem_files(fixture("cert.unusual.pem"), fixture("key.pem"));
    let client = Client::builder(MCH_ID, "myapp", support::key())
        .credentials(unusual)
        .base_url("https://localhost:1/x/");
    let check = client.build().expect("a client").check();
    assert_eq!(check.findings, [Finding::UnusualName, Finding::UnusualHost, Finding::UnusualAppid]);
    assert_eq!(check.base_url, "https://localhost:1/x");
    let unfit = Client::builder("19 00", APPID, support::key()).build().expect_err("a bad mch_id");
    assert_eq!(unfit.kind(), ErrorKind::Configuration);
}
