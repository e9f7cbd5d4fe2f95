//! How many attempts a second a journal makes durable (begin and finish, two commits each), with 1, 8 and 64
//! threads; how fast a journal of many orders opens and finds one.
//!
//! `cargo bench -p redpack-bench --bench journal`: a file in `REDPACK_BENCH_FOLDER` (the temporary folder unless
//! given), and the database of `REDPACK_BENCH_POSTGRESQL`, if given: an empty one. `REDPACK_BENCH_ORDERS` more
//! orders are prepared before the journal is opened again.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use redpack::journal::{AttemptEnd, Begin, Caps, Fields, Identity, Journal, NewOrder, Number, OrderId, open};
use redpack::{Advice, Outcome, Phase, Scope};

const MCH_ID: &str = "1900000109";
const ROUND: Duration = Duration::from_secs(3);

fn order(number: &str) -> NewOrder {
    let text = |value: &str| value.to_owned();
    let fields: Fields =
        ["wishing", "act_name", "remark", "send_name"].map(|name| (text(name), text("恭喜发财"))).into();
    NewOrder {
        mch_id: text(MCH_ID),
        number: Number::Given(text(number)),
        intent: None,
        identity: Identity {
            kind: text("sendredpack"),
            sub_mch_id: String::new(),
            wxappid: text("wx8888888888888888"),
            re_openid: text("oxTWIuGaIt6gTKsQRLau2M0yL16E"),
            total_amount: 100,
            total_num: 1,
            consume_mch_id: String::new(),
        },
        fields,
    }
}

fn end() -> AttemptEnd {
    AttemptEnd {
        outcome: Outcome::Sent,
        advice: Advice::None,
        scope: Scope::Order,
        err_code: None,
        send_listid: Some("1000".into()),
        wait: None,
        http_status: Some(200),
        phase: Phase::Answer,
        elapsed: Duration::from_millis(50),
    }
}

/// Prepares so many orders, from so many threads.
fn prepare(journal: &Arc<dyn Journal>, many: u64, threads: u32, number: impl Fn(u64) -> String + Sync) {
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    if at >= many {
                        return;
                    }
                    journal.prepare(&order(&number(at))).expect("prepared");
                }
            });
        }
    });
}

/// Prepares orders from many threads, then times begin and finish of each.
fn attempts(journal: &Arc<dyn Journal>, name: &str, threads: u32) -> f64 {
    let many = 400 * threads;
    let number = |at: u64| format!("{name}{threads}x{at}");
    prepare(journal, u64::from(many), threads.max(16), number);
    let begin =
        Begin { host: "api".into(), any_host: false, lease: Duration::from_secs(60), caps: Caps::default() };
    let (next, done) = (AtomicU64::new(0), AtomicU64::new(0));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while started.elapsed() < ROUND {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    if at >= u64::from(many) {
                        return;
                    }
                    let held = journal.begin(&OrderId::new(MCH_ID, number(at)), &begin).expect("begun");
                    journal.finish(&held.lease, &end()).expect("finished");
                    done.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    done.load(Ordering::SeqCst) as f64 / started.elapsed().as_secs_f64()
}

fn main() {
    let folder = std::env::var_os("REDPACK_BENCH_FOLDER").map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    let file = format!("sqlite:{}", folder.path().join("journal.db").display());
    let name = format!("b{}", std::process::id() % 100_000);
    for url in [Some(file), std::env::var("REDPACK_BENCH_POSTGRESQL").ok()].into_iter().flatten() {
        let engine = url.split(':').next().unwrap_or_default().to_owned();
        let journal = open(&url).expect("a journal");
        for threads in [1, 8, 64] {
            println!(
                "{engine:10} {threads:3} threads: {:8.0} attempts/s",
                attempts(&journal, &name, threads)
            );
        }
        // More orders, where wanted: does a large journal open and find as fast?
        let more = std::env::var("REDPACK_BENCH_ORDERS").ok().and_then(|many| many.parse().ok()).unwrap_or(0);
        let started = Instant::now();
        prepare(&journal, more, 128, |at| format!("{name}m{at}"));
        println!("{engine:10} {more} orders more, prepared in {:?}", started.elapsed());
        let started = Instant::now();
        let again = open(&url).expect("a journal");
        let opened = started.elapsed();
        let id = OrderId::new(MCH_ID, format!("{name}1x0"));
        let found = |tries: u32| {
            let started = Instant::now();
            for _ in 0..tries {
                again.order(&id).expect("read").expect("there");
            }
            started.elapsed() / tries
        };
        let first = found(1);
        println!("{engine:10} opened in {opened:?}; an order found in {first:?}, then in {:?}", found(1000));
    }
}
