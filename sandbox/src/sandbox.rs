//! A running sandbox, as the command line and tests hold it.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use redpack::{Fen, Secret};

use crate::certificates::Authority;
use crate::error::SandboxError;
use crate::files::Files;
use crate::ledger::Ledger;
use crate::ledger_page;
use crate::options::Options;
use crate::server::{Server, Shared, Traffic};
use crate::service::{Merchant, Service};
use crate::tls::{self, Verifier};

/// A running gateway with one merchant, its certificates and its ledger.
///
/// Dropping it stops it: both ports are free and its threads are gone when the drop returns.
pub struct Sandbox {
    gateway: SocketAddr,
    ledger: SocketAddr,
    files: Files,
    authority: Authority,
    shared: Arc<Shared>,
    server: Server,
}

impl Sandbox {
    /// Makes certificates, writes them to the folder, and returns once both ports listen.
    ///
    /// # Errors
    /// [`SandboxError`] where an option is refused, a port is taken, or the folder can't be written.
    pub fn start(options: Options) -> Result<Self, SandboxError> {
        options.check()?;
        let gateway = listen(options.listen)?;
        let ledger = listen(options.ledger_listen)?;
        let address =
            |listener: &TcpListener| listener.local_addr().map_err(SandboxError::io("a port can't be told"));
        let (gateway_address, ledger_address) = (address(&gateway)?, address(&ledger)?);

        let files = Files::new(&options.dir);
        let authority = files.prepare(&options.mch_id)?;
        files.write_config(&options, &base_url(gateway_address))?;
        let verifier = Arc::new(Verifier::new(&authority)?);
        let config = tls::server_config(&authority.server()?, Arc::clone(&verifier))?;

        let Options { mch_id, appid, api_key, workwx_secret, balance, .. } = options;
        let merchant = Merchant { mch_id, appid, api_key, workwx_secret };
        let service = Service::new(merchant, balance);
        let shared = Arc::new(Shared { service, verifier, traffic: Traffic::default() });
        let server = Server::start(gateway, ledger, config, Arc::clone(&shared))?;
        Ok(Self { gateway: gateway_address, ledger: ledger_address, files, authority, shared, server })
    }

    /// Where to post: `https://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        base_url(self.gateway)
    }

    /// Where to read the ledger as JSON: `http://127.0.0.1:PORT/ledger`.
    pub fn ledger_url(&self) -> String {
        format!("http://{}/ledger", self.ledger)
    }

    /// The folder with certificates and configuration.
    pub fn dir(&self) -> &Path {
        &self.files.dir
    }

    /// The merchant number, also the passphrase of [`Self::p12_file`].
    pub fn mch_id(&self) -> &str {
        &self.shared.service.merchant.mch_id
    }

    /// The merchant's appid.
    pub fn appid(&self) -> &str {
        &self.shared.service.merchant.appid
    }

    /// The merchant's APIv2 key.
    pub fn api_key(&self) -> &Secret {
        &self.shared.service.merchant.api_key
    }

    /// The secret of the merchant's WeCom application.
    pub fn workwx_secret(&self) -> &Secret {
        &self.shared.service.merchant.workwx_secret
    }

    /// The authority that clients must trust, PEM.
    pub fn ca_file(&self) -> &Path {
        &self.files.ca
    }

    /// The merchant's certificate, PEM.
    pub fn cert_file(&self) -> &Path {
        &self.files.cert
    }

    /// The merchant's private key, PKCS#8 PEM.
    pub fn key_file(&self) -> &Path {
        &self.files.key
    }

    /// Both together as PKCS#12; the passphrase is the merchant number.
    pub fn p12_file(&self) -> &Path {
        &self.files.p12
    }

    /// Settings for the command line.
    pub fn config_file(&self) -> &Path {
        &self.files.config
    }

    /// The recipient opens the packet: SENT becomes RECEIVED.
    ///
    /// # Errors
    /// [`SandboxError::NoSuchOrder`], [`SandboxError::WrongStatus`].
    pub fn claim(&self, mch_billno: &str) -> Result<(), SandboxError> {
        self.shared.service.book().claim(mch_billno)
    }

    /// Nobody opened the packet in time: SENT becomes REFUND, and the money is the merchant's again. The
    /// service does this after 24 hours.
    ///
    /// # Errors
    /// [`SandboxError::NoSuchOrder`], [`SandboxError::WrongStatus`].
    pub fn refund(&self, mch_billno: &str) -> Result<(), SandboxError> {
        self.shared.service.book().refund(mch_billno)
    }

    /// What the merchant can spend from now on.
    pub fn set_balance(&self, balance: Fen) {
        self.shared.service.book().set_balance(balance);
    }

    /// What has happened so far.
    pub fn ledger(&self) -> Ledger {
        ledger_page::snapshot(&self.shared)
    }

    /// Another client certificate from the sandbox's own authority, as PEM with its key: another
    /// merchant's, if `cn` is another number.
    ///
    /// # Errors
    /// [`SandboxError::Certificates`].
    pub fn issue_client_certificate(&self, cn: &str) -> Result<(String, String), SandboxError> {
        Ok(self.authority.client(cn)?.pem())
    }

    /// One that expired yesterday.
    ///
    /// # Errors
    /// [`SandboxError::Certificates`].
    pub fn expired_client_certificate(&self, cn: &str) -> Result<(String, String), SandboxError> {
        Ok(self.authority.expired_client(cn)?.pem())
    }

    /// One from an authority that the gateway has never heard of.
    ///
    /// # Errors
    /// [`SandboxError::Certificates`].
    pub fn foreign_client_certificate(&self, cn: &str) -> Result<(String, String), SandboxError> {
        Ok(Authority::new("somebody else's authority (throw-away)")?.client(cn)?.pem())
    }

    /// Stops it. The same as dropping it, said aloud.
    pub fn stop(self) {
        drop(self.server);
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.base_url())
            .field("ledger_url", &self.ledger_url())
            .field("dir", &self.dir())
            .finish_non_exhaustive()
    }
}

fn base_url(gateway: SocketAddr) -> String {
    format!("https://{gateway}")
}

fn listen(address: SocketAddr) -> Result<TcpListener, SandboxError> {
    TcpListener::bind(address).map_err(SandboxError::io(format!("{address} can't be listened on")))
}
