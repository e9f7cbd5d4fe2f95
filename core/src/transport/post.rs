//! Posts one body and brings back status and body, or what went wrong and whether a byte may have left.

use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

use super::connect::{self, Route};
use super::deadline::Deadline;
use super::idle::Idle;
use super::lent::{self, Lent};
use super::plain::{self, Exchanged};
use super::resolver::CachedResolver;
use super::tls::{INPUT_BUFFER, TlsConnection};
use super::trace;
use crate::credentials::Identity;
use crate::error::{ErrorKind, Received};
use crate::outcome::Outcome;
use crate::xml::MAX_BYTES;

/// Less than what the buffer holds: a head that fills it is too long, not at its end.
const MAX_HEAD: usize = INPUT_BUFFER - 1;

/// The time limits of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Resolving, connecting and the TLS handshake together.
    pub connect: Duration,
    /// The whole call.
    pub attempt: Duration,
}

/// A call that brought no whole answer.
#[derive(Debug)]
pub(crate) struct Failure {
    pub kind: ErrorKind,
    pub message: String,
    /// What came before it broke off.
    pub received: Option<Received>,
}

/// The connections of one merchant identity in one process.
pub(crate) struct Poster {
    agent: ureq::Agent,
    idle: Arc<Idle>,
}

impl Poster {
    pub fn new(
        identity: &Identity,
        roots: RootCertStore,
        route: Route,
        limits: Limits,
        provider: &Arc<rustls::crypto::CryptoProvider>,
    ) -> Result<Self, rustls::Error> {
        let resolver = rustls::sign::SingleCertAndKey::from(Arc::clone(&identity.certified));
        let tls = ClientConfig::builder_with_provider(Arc::clone(provider))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_root_certificates(roots)
            .with_client_cert_resolver(Arc::new(resolver));
        let config = ureq::config::Config::builder()
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(plain::USER_AGENT)
            .accept(plain::ACCEPT)
            .timeout_connect(Some(limits.connect))
            .max_idle_connections(0)
            .max_response_header_size(MAX_HEAD)
            .build();
        let idle = Arc::new(Idle::default());
        let connector = TlsConnector {
            tls: Arc::new(tls),
            route,
            resolver: CachedResolver::default(),
            idle: Arc::clone(&idle),
        };
        Ok(Self { agent: ureq::Agent::with_parts(config, connector, NoResolver), idle })
    }

    /// Posts once, within that time, if the permit holds right before the first byte. Nothing here or below
    /// sends a second time.
    pub fn post(
        &self,
        base_url: &str,
        path: &str,
        body: &str,
        limit: Duration,
        permit: Option<trace::Permit>,
    ) -> Result<Received, Failure> {
        trace::begin(permit);
        let deadline = Deadline::after(limit);
        let (authority, prefix) = split(base_url);
        // With no time left ureq has the words for it.
        let kept = deadline.left().ok().and_then(|_| self.idle.take(authority));
        let Some(connection) = kept else { return self.by_ureq(base_url, path, body, deadline) };
        let head = plain::head(authority, prefix, path, body.len());
        match plain::exchange(connection, &head, body, deadline) {
            Exchanged::Usual(body, connection) => {
                self.idle.put(authority, connection);
                Ok(Received { http_status: 200, body })
            }
            Exchanged::Unusual(asked) => {
                lent::reading_on(asked, || self.by_ureq(base_url, path, body, deadline))
            }
            Exchanged::Failed(error) => Err(failure(&error, None)),
        }
    }

    /// Through the whole HTTP client: on a fresh connection, or an answer that is not the usual one.
    fn by_ureq(
        &self,
        base_url: &str,
        path: &str,
        body: &str,
        deadline: Deadline,
    ) -> Result<Received, Failure> {
        let limit = deadline.left().unwrap_or_default();
        let url = format!("{base_url}{path}");
        let call = self.agent.post(&url).config().timeout_global(Some(limit)).build();
        let answer = call.content_type(plain::CONTENT_TYPE).send(body);
        let response = answer.map_err(|error| failure(&error, None))?;
        let http_status = response.status().as_u16();
        let mut received = Received { http_status, body: Vec::new() };
        // One byte more than is allowed shows that there is more.
        let mut reader = response.into_body().into_reader().take(MAX_BYTES as u64 + 1);
        match reader.read_to_end(&mut received.body) {
            Ok(_) if received.body.len() > MAX_BYTES => {
                received.body.truncate(MAX_BYTES);
                let message = "the answer is larger than 1 MiB".to_owned();
                Err(Failure { kind: ErrorKind::TooLarge, message, received: Some(received) })
            }
            Ok(_) => Ok(received),
            Err(error) => Err(failure(&ureq::Error::from(error), Some(received))),
        }
    }
}

/// Host and port, and the path that a base URL may have.
fn split(base_url: &str) -> (&str, &str) {
    let rest = base_url.strip_prefix("https://").unwrap_or(base_url);
    rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash))
}

/// Puts a name on what went wrong: first what our own transport noted, then what ureq says.
fn failure(error: &ureq::Error, received: Option<Received>) -> Failure {
    let trace = trace::current();
    let sent = trace.may_have_sent();
    let (kind, message) = trace.failure.clone().unwrap_or_else(|| match error {
        ureq::Error::Timeout(_) if sent => (ErrorKind::Timeout, "the attempt limit passed".into()),
        ureq::Error::Timeout(_) => {
            (ErrorKind::Connect, format!("the time limit passed in phase {}", trace.phase))
        }
        ureq::Error::RedirectFailed | ureq::Error::TooManyRedirects => {
            (ErrorKind::Redirect, "the server redirects, which is never followed".into())
        }
        ureq::Error::Io(_) if sent => {
            (ErrorKind::Disconnected, "the connection ended before the answer did".into())
        }
        other if sent => {
            (ErrorKind::Protocol, format!("the server does not speak HTTP as we know it: {other}"))
        }
        other => (ErrorKind::Configuration, format!("the call can't be made: {other}")),
    });
    Failure { kind: agreeing(kind, sent), message, received }
}

/// Lets no kind say "not sent" once the first byte may have left, whatever noted it; only a certificate
/// refused by alert on a fresh connection proves that the request was not taken (design, outcome table).
fn agreeing(kind: ErrorKind, sent: bool) -> ErrorKind {
    let says_not_sent = kind.verdict().outcome == Outcome::NotSent;
    if sent && says_not_sent && kind != ErrorKind::ClientCertificateRefused {
        ErrorKind::Disconnected
    } else {
        kind
    }
}

/// Hands ureq the connections that it asks for.
struct TlsConnector {
    tls: Arc<ClientConfig>,
    route: Route,
    resolver: CachedResolver,
    idle: Arc<Idle>,
}

impl Connector for TlsConnector {
    type Out = Lent;

    fn connect(
        &self,
        details: &ConnectionDetails,
        _chained: Option<()>,
    ) -> Result<Option<Lent>, ureq::Error> {
        let authority = details.uri.authority().map_or("", |authority| authority.as_str());
        let idle = Arc::clone(&self.idle);
        if let Some(asked) = lent::asked() {
            return Ok(Some(Lent::asked(asked, authority, idle)));
        }
        let deadline = Deadline::from_ureq(details.timeout);
        let host = details.uri.host().unwrap_or_default();
        let port = details.uri.port_u16().unwrap_or(443);
        let stream = connect::open(&self.route, &self.resolver, host, port, deadline)?;
        let connection = TlsConnection::handshake(stream, Arc::clone(&self.tls), host, deadline)?;
        Ok(Some(Lent::fresh(Box::new(connection), authority, idle)))
    }
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsConnector")
    }
}

/// ureq resolves before each call, pooled connection or not; our connector resolves when it connects.
#[derive(Debug)]
struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _uri: &Uri,
        _config: &ureq::config::Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_byte_may_have_left_nothing_says_not_sent() {
        for &kind in ErrorKind::ALL {
            assert_eq!(agreeing(kind, false), kind);
            let outcome = agreeing(kind, true).verdict().outcome;
            let proven = kind == ErrorKind::ClientCertificateRefused;
            assert_eq!(outcome == Outcome::NotSent, proven, "{kind}");
        }
    }
}
