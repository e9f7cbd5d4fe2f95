//! A gateway, a journal in a file, a client of both, and one clock for all three.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use redpack::journal::{self, Journal, Options as JournalOptions};
use redpack::{Client, ClientBuilder, Clock, Credentials, Fen, Roots, SendRedPack};
use redpack_sandbox::{Options, Order, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

pub const OPENID: &str = "oxTWIuGaIt6gTKsQRLau2M0yL16E";
/// Longer than anything in a test takes by the tests' clock.
pub const LONG: Duration = Duration::from_secs(3600);

pub struct Stage {
    pub sandbox: Arc<Sandbox>,
    pub journal: Arc<dyn Journal>,
    pub client: Client,
    pub clock: Arc<TestClock>,
    pub dir: TempDir,
}

/// Passes at once, for the journal and the gateway too.
pub struct TestClock {
    shift: Arc<AtomicI64>,
    sandbox: Arc<Sandbox>,
}

impl std::fmt::Debug for TestClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TestClock")
    }
}

impl Clock for TestClock {
    fn elapsed(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.shift.load(Ordering::SeqCst)).unwrap_or_default())
    }

    fn sleep(&self, time: Duration) {
        self.shift.fetch_add(i64::try_from(time.as_millis()).expect("a time"), Ordering::SeqCst);
        self.sandbox.advance(time);
    }
}

impl Stage {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let sandbox = Arc::new(Sandbox::start(Options::new(dir.path().join("gateway"))).expect("a sandbox"));
        let shift = Arc::new(AtomicI64::new(0));
        let clock = Arc::new(TestClock { shift, sandbox: Arc::clone(&sandbox) });
        let journal = open(&dir, &clock);
        let client = builder(&sandbox, &clock).journal(Arc::clone(&journal)).build().expect("a client");
        Self { sandbox, journal, client, clock, dir }
    }

    /// As after a crash: another journal object on the same file, and a client with it. The old ones are
    /// gone.
    pub fn restarted(self) -> Self {
        let Self { sandbox, journal, client, clock, dir } = self;
        drop((journal, client));
        let journal = open(&dir, &clock);
        let client = builder(&sandbox, &clock).journal(Arc::clone(&journal)).build().expect("a client");
        Self { sandbox, journal, client, clock, dir }
    }

    pub fn fault(&self, name: &str, more: &Value) {
        let mut rule = more.clone();
        rule["fault"] = name.into();
        self.sandbox.add_faults(&rule).expect("a good rule");
    }

    pub fn fault_once(&self, name: &str) {
        self.fault(name, &json!({"times": 1}));
    }

    pub fn id(&self, mch_billno: &str) -> redpack::journal::OrderId {
        redpack::journal::OrderId::new(self.sandbox.mch_id(), mch_billno)
    }

    /// What really happened to the order: status and debits.
    pub fn landed(&self, mch_billno: &str) -> (String, u64) {
        let order: Option<Order> = self.sandbox.ledger().orders.remove(mch_billno);
        order.map_or((String::new(), 0), |order| (order.status.as_str().to_owned(), order.debits))
    }

    /// How often the payment of that remark was made, under whatever number.
    pub fn debits_of(&self, remark: &str) -> u64 {
        self.sandbox.ledger().remarks.get(remark).map_or(0, |debits| debits.debits)
    }

    pub fn sends(&self) -> u64 {
        self.sandbox.ledger().totals.sends
    }
}

fn open(dir: &TempDir, clock: &TestClock) -> Arc<dyn Journal> {
    let options = JournalOptions { clock_shift: Arc::clone(&clock.shift), ..JournalOptions::default() };
    let url = format!("sqlite:{}", dir.path().join("journal.db").display());
    journal::open_with(&url, &options).expect("a journal")
}

pub fn builder(sandbox: &Sandbox, clock: &Arc<TestClock>) -> ClientBuilder {
    Client::builder(sandbox.mch_id(), sandbox.appid(), sandbox.api_key().clone())
        .credentials(Credentials::pem_files(sandbox.cert_file(), sandbox.key_file()))
        .roots(Roots::file(sandbox.ca_file()))
        .base_url(&sandbox.base_url())
        .connect_limit(Duration::from_millis(1500))
        .attempt_limit(Duration::from_millis(1500))
        .clock(Arc::clone(clock) as Arc<dyn Clock>)
}

pub fn order(mch_billno: &str) -> SendRedPack {
    SendRedPack::new(mch_billno, OPENID, Fen(100))
        .send_name("天虹百货")
        .act_name("猜灯谜")
        .wishing("节日快乐")
        .remark("invoice 7")
}
