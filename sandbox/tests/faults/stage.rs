//! A gateway, a client of it, and one call whose bounds are watched.

use std::time::{Duration, Instant};

use redpack::{Client, Credentials, Error, Fen, Query, Roots, SendRedPack, SendResult};
use redpack_sandbox::{Ledger, Options, Order, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::memory::measured;

pub const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";
/// The client's limit for a call. Time bounds are this and what a busy machine adds.
pub const LIMIT: Duration = Duration::from_millis(1500);
const SLACK: Duration = Duration::from_secs(4);
/// An answer may have 1 MiB; to hold it, grow for it and read it takes a few of those.
const MEMORY: usize = 5 << 20;

pub struct Stage {
    pub sandbox: Sandbox,
    pub client: Client,
    _dir: TempDir,
}

/// What the caller of a call is told: the code where there is one, else the kind of error; outcome, advice,
/// scope.
pub type Told = (String, &'static str, &'static str, &'static str);

impl Stage {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let sandbox = Sandbox::start(Options::new(dir.path())).expect("a sandbox");
        let client = client(&sandbox, &sandbox.base_url());
        Self { sandbox, client, _dir: dir }
    }

    /// Asks for one fault.
    pub fn fault(&self, name: &str, more: &Value) {
        let mut rule = more.clone();
        rule["fault"] = name.into();
        self.sandbox.add_faults(&rule).expect("a good rule");
    }

    /// Sends, and holds the call to its bounds: so many requests, not longer, not more memory.
    pub fn send(&self, order: &SendRedPack, requests: u64) -> (Result<SendResult, Error>, Told) {
        let before = self.sandbox.ledger().totals.requests;
        let started = Instant::now();
        let (result, memory) = measured(|| self.client.send(order));
        let took = started.elapsed();
        let told = told(&result);
        assert!(took < LIMIT + SLACK, "{told:?} took {took:?}");
        assert!(memory < MEMORY, "{told:?} took {memory} bytes");
        // Were anything sent again behind the caller's back, it would be on its way by now.
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(self.sandbox.ledger().totals.requests - before, requests, "{told:?}");
        (result, told)
    }

    /// The order as the ledger has it: status and debits.
    pub fn landed(&self, mch_billno: &str) -> (String, u64) {
        let order = self.order(mch_billno);
        order.map_or((String::new(), 0), |order| (order.status.as_str().to_owned(), order.debits))
    }

    pub fn order(&self, mch_billno: &str) -> Option<Order> {
        self.ledger().orders.remove(mch_billno)
    }

    pub fn ledger(&self) -> Ledger {
        self.sandbox.ledger()
    }

    /// The status that a query tells, or what it fails with.
    pub fn status(&self, mch_billno: &str) -> String {
        match self.client.query(&Query::new(mch_billno)) {
            Ok(result) => match result.order {
                Some(order) => order.status.map_or(String::new(), |status| status.as_str().to_owned()),
                None => "NOT_FOUND".into(),
            },
            Err(error) => error.err_code().unwrap_or(error.kind().as_str()).to_owned(),
        }
    }

    pub fn set_policy(&self, changes: &Value) {
        let mut policy = serde_json::to_value(self.sandbox.policy()).expect("JSON");
        for (name, value) in changes.as_object().expect("an object") {
            assert!(policy.get(name).is_some(), "{name}");
            policy[name] = value.clone();
        }
        self.sandbox.set_policy(serde_json::from_value(policy).expect("a policy"));
    }
}

pub fn client(sandbox: &Sandbox, base_url: &str) -> Client {
    Client::builder(sandbox.mch_id(), sandbox.appid(), sandbox.api_key().clone())
        .credentials(Credentials::pem_files(sandbox.cert_file(), sandbox.key_file()))
        .workwx_secret(sandbox.workwx_secret().clone())
        .roots(Roots::file(sandbox.ca_file()))
        .base_url(base_url)
        .connect_limit(LIMIT)
        .attempt_limit(LIMIT)
        .build()
        .expect("a client")
}

pub fn order(mch_billno: &str) -> SendRedPack {
    order_to(mch_billno, OPENID)
}

pub fn order_to(mch_billno: &str, re_openid: &str) -> SendRedPack {
    SendRedPack::new(mch_billno, re_openid, Fen(100))
        .send_name("天虹百货")
        .act_name("猜灯谜")
        .wishing("节日快乐")
        .remark("invoice 7")
}

pub fn told(result: &Result<SendResult, Error>) -> Told {
    match result {
        Ok(_) => (String::new(), "sent", "none", "order"),
        Err(error) => {
            let code = error.err_code().unwrap_or(error.kind().as_str()).to_owned();
            (code, error.outcome().as_str(), error.advice().as_str(), error.scope().as_str())
        }
    }
}

pub fn nothing_more() -> Value {
    json!({})
}
