//! Certificates and keys, in PEM and PKCS#12: a client, or an error that names what is wrong; never a panic, and
//! never a part of what was given in an error.

use redpack::{Client, Credentials, ErrorKind, Outcome, Secret};

use crate::input::Input;

pub(crate) const CERTIFICATE: &[u8] = include_bytes!("../../../core/tests/fixtures/cert.pem");
pub(crate) const KEY: &[u8] = include_bytes!("../../../core/tests/fixtures/key.pem");

/// The first byte chooses the form.
pub fn credentials(data: &[u8]) {
    let mut input = Input(data);
    let Some(form) = input.byte() else { return };
    let credentials = match form % 4 {
        0 => Credentials::pem(CERTIFICATE, input.0),
        1 => Credentials::pem(input.0, KEY),
        2 => {
            let certificate = input.long_piece().unwrap_or_default();
            Credentials::pem(certificate, input.0)
        }
        _ => {
            // So many rounds of key derivation as a file asks for are done: its owner made it. Not here.
            if input.0.len() > 8192 || asks_for_much(input.0) {
                return;
            }
            let passphrase = ["", "1900000109", "other", "密码"][usize::from(form / 4) % 4];
            Credentials::pkcs12(input.0, Some(Secret::new(passphrase)))
        }
    };
    let built = Client::builder(crate::MCH_ID, crate::APPID, Secret::new(crate::API_KEY))
        .credentials(credentials)
        .build();
    let Err(error) = built else { return };
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Credentials, Outcome::NotSent));
    assert!(error.credential_fault().is_some(), "a fault without a name: {error}");
    let line = error.to_string();
    assert!(line.len() < 600, "{line}");
    // The names in a certificate may be shown, nothing of a key.
    if form % 4 == 0 {
        for part in data.chunks(16).filter(|part| part.len() == 16) {
            let seen = line.as_bytes().windows(16).any(|window| window == part);
            assert!(!seen || !part.iter().all(u8::is_ascii_alphanumeric), "a part of the key in: {line}");
        }
    }
}

/// Whether any integer that could be a number of rounds, or a size of memory, is above 2,047.
pub(crate) fn asks_for_much(file: &[u8]) -> bool {
    file.windows(6).any(|at| match at {
        [0x02, 2, high, ..] => *high >= 0x08,
        [0x02, 3..=8, ..] => true,
        _ => false,
    })
}
