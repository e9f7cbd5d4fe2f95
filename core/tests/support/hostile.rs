//! Attacks as tables: what each one must end in, and what must hold of every one of them.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use redpack::{Advice, Client, ClientBuilder, Credentials, Error, ErrorKind, Outcome, Roots, Scope};

use super::memory::measured;
use super::{APPID, BILLNO, MCH_ID, Reply, Server, key, order, pki, success};

/// For attacks that only the client's own limit ends.
pub const QUICK: Duration = Duration::from_millis(500);
/// For attacks that end by themselves: never reached, however busy the machine is.
pub const AMPLE: Duration = Duration::from_secs(20);
/// How much later than its limit a call may come back on a busy machine.
const SLACK: Duration = Duration::from_secs(5);
/// An answer has at most 1 MiB. While its buffer doubles for the last time it is held three times over; TLS,
/// the head and the XML's tree take little.
const MOST_MEMORY: usize = 4 << 20;

/// What a call must end in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Sent,
    /// Ask first.
    Unknown(ErrorKind),
    /// The money may have moved, and our certificate may be refused.
    Doubted,
    /// Nothing has left; the same order may be sent again.
    NotSent(ErrorKind),
    /// Nothing has left, and every further call would fail alike.
    Setup(ErrorKind),
}

impl End {
    fn of(result: Result<(), &Error>) -> Result<Self, String> {
        let Err(error) = result else { return Ok(Self::Sent) };
        let told = (error.outcome(), error.advice(), error.scope(), error.attempts());
        match (told, error.kind()) {
            ((Outcome::Unknown, Advice::QueryFirst, Scope::Order, 1), kind) => Ok(Self::Unknown(kind)),
            (
                (Outcome::Unknown, Advice::FixSetup, Scope::Merchant, 1),
                ErrorKind::ClientCertificateDoubted,
            ) => Ok(Self::Doubted),
            ((Outcome::NotSent, Advice::RetrySameOrder, Scope::Order, 0), kind) => Ok(Self::NotSent(kind)),
            ((Outcome::NotSent, Advice::FixSetup, Scope::Merchant, 0), kind) => Ok(Self::Setup(kind)),
            _ => Err(format!("no row of the outcome table: {told:?} {error:?}")),
        }
    }
}

/// Sends one order and adds to `complaints` whatever should be otherwise.
pub fn attack(what: &str, client: &Client, limit: Duration, end: End, complaints: &mut Vec<String>) {
    let mut started = Instant::now();
    let (mut result, mut memory) = measured(|| client.send(&order()));
    for _ in 0..20 {
        // On a busy machine the handshake alone may take longer than a short limit: that isn't the attack.
        let late = limit == QUICK && end == End::Unknown(ErrorKind::Timeout);
        if !late || !result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Handshake) {
            break;
        }
        started = Instant::now();
        (result, memory) = measured(|| client.send(&order()));
    }
    let time = started.elapsed();
    let mut complain = |why: String| complaints.push(format!("{what}: {why}"));
    let number =
        result.as_ref().map_or_else(|e| e.mch_billno().map(str::to_owned), |s| Some(s.mch_billno.clone()));
    let message = result.as_ref().map_or_else(ToString::to_string, |_| "sent".into());
    let found = End::of(result.as_ref().map(|_| ()));
    if found != Ok(end) {
        complain(format!("{found:?} instead of {end:?} ({message})"));
    }
    if number.as_deref() != Some(BILLNO) {
        complain(format!("the order's number is {number:?} ({message})"));
    }
    if time > limit + SLACK {
        complain(format!("{time:?} ({message})"));
    }
    if memory > MOST_MEMORY {
        complain(format!("{memory} bytes of memory ({message})"));
    }
}

/// One row of a table of answers.
pub struct Row {
    what: &'static str,
    end: End,
    limit: Duration,
    reply: Box<dyn Fn() -> Reply + Send + Sync>,
}

/// An answer that ends by itself.
pub fn row(what: &'static str, end: End, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Row {
    Row { what, end, limit: AMPLE, reply: Box::new(reply) }
}

/// An answer that only the attempt limit ends.
pub fn endless(what: &'static str, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Row {
    Row { what, end: End::Unknown(ErrorKind::Timeout), limit: QUICK, reply: Box::new(reply) }
}

/// Runs a table, several rows at a time, each on a fresh connection and on one that has served a call before:
/// there is one request and one connection, and the end is the same.
pub fn run(rows: Vec<Row>) {
    each(rows, |Row { what, end, limit, reply }, complaints| {
        let attacking = Arc::new(AtomicBool::new(true));
        let attacks = Arc::clone(&attacking);
        let server =
            Server::start(
                move |_, _| {
                    if attacks.load(Ordering::SeqCst) { reply() } else { Reply::ok(success()) }
                },
            );
        let client = || towards(&server.url(), limit).build().expect("a client");
        attack(what, &client(), limit, end, complaints);
        attacking.store(false, Ordering::SeqCst);
        let kept = client();
        // A handshake may take longer than a short limit on a busy machine.
        let served = (0..20).find_map(|_| kept.send(&order()).ok());
        served.expect("a connection that stands");
        let before = (server.requests(), server.connections());
        attacking.store(true, Ordering::SeqCst);
        attack(&format!("{what}, on a kept connection"), &kept, limit, end, complaints);
        if (server.requests(), server.connections()) != (before.0 + 1, before.1) {
            complaints.push(format!(
                "{what}: {} requests, {} connections",
                server.requests(),
                server.connections()
            ));
        }
    });
}

/// Runs every row on one of four threads and fails with all complaints at once.
pub fn each<T: Send>(rows: Vec<T>, run: impl Fn(T, &mut Vec<String>) + Sync) {
    let (rows, all) = (Mutex::new(rows.into_iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let next = || rows.lock().unwrap_or_else(PoisonError::into_inner).next();
                let mut complaints = Vec::new();
                while let Some(row) = next() {
                    run(row, &mut complaints);
                }
                all.lock().unwrap_or_else(PoisonError::into_inner).append(&mut complaints);
            });
        }
    });
    let all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(all.is_empty(), "{} complaints:\n{}", all.len(), all.join("\n"));
}

/// A client of whatever listens there, with that limit for connecting and for the whole call.
pub fn towards(url: &str, limit: Duration) -> ClientBuilder {
    Client::builder(MCH_ID, APPID, key())
        .credentials(Credentials::pem(pki().client.0.as_bytes(), pki().client.1.as_bytes()))
        .roots(Roots::pem(pki().ca_pem.as_bytes()))
        .base_url(url)
        .connect_limit(limit)
        .attempt_limit(limit)
}

/// A listener that does as the test says with each connection, on a thread of its own.
pub struct Listener {
    url: String,
    connections: Arc<AtomicUsize>,
}

impl Listener {
    pub fn start(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("https://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        let (serve, connections) = (Arc::new(serve), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&connections);
        // It lives as long as the test program.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::SeqCst);
                let serve = Arc::clone(&serve);
                let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
                let _ = stream.set_nodelay(true);
                // That the client has gone is how most attacks end.
                thread::spawn(move || drop(serve(stream)));
            }
        });
        Self { url, connections }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}
