//! Client certificates: whoever comes completes the handshake, and hears afterwards what is wrong.

use std::sync::Arc;

use rustls::version::{TLS12, TLS13};

use crate::connection::{order, query, result, start};

#[test]
fn a_merchant_is_served_over_both_versions_of_tls() {
    let started = start();
    for (versions, name, expected) in [
        ([&TLS12], "a1", rustls::ProtocolVersion::TLSv1_2),
        ([&TLS13], "a2", rustls::ProtocolVersion::TLSv1_3),
    ] {
        let mut connection = started.connect_as(Some(started.merchant()), &versions);
        let answer = connection.post("sendredpack", &started.signed(&order(name, &[]))).xml();
        assert_eq!(result(&answer).0, "SUCCESS");
        assert_eq!(connection.stream.conn.protocol_version(), Some(expected));
    }
}

#[test]
fn no_certificate_a_wrong_one_and_an_expired_one_are_ca_errors() {
    let started = start();
    let sandbox = &started.sandbox;
    let other = sandbox.issue_client_certificate("1900000999").expect("a certificate");
    let expired = sandbox.expired_client_certificate(sandbox.mch_id()).expect("a certificate");
    let expired_other = sandbox.expired_client_certificate("1900000999").expect("a certificate");
    for (identity, text) in [
        (None, "CA证书出错，请登录微信支付商户平台下载证书"),
        (Some(other), "证书出错"),
        (Some(expired), "证书已过期"),
        (Some(expired_other), "证书已过期"),
    ] {
        for versions in [[&TLS12], [&TLS13]] {
            let mut connection = started.connect_as(identity.clone(), &versions);
            let answer = connection.post("sendredpack", &started.signed(&order("a1", &[]))).xml();
            assert_eq!(result(&answer), ("FAIL", "CA_ERROR", text));
            assert_eq!(answer.text_of("mch_billno"), Some("a1"));
            assert_eq!(answer.text_of("total_amount"), Some("100"));
            let answer = connection.post("gethbinfo", &started.signed(&query("a1"))).xml();
            assert_eq!(result(&answer).1, "CA_ERROR");
            let answer = connection.post("sendgroupredpack", &started.signed(&order("a1", &[]))).xml();
            assert_eq!(result(&answer).1, "CA_ERROR");
        }
    }
    assert!(started.sandbox.ledger().orders.is_empty());
}

#[test]
fn a_strangers_certificate_gets_the_web_servers_page() {
    let started = start();
    let foreign = || started.sandbox.foreign_client_certificate("1900000109").expect("a certificate");
    for versions in [[&TLS12], [&TLS13]] {
        let mut connection = started.connect_as(Some(foreign()), &versions);
        let reply = connection.post("sendredpack", &started.signed(&order("a1", &[])));
        assert_eq!(reply.status, 400);
        assert!(reply.body.starts_with("<html>") && reply.body.contains("The SSL certificate error"));
        assert!(reply.head.contains("content-type: text/html") && reply.head.contains("connection: close"));
    }
    assert_eq!(started.sandbox.ledger().totals.sends, 0);
}

#[test]
fn a_certificate_without_its_key_does_not_get_in() {
    let started = start();
    let (certificate, _) = started.merchant();
    let (_, other_key) = started.sandbox.issue_client_certificate("1900000999").expect("a certificate");
    // rustls refuses a mismatched pair by itself, so the pair is put together behind its back.
    let signer = rustls::crypto::ring::sign::any_ecdsa_type(
        &rustls::pki_types::pem::PemObject::from_pem_slice(other_key.as_bytes()).expect("a key"),
    );
    let certificate = rustls::pki_types::pem::PemObject::from_pem_slice(certificate.as_bytes()).expect("PEM");
    let pair = rustls::sign::CertifiedKey::new(vec![certificate], signer.expect("a signer"));
    let mut connection = started.connect_with(rustls::ALL_VERSIONS, |builder| {
        builder.with_client_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(pair)))
    });
    let body = started.signed(&order("a1", &[]));
    let request = format!(
        "POST /mmpaymkttransfers/sendredpack HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert!(connection.exchange(&request).is_err());
    let totals = started.sandbox.ledger().totals;
    assert_eq!((totals.tls_handshakes, totals.requests), (0, 0));
}
