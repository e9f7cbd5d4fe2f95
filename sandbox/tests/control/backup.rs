//! The backup host: the same orders, sooner or later, as the policies say.

use redpack::Fen;
use redpack::xml::Element;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::json;

use crate::asking::{advance, balance, code, get, policy, post, send, status};
use crate::connection::{Connection, Started, order, query, start};

/// A connection to the backup host.
fn backup(started: &Started) -> Connection {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(started.sandbox.ca_file()).expect("a CA")).expect("a root");
    let certificate = CertificateDer::from_pem_file(started.sandbox.cert_file()).expect("PEM");
    let key = PrivateKeyDer::from_pem_file(started.sandbox.key_file()).expect("PEM");
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate], key)
        .expect("a pair");
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let client = rustls::ClientConnection::new(config.into(), name).expect("a client");
    let address = started.sandbox.backup_url().replace("https://", "");
    let socket = std::net::TcpStream::connect(address).expect("connected");
    socket.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a limit");
    Connection { stream: rustls::StreamOwned::new(client, socket) }
}

fn ask(started: &Started, endpoint: &str, fields: &[(&str, &str)]) -> Element {
    backup(started).post(endpoint, &started.signed(fields)).xml()
}

#[test]
fn both_hosts_know_the_same_orders() {
    let started = start();
    assert_ne!(started.sandbox.backup_url(), started.sandbox.base_url());
    send(&started, "a1", &[]);
    assert_eq!(code(&ask(&started, "gethbinfo", &query("a1"))), "SUCCESS");
    assert_eq!(code(&ask(&started, "sendredpack", &order("a1", &[]))), "SUCCESS");
    assert_eq!(code(&ask(&started, "sendredpack", &order("a2", &[]))), "SUCCESS");
    assert_eq!(status(&started, "a2"), "SENT");
    assert_eq!((balance(&started), started.sandbox.ledger().totals.debits), (Fen(99_999_800), 2));
    assert_eq!(started.sandbox.ledger().totals.connections, 5);
}

#[test]
fn the_backup_host_hears_of_an_order_later() {
    let started = start();
    post(&started.sandbox, "/clock", json!({"held": true}));
    policy(&started, "backup_lag_seconds", 30);
    send(&started, "a1", &[]);
    assert_eq!(code(&ask(&started, "gethbinfo", &query("a1"))), "NOT_FOUND");
    // It doesn't pay all the same: where the money is taken, the number is known.
    assert_eq!(code(&ask(&started, "sendredpack", &order("a1", &[]))), "SUCCESS");
    advance(&started, 30);
    assert_eq!(code(&ask(&started, "gethbinfo", &query("a1"))), "SUCCESS");
    assert_eq!(started.sandbox.ledger().orders["a1"].debits, 1);
}

#[test]
fn a_backup_host_that_pays_what_it_has_not_seen_pays_twice() {
    let started = start();
    post(&started.sandbox, "/clock", json!({"held": true}));
    post(&started.sandbox, "/policy", json!({"backup_lag_seconds": 30, "backup_pays_unseen": true}));
    send(&started, "a1", &[]);
    assert_eq!(code(&ask(&started, "sendredpack", &order("a1", &[]))), "SUCCESS");
    let ledger = get(&started.sandbox, "/ledger");
    assert_eq!(ledger["orders"]["a1"]["debits"], 2);
    assert_eq!((&ledger["totals"]["debited"], balance(&started)), (&json!(200), Fen(99_999_800)));
    // Once it has heard of an order, it knows it.
    send(&started, "a2", &[]);
    advance(&started, 30);
    assert_eq!(code(&ask(&started, "sendredpack", &order("a2", &[]))), "SUCCESS");
    assert_eq!(started.sandbox.ledger().orders["a2"].debits, 1);
}

#[test]
fn a_rule_can_choose_the_host() {
    let started = start();
    post(&started.sandbox, "/faults", json!({"fault": "NO_AUTH", "backup": true}));
    assert_eq!(code(&ask(&started, "sendredpack", &order("a1", &[]))), "NO_AUTH");
    assert_eq!(send(&started, "a2", &[]), "SUCCESS");
    post(&started.sandbox, "/faults", json!({"fault": "FREQ_LIMIT", "on": "query", "backup": false}));
    assert_eq!(status(&started, "a2"), "FREQ_LIMIT");
    assert_eq!(code(&ask(&started, "gethbinfo", &query("a2"))), "SUCCESS");
}
