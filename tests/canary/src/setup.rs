//! What a scenario gives its client, for the runners in Rust.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::gateway::value;

/// Certificate and key as files.
pub struct Files {
    /// The certificate, or the PKCS#12 file.
    pub certificate: PathBuf,
    /// The private key; none of PKCS#12.
    pub key: Option<PathBuf>,
    /// The passphrase, of PKCS#12.
    pub passphrase: Option<String>,
    /// Whether the contents are given, and not the paths.
    pub as_bytes: bool,
}

/// The credentials that go by that name in the scenarios.
///
/// # Panics
/// Of a name that nobody knows.
#[allow(clippy::panic, reason = "the data are the tests' own")]
pub fn files(folder: &Path, credentials: &str) -> Files {
    let pem = |certificate: &str, key: &str, as_bytes| Files {
        certificate: folder.join(certificate),
        key: Some(folder.join(key)),
        passphrase: None,
        as_bytes,
    };
    let pkcs12 = |file: &str, passphrase: String, as_bytes| Files {
        certificate: folder.join(file),
        key: None,
        passphrase: Some(passphrase),
        as_bytes,
    };
    let good = "apiclient_cert.pem";
    match credentials {
        "pem_files" => pem(good, "apiclient_key.pem", false),
        "pem_bytes" => pem(good, "apiclient_key.pem", true),
        "pkcs12_file" => pkcs12("apiclient_cert.p12", value("passphrase"), false),
        "pkcs12_bytes" => pkcs12("apiclient_cert.p12", value("passphrase"), true),
        "wrong_passphrase" => pkcs12("apiclient_cert.p12", value("passphrase") + "?", true),
        "damaged_pkcs12" => pkcs12("damaged.p12", value("passphrase"), true),
        "key_as_certificate" => pem("apiclient_key.pem", "apiclient_key.pem", true),
        "unreadable" => pem(good, "no such folder/apiclient_key.pem", false),
        "damaged_key" | "cut_key" | "another_key" | "encrypted_key" => {
            pem(good, &format!("{credentials}.pem"), true)
        }
        other => panic!("no credentials are called {other}"),
    }
}

/// The API key of a scenario.
pub fn api_key(client: &Value) -> String {
    match client["api_key"].as_str() {
        None => value("api_key"),
        Some("blank") => value("api_key").replace('~', " "),
        Some(_) => value("api_key") + "!",
    }
}

/// A text of a scenario, with its canaries.
pub fn filled(text: &str) -> String {
    let names = ["journal_password", "openid", "api_key", "another_openid"];
    names.iter().fold(text.to_owned(), |text, name| text.replace(&format!("{{{name}}}"), &value(name)))
}

/// The fields of a scenario's order. Its number is the scenario's own.
pub fn fields(client: &Value, number: &str) -> Vec<(String, String)> {
    let usual = [
        ("mch_billno", number.to_owned()),
        ("re_openid", value("openid")),
        ("total_amount", "100".into()),
        ("send_name", "天虹百货".into()),
        ("act_name", value("act_name")),
        ("wishing", "元宵节快乐".into()),
        ("remark", "快来抢".into()),
    ];
    let changed = |name: &str| client["fields"][name].as_str().map(filled);
    usual.into_iter().map(|(name, value)| (name.to_owned(), changed(name).unwrap_or(value))).collect()
}
