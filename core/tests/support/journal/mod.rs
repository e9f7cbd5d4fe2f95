//! What the journal's tests share: both engines, orders, ends.
#![allow(dead_code, reason = "each test program uses its own part")]
#![allow(clippy::print_stdout, clippy::zombie_processes, reason = "tests; the helper process outlives us")]

pub mod model;
pub mod postgresql;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use redpack::journal::{
    AttemptEnd, Begin, BeginQuery, Caps, Faults, Fields, Identity, Journal, NewOrder, Number, Options,
    OrderId, QueryEnd, Refusal, Told, open_with,
};
use redpack::{Advice, OrderStatus, Outcome, Phase, Scope};

pub const MCH_ID: &str = "1900000109";
pub const HOST: &str = "api.mch.weixin.qq.com";
pub const LEASE: Duration = Duration::from_secs(30);

/// A journal of its own, on one of the engines.
pub struct Place {
    pub url: String,
    pub engine: &'static str,
    pub folder: tempfile::TempDir,
    pub shift: Arc<AtomicI64>,
}

static NAMES: AtomicU64 = AtomicU64::new(0);

/// Where flushing costs nothing, if there is such a place: the tests care for order, not for disks.
pub fn base() -> std::path::PathBuf {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

pub fn sqlite() -> Place {
    let folder = tempfile::tempdir_in(base()).expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("journal.db").display());
    Place { url, engine: "sqlite", folder, shift: Arc::default() }
}

pub fn postgresql() -> Place {
    let name = format!("journal{}_{}", std::process::id(), NAMES.fetch_add(1, Ordering::SeqCst));
    let url = postgresql::server().database(&name);
    Place { url, engine: "postgresql", folder: tempfile::tempdir().expect("a folder"), shift: Arc::default() }
}

/// Runs a test over both engines.
pub fn both(test: impl Fn(&Place)) {
    for place in [sqlite(), postgresql()] {
        // Shown with a failure only: which of the two it was.
        println!("engine {}", place.engine);
        test(&place);
    }
}

impl Place {
    pub fn options(&self) -> Options {
        Options { clock_shift: Arc::clone(&self.shift), ..Options::default() }
    }

    pub fn open(&self) -> Arc<dyn Journal> {
        open_with(&self.url, &self.options()).expect("a journal")
    }

    pub fn open_faulty(&self, faults: Faults) -> Arc<dyn Journal> {
        open_with(&self.url, &Options { faults, ..self.options() }).expect("a journal")
    }

    pub fn sql(&self, table: &str, sql: &str) {
        if self.engine == "sqlite" {
            let path = self.url.strip_prefix("sqlite:").expect("a path");
            let connection = rusqlite::Connection::open(path).expect("a connection");
            connection.busy_timeout(LEASE).expect("set");
            connection
                .execute_batch(&sql.replace(table, table.trim_start_matches("redpack_")))
                .expect("done");
        } else {
            let name = self.url.rsplit('/').next().expect("a name");
            postgresql::server().client(name).batch_execute(sql).expect("done");
        }
    }

    /// Lets every lease run out, without the wait.
    pub fn expire_leases(&self) {
        self.sql("redpack_orders", "UPDATE redpack_orders SET holder_until = 0 WHERE holder IS NOT NULL");
    }

    /// Makes every lease one of another boot, as it looks where the system doesn't name its boots.
    pub fn another_boot(&self) {
        assert_eq!(self.engine, "sqlite");
        self.sql(
            "redpack_orders",
            "UPDATE redpack_orders SET holder_boot = 'process-1' WHERE holder IS NOT NULL",
        );
    }

    /// Empties the journal.
    pub fn forget(&self) {
        self.sql("redpack_orders", "DELETE FROM redpack_orders");
        self.sql("redpack_attempts", "DELETE FROM redpack_attempts");
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        self.shift.fetch_add(time.as_millis() as i64, Ordering::SeqCst);
    }
}

pub fn fields() -> Fields {
    [("wishing", "恭喜发财"), ("act_name", "猜灯谜"), ("client_ip", "127.0.0.1")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

pub fn new_order(number: &str) -> NewOrder {
    NewOrder {
        mch_id: MCH_ID.into(),
        number: Number::Given(number.into()),
        intent: None,
        identity: Identity {
            kind: "sendredpack".into(),
            sub_mch_id: String::new(),
            wxappid: "wx8888888888888888".into(),
            re_openid: "oxTWIuGaIt6gTKsQRLau2M0yL16E".into(),
            total_amount: 100,
            total_num: 1,
            consume_mch_id: String::new(),
        },
        fields: fields(),
    }
}

pub fn id(number: &str) -> OrderId {
    OrderId::new(MCH_ID, number)
}

pub fn begin() -> Begin {
    Begin { host: HOST.into(), any_host: false, lease: LEASE, caps: Caps::default() }
}

pub fn begin_for(lease: Duration) -> Begin {
    Begin { lease, ..begin() }
}

pub fn query() -> BeginQuery {
    BeginQuery { lease: LEASE, early: true }
}

pub fn end(outcome: Outcome) -> AttemptEnd {
    let advice = match outcome {
        Outcome::Sent => Advice::None,
        Outcome::Unknown => Advice::QueryFirst,
        _ => Advice::RetrySameOrder,
    };
    AttemptEnd {
        outcome,
        advice,
        scope: Scope::Order,
        err_code: None,
        send_listid: (outcome == Outcome::Sent).then(|| "1000".into()),
        wait: None,
        http_status: Some(200),
        phase: Phase::Answer,
        elapsed: Duration::from_millis(5),
    }
}

pub fn told(told: Told) -> QueryEnd {
    QueryEnd { told, send_listid: None, wait: None }
}

pub fn status(status: OrderStatus) -> QueryEnd {
    told(Told::Status(status, false))
}

pub fn refusal<T: std::fmt::Debug>(result: Result<T, redpack::journal::JournalError>) -> Refusal {
    let error = result.expect_err("a refusal");
    error.refusal().unwrap_or_else(|| panic!("not a refusal: {error:?}")).clone()
}

/// The name of a refusal's variant.
pub fn word<T: std::fmt::Debug>(result: Result<T, redpack::journal::JournalError>) -> String {
    let text = format!("{:?}", refusal(result));
    text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned()
}
