//! What a client is made of: the configuration object, its certificate and its keys.

use std::ffi::c_char;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

use redpack::journal::Journal;
use redpack::{Client, ClientBuilder, Credentials, Merchant, Roots, Secret};
use sha2::{Digest, Sha256};

use crate::boundary::{Fault, boundary};
use crate::error::redpack_error;
use crate::handle::free;
use crate::observer::{self, Observer};
use crate::status::redpack_status;

/// What a client is made of. One thread fills it; redpack_client_new reads it and takes nothing from it, so
/// that several clients can be made of one. Its keys are cleared from memory when it is freed.
///
/// Methods: redpack_config_*.
pub struct redpack_config {
    builder: ClientBuilder,
    pub(crate) merchant: Merchant,
    journal_url: Option<Secret>,
    pub(crate) observer: Option<Observer>,
    /// Everything that was set, in its order: what tells one configuration from another in the registry.
    identity: Sha256,
    /// The files among it, whose content may change under the same name.
    files: Vec<String>,
}

impl redpack_config {
    fn new(mch_id: &str, appid: &str, api_key: &str) -> Self {
        let key = Secret::new(api_key);
        let merchant = Merchant {
            mch_id: mch_id.into(),
            appid: appid.into(),
            api_key: key.clone(),
            workwx_secret: None,
        };
        let mut config = Self {
            builder: Client::builder(mch_id, appid, key),
            merchant,
            journal_url: None,
            observer: None,
            identity: Sha256::new(),
            files: Vec::new(),
        };
        for part in [mch_id, appid, api_key] {
            config.note("new", part.as_bytes());
        }
        config
    }

    fn note(&mut self, setting: &str, value: &[u8]) {
        for part in [setting.as_bytes(), value] {
            self.identity.update((part.len() as u64).to_le_bytes());
            self.identity.update(part);
        }
    }

    /// Changes the builder, and remembers what was set.
    pub(crate) fn set(
        &mut self,
        setting: &str,
        value: &[u8],
        change: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) {
        self.note(setting, value);
        self.builder = change(self.builder.clone());
    }

    fn set_file(&mut self, path: &str) {
        self.files.push(path.to_owned());
    }

    /// What tells this configuration from others: a hash of all that was set, and of what the files are now.
    pub(crate) fn identity(&self) -> [u8; 32] {
        let mut identity = self.identity.clone();
        for path in &self.files {
            if let Ok(file) = fs::metadata(path) {
                for number in [file.dev(), file.ino(), file.size()] {
                    identity.update(number.to_le_bytes());
                }
                for number in [file.mtime(), file.mtime_nsec()] {
                    identity.update(number.to_le_bytes());
                }
            }
        }
        identity.finalize().into()
    }

    /// Opens the journal, if one is named by its URL, and builds the client.
    pub(crate) fn build(&self) -> Result<Client, Fault> {
        let mut builder = self.builder.clone().on_attempt(observer::tell);
        if let Some(url) = &self.journal_url {
            builder = builder.journal(redpack::journal::open(url.expose())?);
        }
        Ok(builder.build()?)
    }

    pub(crate) fn set_journal(&mut self, journal: &Arc<dyn Journal>) {
        self.journal_url = None;
        let address = Arc::as_ptr(journal).cast::<()>() as usize;
        self.set("journal", &address.to_le_bytes(), |builder| builder.journal(journal.clone()));
    }

    pub(crate) fn set_journal_url(&mut self, url: &str) {
        self.note("journal_url", url.as_bytes());
        self.journal_url = Some(Secret::new(url));
    }
}

/// Begins a configuration: the merchant number (in service-provider mode the provider's), the appid that
/// requests carry unless they name another, and the APIv2 key (32 visible ASCII characters). They are checked
/// by redpack_client_new. A certificate must follow (redpack_config_set_pem_files or a sibling), unless only
/// the protocol layer is used.
///
/// On success the configuration is yours: free it with redpack_config_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_new(
    mch_id: *const c_char,
    appid: *const c_char,
    api_key: *const c_char,
    config: *mut *mut redpack_config,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let config = output!(config);
        config.give(redpack_config::new(text!(mch_id), text!(appid), text!(api_key)));
        Ok(())
    })
}

/// Frees a configuration and clears its keys from memory. NULL is fine. Clients that were made of it live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_free(config: *mut redpack_config) {
    // SAFETY: the conventions demand NULL or a live handle that is not used again.
    unsafe { free(config) };
}

/// Takes the certificate and the private key of the merchant from files: apiclient_cert.pem and
/// apiclient_key.pem. They are read when a client is made; PKCS#8 and PKCS#1 keys will do, encrypted ones won't.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_pem_files(
    config: *mut redpack_config,
    certificate_path: *const c_char,
    private_key_path: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, certificate) = (borrow_mut!(config), text!(certificate_path));
        let private_key = text!(private_key_path);
        let both = format!("{certificate}\0{private_key}");
        let credentials = Credentials::pem_files(certificate, private_key);
        config.set("pem_files", both.as_bytes(), |builder| builder.credentials(credentials));
        config.set_file(certificate);
        config.set_file(private_key);
        Ok(())
    })
}

/// The same from memory, for keys that come from a vault: PEM text of so many bytes each. The bytes are copied;
/// clear your own. They are checked when a client is made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_pem(
    config: *mut redpack_config,
    certificate: *const u8,
    certificate_length: usize,
    private_key: *const u8,
    private_key_length: usize,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, certificate) = (borrow_mut!(config), bytes!(certificate, certificate_length));
        let private_key = bytes!(private_key, private_key_length);
        config.note("pem", certificate);
        let credentials = Credentials::pem(certificate, private_key);
        config.set("pem key", private_key, |builder| builder.credentials(credentials));
        Ok(())
    })
}

/// Takes certificate and private key from apiclient_cert.p12. The passphrase may be NULL: then it is the
/// merchant number, as WeChat makes these files. Read when a client is made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_pkcs12_file(
    config: *mut redpack_config,
    path: *const c_char,
    passphrase: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, path) = (borrow_mut!(config), text!(path));
        let passphrase = optional_text!(passphrase);
        config.note("pkcs12_file", path.as_bytes());
        let credentials = Credentials::pkcs12_file(path, passphrase.map(Secret::new));
        let noted = passphrase.unwrap_or_default();
        config.set("passphrase", noted.as_bytes(), |builder| builder.credentials(credentials));
        config.set_file(path);
        Ok(())
    })
}

/// The same from memory. The bytes are copied; clear your own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_pkcs12(
    config: *mut redpack_config,
    pkcs12: *const u8,
    pkcs12_length: usize,
    passphrase: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, file) = (borrow_mut!(config), bytes!(pkcs12, pkcs12_length));
        let passphrase = optional_text!(passphrase);
        config.note("pkcs12", file);
        let credentials = Credentials::pkcs12(file, passphrase.map(Secret::new));
        let noted = passphrase.unwrap_or_default();
        config.set("passphrase", noted.as_bytes(), |builder| builder.credentials(credentials));
        Ok(())
    })
}

/// The secret of the application 企业支付 of the WeCom admin, which WeCom red packets are signed with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_workwx_secret(
    config: *mut redpack_config,
    secret: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, secret) = (borrow_mut!(config), text!(secret));
        config.merchant.workwx_secret = Some(Secret::new(secret));
        let owned = Secret::new(secret);
        config.set("workwx_secret", secret.as_bytes(), |builder| builder.workwx_secret(owned));
        Ok(())
    })
}

/// Trusts the certificate authorities of a PEM file, and no others, for the certificate of the server. There is
/// no way to trust everybody.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_roots_file(
    config: *mut redpack_config,
    path: *const c_char,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, path) = (borrow_mut!(config), text!(path));
        config.set("roots_file", path.as_bytes(), |builder| builder.roots(Roots::file(path)));
        config.set_file(path);
        Ok(())
    })
}

/// The same from memory: PEM text of so many bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_roots_pem(
    config: *mut redpack_config,
    roots: *const u8,
    roots_length: usize,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        let (config, roots) = (borrow_mut!(config), bytes!(roots, roots_length));
        config.set("roots_pem", roots, |builder| builder.roots(Roots::pem(roots)));
        Ok(())
    })
}

/// Trusts the certificate authorities of the operating system instead of the Mozilla set that is built in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn redpack_config_set_roots_system(
    config: *mut redpack_config,
    error: *mut *mut redpack_error,
) -> redpack_status {
    boundary(error, || {
        borrow_mut!(config).set("roots_system", b"", |builder| builder.roots(Roots::system()));
        Ok(())
    })
}
