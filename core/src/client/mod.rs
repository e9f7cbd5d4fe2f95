//! The client: one call, one wire send over mutual TLS, one typed outcome.

mod attempt;
mod check;
mod connections;
mod hosts;
mod settings;

pub use check::{Check, Finding};
pub(crate) use hosts::Host;
pub use hosts::{DEFAULT_BACKUP_URL, Failover};
pub use settings::{ClientBuilder, DEFAULT_ATTEMPT_LIMIT, DEFAULT_BASE_URL, DEFAULT_CONNECT_LIMIT};

use std::sync::Arc;

use crate::answer::{self, Answer, QueryResult, SendResult};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Operation, Problem};
use crate::journal::Journal;
use crate::process::PerProcess;
use crate::request::table::Purpose;
use crate::request::{Call, Merchant, Query, QueryWorkwx, Request, SendMiniProgram, SendRedPack, SendWorkwx};
use crate::safety::{Clock, Rules};
use crate::secret::Secret;
use crate::timestamp::Timestamp;
use crate::transport::Limits;
use attempt::{Permit, Via};
use connections::Connections;
use hosts::Preference;
use settings::{Settings, check_api_key};

/// Sends red packets for one merchant and asks what became of them.
///
/// - Every call is **exactly one** request on the wire; nothing is ever sent again by itself. When the
///   primary host can't be reached, so that nothing can have left, the same call goes to the backup host.
/// - With a journal, nothing leaves before it is written down, and no order is sent twice but by the rules of
///   its state: see [`ClientBuilder::journal`], [`Client::settle`], [`Client::recover`].
/// - It blocks the calling thread, at most for the attempt limit, and starts no thread.
/// - It may be shared between threads and cloned freely: clones share their connections.
/// - After `fork`, a child opens connections of its own and leaves its parent's alone, also when it drops the
///   client.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    preference: Preference,
    /// Replaced as a whole by new credentials, or by a child process: readers never wait for a lock that a
    /// fork might have left held.
    current: PerProcess<Connections>,
}

impl Client {
    /// Starts a client for a merchant number, its default appid and its APIv2 key (32 characters).
    pub fn builder(mch_id: &str, appid: &str, api_key: Secret) -> ClientBuilder {
        ClientBuilder::new(mch_id, appid, api_key)
    }

    fn assemble(builder: ClientBuilder) -> Result<Self, Error> {
        let connections =
            Connections::new(&builder.settings, builder.merchant, builder.credentials.as_ref())?;
        let current = PerProcess::new(connections);
        let shared = Shared { settings: builder.settings, preference: Preference::default(), current };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Sends an ordinary red packet. `Ok` means sent; read outcome and advice of an `Err`.
    ///
    /// # Errors
    /// [`Error`]: everything but an unmistakable success of this very order.
    pub fn send(&self, order: &SendRedPack) -> Result<SendResult, Error> {
        self.send_request(order.as_request())
    }

    /// Sends a mini program red packet; the result's `package` goes to [`crate::sign::BizRedPacket`].
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn send_mini_program(&self, order: &SendMiniProgram) -> Result<SendResult, Error> {
        self.send_request(order.as_request())
    }

    /// Sends a WeCom red packet; its answer must be signed.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn send_workwx(&self, order: &SendWorkwx) -> Result<SendResult, Error> {
        self.send_request(order.as_request())
    }

    /// Sends a request whose fields were set by name; for bindings and command lines.
    ///
    /// # Errors
    /// As [`Client::send`]; also if the request is a query.
    pub fn send_request(&self, request: &Request) -> Result<SendResult, Error> {
        expect_purpose(request, Purpose::Send)?;
        match self.shared.settings.journal.clone() {
            Some(journal) => self.send_journaled(&*journal, request),
            None => self.send_via(request, (Via::Reachable, None)),
        }
    }

    fn send_via(&self, request: &Request, via: (Via, Option<Permit>)) -> Result<SendResult, Error> {
        let mch_billno = request.get("mch_billno");
        self.exchange(
            Operation::Send,
            mch_billno,
            via,
            |merchant| request.encode(merchant),
            answer::read_send,
        )
        .map_err(|error| self.widen_no_auth(error, request.get("re_openid")))
        .inspect(|_| self.forget_no_auth())
    }

    /// One wire send to that host, if the permit still holds right before its first byte.
    pub(crate) fn send_once(
        &self,
        request: &Request,
        host: Host,
        permit: impl Fn() -> bool + 'static,
    ) -> Result<SendResult, Error> {
        self.send_via(request, (Via::Only(host), Some(Arc::new(permit))))
    }

    /// One query, if the permit still holds.
    pub(crate) fn query_once(&self, request: &Request, permit: Option<Permit>) -> Result<QueryResult, Error> {
        let mch_billno = request.get("mch_billno");
        self.exchange(
            Operation::Query,
            mch_billno,
            (Via::Reachable, permit),
            |merchant| request.encode(merchant),
            |wire, received, key| answer::read_query(wire, received, key, Timestamp::now()),
        )
    }

    /// Asks what became of an ordinary, mini program or historic group red packet. NOT_FOUND is an answer
    /// (`found()` is false), and it is **not** a failure of the order.
    ///
    /// # Errors
    /// [`Error`] where the query itself failed; it says nothing of the order.
    pub fn query(&self, query: &Query) -> Result<QueryResult, Error> {
        self.query_request(query.as_request())
    }

    /// Asks what became of a WeCom red packet; its answer must be signed.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub fn query_workwx(&self, query: &QueryWorkwx) -> Result<QueryResult, Error> {
        self.query_request(query.as_request())
    }

    /// Sends a query whose fields were set by name; for bindings and command lines.
    ///
    /// # Errors
    /// As [`Client::query`]; also if the request is a send.
    pub fn query_request(&self, request: &Request) -> Result<QueryResult, Error> {
        expect_purpose(request, Purpose::Query)?;
        match self.shared.settings.journal.clone() {
            Some(journal) => self.query_journaled(&*journal, request),
            None => self.query_once(request, None),
        }
    }

    /// Calls any other v2 endpoint and returns its fields as they came, under the rules of a send.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn call(&self, call: &Call) -> Result<Answer, Error> {
        let via = (Via::Reachable, None);
        self.exchange(
            Operation::Send,
            call.mch_billno(),
            via,
            |merchant| call.encode(merchant),
            answer::read_call,
        )
    }

    /// Inspects credentials and settings without touching the network.
    pub fn check(&self) -> Check {
        check::inspect(&self.shared.current.any(), &self.shared.settings)
    }

    /// Replaces certificate and key in the running client. Calls under way finish with the old ones; new
    /// connections use the new ones. If they can't be used, nothing changes.
    ///
    /// # Errors
    /// Of kind `credentials`.
    pub fn replace_credentials(&self, credentials: &Credentials) -> Result<(), Error> {
        let merchant = self.shared.current.any().merchant.clone();
        let connections = Connections::new(&self.shared.settings, merchant, Some(credentials))?;
        self.shared.current.replace(connections);
        Ok(())
    }

    /// Replaces the APIv2 key in the running client.
    ///
    /// # Errors
    /// Of kind `credentials`, if it is not 32 visible ASCII characters.
    pub fn replace_api_key(&self, api_key: Secret) -> Result<(), Error> {
        check_api_key(&api_key)?;
        let connections = self.shared.current.any().with_api_key(&self.shared.settings, api_key)?;
        self.shared.current.replace(connections);
        Ok(())
    }

    /// The journal, where the client has one.
    pub fn journal(&self) -> Option<&Arc<dyn Journal>> {
        self.shared.settings.journal.as_ref()
    }

    /// The journal; an error where the client has none.
    pub(crate) fn journal_for(&self, operation: Operation) -> Result<Arc<dyn Journal>, Error> {
        self.journal().cloned().ok_or_else(|| {
            let message = "the client has no journal: give it one (ClientBuilder::journal)";
            Error::new(ErrorKind::Configuration, operation, message)
        })
    }

    pub(crate) fn merchant(&self, operation: Operation) -> Result<Merchant, Error> {
        Ok(self.connections(operation)?.merchant.clone())
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.shared.settings.rules
    }

    pub(crate) fn limits(&self) -> Limits {
        self.shared.settings.limits
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.shared.settings.clock
    }

    /// The merchant number.
    pub fn mch_id(&self) -> String {
        self.shared.current.any().merchant.mch_id.clone()
    }

    /// Where requests go first.
    pub fn base_url(&self) -> &str {
        self.shared.settings.url(Host::Primary)
    }

    /// Where they go when that host can't be reached, if anywhere.
    pub fn backup_url(&self) -> Option<&str> {
        self.shared.settings.backup()
    }
}

fn expect_purpose(request: &Request, purpose: Purpose) -> Result<(), Error> {
    if request.endpoint().purpose == purpose {
        return Ok(());
    }
    let rule = format!("is the wrong kind of endpoint for this call: {}", request.endpoint().name);
    let problem = Problem::new("endpoint", rule, request.endpoint().name.len());
    Err(Error::invalid(purpose.operation(), vec![problem]).for_order(request.get("mch_billno")))
}

const _: () = {
    const fn shared_between_threads<T: Send + Sync>() {}
    shared_between_threads::<Client>();
    shared_between_threads::<Error>();
};
