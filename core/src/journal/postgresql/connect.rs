//! One connection: its address resolved by ourselves, its TLS verified, its session's limits set.

use std::fs;
use std::net::ToSocketAddrs;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::error::{JournalError, JournalErrorKind};
use super::super::open::take_parameter;
use super::storage;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// What a URL says.
#[derive(Clone)]
pub(super) struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

fn bad_url(what: &str) -> JournalError {
    JournalError::new(JournalErrorKind::Url, what)
}

impl Target {
    pub fn parse(url: &str) -> Result<Self, JournalError> {
        let (url, mode) = take_parameter(url, "sslmode");
        let (url, roots) = take_parameter(&url, "sslrootcert");
        // The driver's own message might quote a part of the URL.
        let mut config: Config =
            url.parse().map_err(|_| bad_url("the URL of the PostgreSQL journal can't be read"))?;
        let near = config.get_hosts().iter().all(|host| match host {
            Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
            #[cfg(unix)]
            Host::Unix(_) => true,
        });
        let mode = match mode.as_deref() {
            None if near => SslMode::Prefer,
            None | Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some("prefer") => SslMode::Prefer,
            Some("disable") => SslMode::Disable,
            Some(_) => return Err(bad_url("sslmode is one of disable, prefer, require, verify-full")),
        };
        config.ssl_mode(mode);
        let tls = if mode == SslMode::Disable { None } else { Some(tls(roots.as_deref())?) };
        Ok(Self { config, tls })
    }

    /// Connects. Names are resolved here: the driver would start a thread for it.
    pub fn connect(&self) -> Result<Client, JournalError> {
        let unavailable = || {
            JournalError::new(JournalErrorKind::Unavailable, "PostgreSQL: no host of the URL has an address")
        };
        let mut last = unavailable();
        let ports = self.config.get_ports();
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
            let mut addresses = Vec::new();
            match host {
                Host::Tcp(name) => match (name.as_str(), port).to_socket_addrs() {
                    Ok(found) => addresses.extend(found.map(|address| Some(address.ip()))),
                    Err(_) => continue,
                },
                #[cfg(unix)]
                Host::Unix(_) => addresses.push(None),
            }
            for address in addresses {
                let mut config = self.alike();
                config.port(port);
                match host {
                    Host::Tcp(name) => config.host(name),
                    #[cfg(unix)]
                    Host::Unix(path) => config.host_path(path),
                };
                if let Some(address) = address {
                    config.hostaddr(address);
                }
                let connected = match &self.tls {
                    Some(tls) => config.connect(tls.clone()),
                    None => config.connect(NoTls),
                };
                match connected.map_err(storage).and_then(prepared) {
                    Ok(client) => return Ok(client),
                    Err(error) => last = error,
                }
            }
        }
        Err(last)
    }

    /// The settings of the URL without its hosts.
    fn alike(&self) -> Config {
        let from = &self.config;
        let mut config = Config::new();
        if let Some(user) = from.get_user() {
            config.user(user);
        }
        if let Some(password) = from.get_password() {
            config.password(password);
        }
        if let Some(name) = from.get_dbname() {
            config.dbname(name);
        }
        if let Some(options) = from.get_options() {
            config.options(options);
        }
        config.application_name(from.get_application_name().unwrap_or("redpack"));
        config.ssl_mode(from.get_ssl_mode());
        config.connect_timeout(from.get_connect_timeout().copied().unwrap_or(CONNECT_LIMIT));
        config.tcp_user_timeout(from.get_tcp_user_timeout().copied().unwrap_or(Duration::from_secs(15)));
        config.keepalives_idle(Duration::from_secs(15));
        config.target_session_attrs(from.get_target_session_attrs());
        config
    }
}

/// A session that neither hangs for ever nor commits what isn't flushed.
fn prepared(mut client: Client) -> Result<Client, JournalError> {
    client
        .batch_execute(
            "SET statement_timeout = '15s'; SET lock_timeout = '10s';
             SET idle_in_transaction_session_timeout = '30s';
             SET default_transaction_isolation = 'read committed'",
        )
        .map_err(storage)?;
    // Asked of each session, since it may be set for a user or a database only.
    let row = client
        .query_one("SELECT current_setting('synchronous_commit'), current_setting('fsync')", &[])
        .map_err(storage)?;
    let (commit, fsync): (String, String) =
        (row.try_get(0).map_err(storage)?, row.try_get(1).map_err(storage)?);
    for (name, value) in [("synchronous_commit", commit), ("fsync", fsync)] {
        if value == "off" {
            let message = format!("PostgreSQL has {name} = off: a crash would lose what was paid");
            return Err(JournalError::new(JournalErrorKind::Unfit, message));
        }
    }
    Ok(client)
}

/// TLS that verifies the server's certificate and name, always.
fn tls(roots: Option<&str>) -> Result<MakeRustlsConnect, JournalError> {
    let mut store = rustls::RootCertStore::empty();
    match roots {
        None => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let pem = fs::read(path).map_err(|_| bad_url("the file of sslrootcert can't be read"))?;
            for certificate in CertificateDer::pem_slice_iter(&pem) {
                let certificate =
                    certificate.map_err(|_| bad_url("the file of sslrootcert holds no certificates"))?;
                store.add(certificate).map_err(|_| bad_url("sslrootcert holds an unusable certificate"))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad_url(&format!("TLS can't be set up: {error}")))?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
