//! New credentials for a client that is running. Calls under way finish with the old ones.

use std::ffi::c_char;

use redpack::{Credentials, Secret};

use crate::boundary::boundary;
use crate::client::redpack_client;
use crate::error::redpack_error;
use crate::status::redpack_status;

/// Replaces certificate and private key by those of PEM files. Calls under way finish with the old ones. If the
/// new ones can't be used, nothing changes. Any thread. A shared client changes for everybody who shares it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_replace_pem_files(
    client: *const redpack_client,
    certificate_path: *const c_char,
    private_key_path: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, certificate) = (borrow!(client), text!(certificate_path));
        let private_key = text!(private_key_path);
        Ok(client.client.replace_credentials(&Credentials::pem_files(certificate, private_key))?)
    })
}

/// The same from memory: PEM text of so many bytes each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_replace_pem(
    client: *const redpack_client,
    certificate: *const u8,
    certificate_length: usize,
    private_key: *const u8,
    private_key_length: usize,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, certificate) = (borrow!(client), bytes!(certificate, certificate_length));
        let private_key = bytes!(private_key, private_key_length);
        Ok(client.client.replace_credentials(&Credentials::pem(certificate, private_key))?)
    })
}

/// The same from a PKCS#12 file; a passphrase of NULL is the merchant number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_replace_pkcs12_file(
    client: *const redpack_client,
    path: *const c_char,
    passphrase: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, path) = (borrow!(client), text!(path));
        let passphrase = optional_text!(passphrase).map(Secret::new);
        Ok(client.client.replace_credentials(&Credentials::pkcs12_file(path, passphrase))?)
    })
}

/// The same from PKCS#12 in memory; a passphrase of NULL is the merchant number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_replace_pkcs12(
    client: *const redpack_client,
    pkcs12: *const u8,
    pkcs12_length: usize,
    passphrase: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, file) = (borrow!(client), bytes!(pkcs12, pkcs12_length));
        let passphrase = optional_text!(passphrase).map(Secret::new);
        Ok(client.client.replace_credentials(&Credentials::pkcs12(file, passphrase))?)
    })
}

/// Replaces the APIv2 key (32 visible ASCII characters). Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_client_replace_api_key(
    client: *const redpack_client,
    api_key: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (client, api_key) = (borrow!(client), text!(api_key));
        Ok(client.client.replace_api_key(Secret::new(api_key))?)
    })
}
