//! A running sandbox, as the command line and tests hold it.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use redpack::{Fen, Secret, Timestamp};
use serde_json::Value;
use socket2::{Domain, Socket, Type};

use crate::certificates::Authority;
use crate::clock::moment;
use crate::error::SandboxError;
use crate::files::Files;
use crate::ledger::Ledger;
use crate::options::Options;
use crate::policy::Policy;
use crate::server::{Listeners, Server, Shared, Traffic};
use crate::service::{Merchant, Service};
use crate::state::StateFile;
use crate::tls::{Configs, Verifier};
use crate::world::World;
use crate::{control, faults};

/// Whose certificates the gateway trusts while it refuses everybody's.
const STRANGER: &str = "an authority that vouches for nobody (throw-away)";

/// A running gateway with one merchant, its certificates and its ledger.
///
/// Dropping it stops it: all ports are free and its threads are gone when the drop returns.
pub struct Sandbox {
    gateway: SocketAddr,
    backup: SocketAddr,
    control: SocketAddr,
    files: Files,
    authority: Authority,
    shared: Arc<Shared>,
    server: Server,
}

impl Sandbox {
    /// Makes certificates, writes them to the folder, and returns once all ports listen.
    ///
    /// # Errors
    /// [`SandboxError`] where an option is refused, a port is taken, or the folder can't be written.
    pub fn start(options: Options) -> Result<Self, SandboxError> {
        options.check()?;
        let listeners = Listeners {
            gateway: listen(options.listen)?,
            backup: listen(options.backup_listen)?,
            control: listen(options.control_listen)?,
        };
        let address =
            |listener: &TcpListener| listener.local_addr().map_err(SandboxError::io("a port can't be told"));
        let gateway = address(&listeners.gateway)?;
        let backup = address(&listeners.backup)?;
        let control = address(&listeners.control)?;

        let files = Files::new(&options.dir);
        let authority = files.prepare(&options.mch_id)?;
        files.write_config(&options, &base_url(gateway))?;
        let verifier = Arc::new(Verifier::new(&authority)?);
        let tls = Configs::new(&authority.server()?, &verifier, &Authority::new(STRANGER)?)?;

        let Options { mch_id, appid, api_key, workwx_secret, balance, state, .. } = options;
        let world = match state {
            None => World::new(balance),
            Some(path) => World::kept(StateFile::open(&path, &mch_id)?, balance)?,
        };
        let merchant = Merchant { mch_id, appid, api_key, workwx_secret };
        let service = Service::new(merchant, world);
        let shared = Arc::new(Shared { service, verifier, tls, traffic: Traffic::default(), balance });
        let server = Server::start(listeners, Arc::clone(&shared))?;
        Ok(Self { gateway, backup, control, files, authority, shared, server })
    }

    /// Where to post: `https://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        base_url(self.gateway)
    }

    /// The backup host, which serves the same orders: `https://127.0.0.1:PORT`.
    pub fn backup_url(&self) -> String {
        base_url(self.backup)
    }

    /// The control, over plain HTTP: `http://127.0.0.1:PORT`.
    pub fn control_url(&self) -> String {
        format!("http://{}", self.control)
    }

    /// Where to read the ledger as JSON: `http://127.0.0.1:PORT/ledger`.
    pub fn ledger_url(&self) -> String {
        format!("{}/ledger", self.control_url())
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
        let mut world = self.shared.service.world();
        let now = world.catch_up();
        world.book.claim(mch_billno, now)
    }

    /// Nobody opened the packet in time: SENT becomes REFUND, and the money is the merchant's again. The
    /// service does this after 24 hours, and so does [`Self::advance`].
    ///
    /// # Errors
    /// [`SandboxError::NoSuchOrder`], [`SandboxError::WrongStatus`].
    pub fn refund(&self, mch_billno: &str) -> Result<(), SandboxError> {
        let mut world = self.shared.service.world();
        let now = world.catch_up();
        world.book.refund(mch_billno, now)
    }

    /// What the merchant can spend from now on.
    pub fn set_balance(&self, balance: Fen) {
        let mut world = self.shared.service.world();
        world.catch_up();
        world.book.set_balance(balance);
    }

    /// Moves the gateway's clock ahead; everything that becomes due by that happens.
    pub fn advance(&self, time: Duration) {
        let mut world = self.shared.service.world();
        world.catch_up();
        world.clock.advance(time);
        world.catch_up();
    }

    /// Sets the gateway's clock to that time and holds it still: only [`Self::advance`] moves it then.
    pub fn hold_clock_at(&self, time: Timestamp) {
        let mut world = self.shared.service.world();
        world.catch_up();
        world.clock.set(moment(time));
        world.clock.hold(true);
        world.catch_up();
    }

    /// Adds a fault, or several under `rules`, as `POST /faults` takes them.
    ///
    /// # Errors
    /// [`SandboxError::Refused`], which says what is wrong with them.
    pub fn add_faults(&self, rules: &Value) -> Result<(), SandboxError> {
        let rules = faults::Rule::read_all(rules).map_err(SandboxError::Refused)?;
        self.shared.service.world().faults.add(rules).map(drop).map_err(SandboxError::Refused)
    }

    /// The names of the faults that strike a `send`, a `query` or a `connection`.
    pub fn fault_names(&self, on: &str) -> Vec<&'static str> {
        let on = [faults::On::Send, faults::On::Query, faults::On::Connection]
            .into_iter()
            .find(|known| known.as_str() == on);
        on.map(faults::Fault::names).unwrap_or_default()
    }

    /// Forgets all faults that were asked for.
    pub fn clear_faults(&self) {
        self.shared.service.world().faults.clear();
    }

    /// The policy switches as they are.
    pub fn policy(&self) -> Policy {
        Policy::clone(&self.shared.service.world().policy)
    }

    /// Sets the policy switches.
    pub fn set_policy(&self, policy: Policy) {
        let mut world = self.shared.service.world();
        world.catch_up();
        world.policy = Arc::new(policy);
    }

    /// What has happened so far.
    pub fn ledger(&self) -> Ledger {
        control::snapshot(&self.shared)
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
            .field("backup_url", &self.backup_url())
            .field("control_url", &self.control_url())
            .field("dir", &self.dir())
            .finish_non_exhaustive()
    }
}

fn base_url(gateway: SocketAddr) -> String {
    format!("https://{gateway}")
}

/// Room for many clients that connect at once; the usual 128 would let the others wait for seconds.
const BACKLOG: i32 = 1024;

fn listen(address: SocketAddr) -> Result<TcpListener, SandboxError> {
    let open = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        // As the standard library does it: a port is free again at once after a former run.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        Ok(TcpListener::from(socket))
    };
    open().map_err(SandboxError::io(format!("{address} can't be listened on")))
}
