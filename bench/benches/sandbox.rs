//! The sandbox with a client beside it in the same process: kept-alive sends a second, with the state in
//! memory and on disk. `cargo bench -p redpack-bench --bench sandbox`.
#![allow(missing_docs, clippy::expect_used, clippy::print_stdout, reason = "a benchmark")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use redpack::{Client, Credentials, Fen, Roots, SendRedPack};
use redpack_sandbox::{Options, Sandbox};

const TIME: Duration = Duration::from_secs(3);
const THREADS: [usize; 3] = [1, 8, 64];

fn main() {
    println!("| state | threads | sends a second | connections | debits = sends |");
    println!("|---|---|---|---|---|");
    for on_disk in [false, true] {
        for threads in THREADS {
            let dir = tempfile::tempdir().expect("a folder");
            let mut options = Options::new(dir.path().join("sandbox"));
            options.balance = Fen(u64::MAX / 2);
            options.state = on_disk.then(|| dir.path().join("state"));
            let sandbox = Sandbox::start(options).expect("a sandbox");
            let (sends, took) = run(&sandbox, threads);
            let totals = sandbox.ledger().totals;
            let rate = u128::from(sends) * 1000 / took.as_millis().max(1);
            let place = if on_disk { "file" } else { "memory" };
            let paid = totals.debits == sends;
            println!("| {place} | {threads} | {rate} | {} | {paid} |", totals.connections);
            assert!(paid, "{} debits, {sends} sends", totals.debits);
        }
    }
}

/// Sends from so many threads that share one client, each order under a number of its own.
fn run(sandbox: &Sandbox, threads: usize) -> (u64, Duration) {
    let client = Client::builder(sandbox.mch_id(), sandbox.appid(), sandbox.api_key().clone())
        .credentials(Credentials::pem_files(sandbox.cert_file(), sandbox.key_file()))
        .roots(Roots::file(sandbox.ca_file()))
        .base_url(&sandbox.base_url())
        .build()
        .expect("a client");
    let sends = AtomicU64::new(0);
    let started = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while started.elapsed() < TIME {
                    let number = sends.fetch_add(1, Ordering::Relaxed);
                    let order =
                        SendRedPack::new(&format!("n{number}"), "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100))
                            .send_name("天虹百货")
                            .act_name("猜灯谜抢红包活动")
                            .wishing("感谢您参加猜灯谜活动，祝您元宵节快乐！")
                            .remark("猜越多得越多，快来抢！");
                    client.send(&order).expect("sent");
                }
            });
        }
    });
    (sends.into_inner(), started.elapsed())
}
