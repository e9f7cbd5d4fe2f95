//! Sends with a journal against sends without one, in the same run against the sandbox: with 1, 8 and 64
//! threads, on SQLite, and on PostgreSQL where `REDPACK_BENCH_POSTGRESQL` holds the URL of an empty database.
//! `cargo bench -p redpack-bench --bench journaled`.
#![allow(missing_docs, clippy::expect_used, clippy::print_stdout, reason = "a benchmark")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use redpack::{Client, Credentials, Fen, Roots, SendRedPack, journal};
use redpack_sandbox::{Options, Sandbox};

const TIME: Duration = Duration::from_secs(3);
const THREADS: [usize; 3] = [1, 8, 64];

fn main() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut engines = vec![None, Some(format!("sqlite:{}", dir.path().join("journal.db").display()))];
    engines.extend(std::env::var("REDPACK_BENCH_POSTGRESQL").ok().map(Some));
    println!("| journal | threads | sends a second | ratio to none |");
    println!("|---|---|---|---|");
    for threads in THREADS {
        let mut without = 0.0;
        for engine in &engines {
            let mut options = Options::new(dir.path().join("sandbox"));
            options.balance = Fen(u64::MAX / 2);
            let sandbox = Sandbox::start(options).expect("a sandbox");
            let rate = rate(&sandbox, engine.as_deref(), threads);
            if engine.is_none() {
                without = rate;
            }
            let name = engine.as_deref().and_then(|url| url.split(':').next()).unwrap_or("none");
            println!("| {name} | {threads} | {rate:.0} | {:.2} |", rate / without);
        }
    }
}

/// Sends a second from so many threads that share one client, each order under a number of its own.
fn rate(sandbox: &Sandbox, engine: Option<&str>, threads: usize) -> f64 {
    let mut builder = Client::builder(sandbox.mch_id(), sandbox.appid(), sandbox.api_key().clone())
        .credentials(Credentials::pem_files(sandbox.cert_file(), sandbox.key_file()))
        .roots(Roots::file(sandbox.ca_file()))
        .base_url(&sandbox.base_url());
    if let Some(url) = engine {
        builder = builder.journal(journal::open(url).expect("a journal"));
    }
    let client = builder.build().expect("a client");
    let sends = AtomicU64::new(0);
    let started = Instant::now();
    // The journal keeps the numbers of former rounds: one that comes again is a recorded result, not a send.
    let round = format!("{}t{threads}", std::process::id());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while started.elapsed() < TIME {
                    let number = sends.fetch_add(1, Ordering::Relaxed);
                    let order = SendRedPack::new(&format!("{round}n{number}"), "o1", Fen(100));
                    let order = order.send_name("a").act_name("b").wishing("c").remark("d");
                    client.send(&order).expect("sent");
                }
            });
        }
    });
    let debits = sandbox.ledger().totals.debits;
    assert_eq!(debits, sends.load(Ordering::Relaxed), "every send was paid for, once");
    f64::from(u32::try_from(debits).unwrap_or(u32::MAX)) / started.elapsed().as_secs_f64()
}
