//! The gateway of the scenarios, and the files that it writes for its clients.

use std::fs;
use std::io;
use std::path::Path;

use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use redpack_hostile::{MCH_ID, Server};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};

use crate::forms::{Kind, Needle, needles};

/// The canaries and the scenarios, as every language reads them.
pub const SCENARIOS: &str = include_str!("../scenarios.json");
/// The PKCS#12 files, which open with the passphrase among the values.
pub const PASSPHRASE_FILES: [&str; 2] = ["apiclient_cert.p12", "damaged.p12"];

/// The list of scenarios.
///
/// # Panics
/// Where the data are no list.
pub fn scenarios() -> Vec<Value> {
    let all: Value = serde_json::from_str(SCENARIOS).unwrap_or_default();
    all["cases"].as_array().cloned().unwrap_or_default()
}

/// A canary by its name.
pub fn value(name: &str) -> String {
    let all: Value = serde_json::from_str(SCENARIOS).unwrap_or_default();
    all["values"][name].as_str().unwrap_or_default().to_owned()
}

/// A server that answers as the scenarios say, and everything to look for.
pub struct Gateway {
    /// The server.
    pub server: Server,
    /// Every form of every canary.
    pub needles: Vec<Needle>,
}

impl Gateway {
    /// Starts it. The folder gets certificates and keys, good and bad, and `canaries.json`: the values, and every form
    /// of every canary, in hex.
    ///
    /// # Errors
    /// Where the data can't be read or the folder not written.
    pub fn start(folder: &Path) -> io::Result<Self> {
        let all: Value = serde_json::from_str(SCENARIOS)?;
        let values = all["values"].as_object().ok_or(io::ErrorKind::InvalidData)?;
        let mut cases = json!({ "about": all["about"], "cases": all["cases"] }).to_string();
        for (name, value) in values {
            cases = cases.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default());
        }
        let server = Server::playing(&cases, folder)?;
        let mut all_needles = Vec::new();
        for (name, value) in values {
            let kind = if name.ends_with("openid") { Kind::Openid } else { Kind::Secret };
            if name != "act_name" {
                let canary = value.as_str().unwrap_or_default();
                all_needles.extend(needles(name, canary.as_bytes(), kind));
            }
        }
        // What is signed has the fields in the order of their names. The journal keeps an order's own fields alike, but
        // neither the merchant number nor the nonce among them.
        let signed = format!("&mch_id={MCH_ID}&nonce_str=");
        all_needles.extend(needles("the string that is signed", signed.as_bytes(), Kind::Secret));
        for file in ["apiclient_key.pem", "another_key.pem"] {
            let pem = fs::read_to_string(folder.join(file))?;
            all_needles.extend(needles_of_key(file, &pem)?);
        }
        write_files(folder, values["passphrase"].as_str().unwrap_or_default())?;
        let listed: Vec<Value> = all_needles.iter().map(listed).collect();
        fs::write(folder.join("canaries.json"), json!({ "values": values, "needles": listed }).to_string())?;
        Ok(Self { server, needles: all_needles })
    }
}

fn listed(needle: &Needle) -> Value {
    let hex = needle.bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    json!({ "what": needle.what, "hex": hex, "openid": needle.kind == Kind::Openid })
}

/// Of a key of P-256 in PKCS#8, the number that is the secret stands at byte 36; what comes behind it is in the
/// certificate too. A line of PEM has 48 bytes, so the number is looked for in the two parts that lines cut it into.
fn needles_of_key(name: &str, pem: &str) -> io::Result<Vec<Needle>> {
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(io::Error::other)?;
    let der = key.secret_der();
    let marked = der.get(34..36) == Some(&[4, 32]);
    let (Some(first), Some(second), true) = (der.get(36..48), der.get(48..66), marked) else {
        return Err(io::Error::other("the key is not P-256 in PKCS#8"));
    };
    let mut all = needles(&format!("{name}, bytes 36 to 47"), first, Kind::Secret);
    all.extend(needles(&format!("{name}, bytes 48 to 65"), second, Kind::Secret));
    Ok(all)
}

/// Keys and files that are wrong in one way each.
fn write_files(folder: &Path, passphrase: &str) -> io::Result<()> {
    let key = fs::read_to_string(folder.join("apiclient_key.pem"))?;
    let certificate = fs::read_to_string(folder.join("apiclient_cert.pem"))?;
    let archive = pkcs12(&certificate, &key, passphrase).map_err(io::Error::other)?;
    // A byte of the key's outer form is another one; all of the secret number is there.
    let damaged = key.replacen("MIG", "MIK", 1);
    let cut = key.split_inclusive('\n').take_while(|line| !line.contains("END")).collect::<String>();
    let mut broken = archive.clone();
    broken.truncate(archive.len() * 3 / 4);
    for (name, bytes) in [
        ("damaged_key.pem", damaged.as_bytes()),
        ("cut_key.pem", cut.as_bytes()),
        ("encrypted_key.pem", key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY").as_bytes()),
        (PASSPHRASE_FILES[0], &archive),
        (PASSPHRASE_FILES[1], &broken),
    ] {
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

fn pkcs12(
    certificate: &str,
    key: &str,
    passphrase: &str,
) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes())?;
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes())?;
    let chain = PrivateKeyChain::new(
        b"redpack".to_vec(),
        PrivateKey::from_der(key.secret_der())?,
        [Certificate::from_der(&certificate)?],
    );
    let mut store = KeyStore::new();
    store.add_entry("Tenpay Certificate", KeyStoreEntry::PrivateKeyChain(chain));
    Ok(store.writer(passphrase).write()?)
}
