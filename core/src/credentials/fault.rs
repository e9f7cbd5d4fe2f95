//! The ways of getting credentials wrong, each named apart.

use std::fmt;

use serde::Serialize;

use crate::outcome::words;

words! {
    /// What is wrong with certificate, private key, passphrase or API key.
    CredentialFault {
        /// A file can't be read.
        UnreadableFile = "unreadable_file",
        /// The API key is not 32 visible ASCII characters.
        ApiKey = "api_key",
        /// No certificate and key were given at all.
        Missing = "missing",
        /// The certificate file holds no PEM certificate that can be read.
        NoCertificate = "no_certificate",
        /// The key file, or the PKCS#12 file, holds no private key.
        NoPrivateKey = "no_private_key",
        /// The private key is encrypted: decrypt it first.
        EncryptedKey = "encrypted_key",
        /// There is a private key, but not one that can be used (damaged, or of an unknown kind).
        UnusableKey = "unusable_key",
        /// The private key does not belong to the certificate.
        KeyMismatch = "key_mismatch",
        /// The file is not PKCS#12 (or in the rare BER form, which OpenSSL can turn into DER).
        NotPkcs12 = "not_pkcs12",
        /// The passphrase does not open the PKCS#12 file.
        WrongPassphrase = "wrong_passphrase",
        /// The certificate has expired.
        Expired = "expired",
        /// The certificate belongs to another merchant number.
        OtherMerchant = "other_merchant",
        /// The bundle of trusted server certificates is empty or unreadable.
        Roots = "roots",
    }
}
