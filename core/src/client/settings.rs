//! What a client can be told, and its defaults.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::Uri;

use super::Client;
use super::hosts::{DEFAULT_BACKUP_URL, Failover, Host};
use crate::credentials::{CredentialFault, Credentials, Roots, fault};
use crate::error::{Error, ErrorKind, Operation};
use crate::event::{AttemptEvent, AttemptHook};
use crate::journal::{Caps, Journal};
use crate::request::Merchant;
use crate::safety::{Clock, Rules, SystemClock};
use crate::secret::Secret;
use crate::transport::{Limits, Route};

/// WeChat Pay's primary host.
pub const DEFAULT_BASE_URL: &str = "https://api.mch.weixin.qq.com";
/// Resolving, connecting and the TLS handshake together.
pub const DEFAULT_CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// The whole call.
pub const DEFAULT_ATTEMPT_LIMIT: Duration = Duration::from_secs(20);

/// The longest limit that can be set.
const MAX_LIMIT: Duration = Duration::from_secs(600);

/// Collects what a client needs; [`ClientBuilder::build`] checks all of it, offline.
#[derive(Clone)]
pub struct ClientBuilder {
    pub(super) merchant: Merchant,
    pub(super) credentials: Option<Credentials>,
    pub(super) settings: Settings,
    proxy: Option<String>,
}

/// What stays the same for the life of a client.
#[derive(Clone)]
pub(super) struct Settings {
    base_url: String,
    /// The backup host that was asked for: none yet, none at all, or this one.
    backup_url: Option<String>,
    pub failover: Failover,
    pub roots: Roots,
    pub limits: Limits,
    pub route: Route,
    pub hook: Option<AttemptHook>,
    pub journal: Option<Arc<dyn Journal>>,
    pub rules: Rules,
    pub clock: Arc<dyn Clock>,
}

impl Settings {
    pub fn url(&self, host: Host) -> &str {
        match (host, self.backup()) {
            (Host::Backup, Some(url)) => url,
            _ => &self.base_url,
        }
    }

    /// The backup host, unless it is off. WeChat Pay's own stands behind WeChat Pay's own and no other.
    pub fn backup(&self) -> Option<&str> {
        let usual = (self.base_url == DEFAULT_BASE_URL).then_some(DEFAULT_BACKUP_URL);
        self.backup_url.as_deref().or(usual).filter(|_| self.failover != Failover::Off)
    }
}

impl ClientBuilder {
    pub(super) fn new(mch_id: &str, appid: &str, api_key: Secret) -> Self {
        Self {
            merchant: Merchant { mch_id: mch_id.into(), appid: appid.into(), api_key, workwx_secret: None },
            credentials: None,
            settings: Settings {
                base_url: DEFAULT_BASE_URL.into(),
                backup_url: None,
                failover: Failover::ConnectPhase,
                roots: Roots::default(),
                limits: Limits { connect: DEFAULT_CONNECT_LIMIT, attempt: DEFAULT_ATTEMPT_LIMIT },
                route: Route::default(),
                hook: None,
                journal: None,
                rules: Rules::default(),
                clock: Arc::new(SystemClock::default()),
            },
            proxy: None,
        }
    }

    /// The merchant's certificate and private key. Required.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The secret of the WeCom admin's 企业支付 application, for WeCom red packets.
    pub fn workwx_secret(mut self, secret: Secret) -> Self {
        self.merchant.workwx_secret = Some(secret);
        self
    }

    /// Another host than WeChat Pay's primary one; `https` only.
    pub fn base_url(mut self, url: &str) -> Self {
        url.trim_end_matches('/').clone_into(&mut self.settings.base_url);
        self
    }

    /// Another backup host than WeChat Pay's; `https` only. A client of another primary host has none unless
    /// it is given here.
    pub fn backup_url(mut self, url: &str) -> Self {
        self.settings.backup_url = Some(url.trim_end_matches('/').into());
        self
    }

    /// When the backup host takes over; [`Failover::ConnectPhase`] unless given. Calls then stay with it for
    /// a minute.
    pub fn failover(mut self, failover: Failover) -> Self {
        self.settings.failover = failover;
        self
    }

    /// Whom to trust for the server's certificate; the Mozilla set unless given.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.settings.roots = roots;
        self
    }

    /// The limit for resolving, connecting and the TLS handshake together; 5 s unless given.
    pub fn connect_limit(mut self, limit: Duration) -> Self {
        self.settings.limits.connect = limit;
        self
    }

    /// The limit for a whole call; 20 s unless given. A send that passes it is `unknown`, not failed.
    pub fn attempt_limit(mut self, limit: Duration) -> Self {
        self.settings.limits.attempt = limit;
        self
    }

    /// An HTTP proxy, `http://host:port`, that is asked for a tunnel (CONNECT). Proxies of the environment
    /// are never used.
    pub fn proxy(mut self, url: &str) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// The local address to connect from: the service allow-lists egress addresses.
    pub fn source_address(mut self, address: IpAddr) -> Self {
        self.settings.route.source_address = Some(address);
        self
    }

    /// Leaves IPv6 addresses out, where only an IPv4 egress is allow-listed.
    pub fn ipv4_only(mut self, only: bool) -> Self {
        self.settings.route.ipv4_only = only;
        self
    }

    /// A function called after each attempt, on the calling thread, for metrics.
    pub fn on_attempt(mut self, hook: impl Fn(&AttemptEvent<'_>) + Send + Sync + 'static) -> Self {
        self.settings.hook = Some(AttemptHook(Arc::new(hook)));
        self
    }

    /// The journal that makes sends durable ([`crate::journal::open`]): intent before the first byte, outcome
    /// before the caller hears; one order per payment, over all threads, processes and (on PostgreSQL) hosts.
    pub fn journal(mut self, journal: Arc<dyn Journal>) -> Self {
        self.settings.journal = Some(journal);
        self
    }

    /// Local limits, kept in the journal. Without one they have no effect.
    pub fn caps(mut self, caps: Caps) -> Self {
        self.settings.rules.caps = caps;
        self
    }

    /// How many attempts a second the merchant makes at the most in settlements, recoveries and everything
    /// built on them, over all processes that share the journal; 30 unless given.
    pub fn pace(mut self, per_second: u32) -> Self {
        self.settings.rules.pace = per_second;
        self
    }

    /// Whether plain sends keep that pace too, which they don't unless asked. It takes a journal.
    pub fn paced_sends(mut self, paced: bool) -> Self {
        self.settings.rules.paced_sends = paced;
        self
    }

    /// How much longer than the limits of a call a lease lasts, so that tests can outlive one in seconds.
    #[doc(hidden)]
    pub fn lease_margin(mut self, margin: Duration) -> Self {
        self.settings.rules.lease_margin = margin;
        self
    }

    /// Another clock for the waits of settling, so that tests take no time.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.settings.clock = clock;
        self
    }

    /// Reads the credentials, checks everything, and makes the client. Touches no network.
    ///
    /// # Errors
    /// Of kind `credentials` or `configuration`; outcome `not_sent`, advice `fix_setup`.
    pub fn build(mut self) -> Result<Client, Error> {
        self.check_merchant()?;
        check_api_key(&self.merchant.api_key)?;
        self.settings.base_url = checked_base_url("the base URL", &self.settings.base_url)?;
        if let Some(url) = &self.settings.backup_url {
            self.settings.backup_url = Some(checked_base_url("the backup URL", url)?);
        }
        for (name, limit) in
            [("connect", self.settings.limits.connect), ("attempt", self.settings.limits.attempt)]
        {
            if limit.is_zero() || limit > MAX_LIMIT {
                return Err(wrong(format!("the {name} limit must be above 0 and at most 600 seconds")));
            }
        }
        if self.settings.rules.pace == 0 {
            return Err(wrong("the pace must be at least 1 a second"));
        }
        if let Some(proxy) = &self.proxy {
            self.settings.route.proxy = Some(checked_proxy(proxy)?);
        }
        Client::assemble(self)
    }

    fn check_merchant(&self) -> Result<(), Error> {
        let Merchant { mch_id, appid, .. } = &self.merchant;
        let legal =
            |text: &str| (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if !legal(mch_id) {
            return Err(wrong(format!(
                "mch_id must be 1 to 32 letters and digits (it has {} bytes)",
                mch_id.len()
            )));
        }
        if !(1..=32).contains(&appid.len()) || !appid.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong(format!(
                "appid must be 1 to 32 visible ASCII characters (it has {} bytes)",
                appid.len()
            )));
        }
        Ok(())
    }
}

pub(super) fn check_api_key(key: &Secret) -> Result<(), Error> {
    let key = key.expose();
    if key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let message =
        format!("the API key (APIv2 密钥) must be 32 visible ASCII characters (it has {} bytes)", key.len());
    Err(fault(CredentialFault::ApiKey, message))
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, Operation::Setup, message)
}

fn checked_base_url(what: &str, url: &str) -> Result<String, Error> {
    let rule =
        || wrong(format!("{what} must be https://HOST[:PORT][/PATH], without user, query or fragment"));
    let uri: Uri = url.parse().map_err(|_| rule())?;
    let authority = uri.authority().ok_or_else(rule)?;
    let plain = !authority.as_str().contains('@') && uri.query().is_none() && !url.contains('#');
    let port_readable = authority.port().is_none() || authority.port_u16().is_some_and(|port| port > 0);
    if uri.scheme_str() == Some("https") && !authority.host().is_empty() && plain && port_readable {
        return Ok(url.to_owned());
    }
    Err(rule())
}

fn checked_proxy(url: &str) -> Result<(String, u16), Error> {
    let rule = "the proxy must be http://HOST:PORT, without user and password";
    let uri: Uri = url.parse().map_err(|_| wrong(rule))?;
    let authority = uri.authority().ok_or_else(|| wrong(rule))?;
    match (uri.scheme_str(), authority.port_u16()) {
        (Some("http"), Some(port)) if !authority.as_str().contains('@') => {
            Ok((authority.host().to_owned(), port))
        }
        _ => Err(wrong(rule)),
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("merchant", &self.merchant)
            .field("credentials", &self.credentials)
            .field("base_url", &without_user(&self.settings.base_url))
            .finish_non_exhaustive()
    }
}

/// A URL with a password is refused when the client is built; until then it must not be shown.
fn without_user(url: &str) -> &str {
    if url.contains('@') { "(with a user: not shown)" } else { url }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("mch_id", &self.mch_id())
            .field("base_url", &self.base_url())
            .finish_non_exhaustive()
    }
}
