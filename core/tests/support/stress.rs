//! What the stress tests share: how long they run, how they end when they hang, and a chance for each thread.

use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Two seconds as a test; `REDPACK_STRESS_SECONDS` says how long otherwise.
pub fn length() -> Duration {
    let seconds = std::env::var("REDPACK_STRESS_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs_f64(seconds.unwrap_or(2.0))
}

/// Runs `each` in so many threads until the time is over, each thread with its own chance. A thread that doesn't come
/// back hangs for ever: that is said, and ends the process, since nothing else could.
pub fn run(threads: u64, each: impl Fn(u64, &mut Chance, &dyn Fn() -> bool) + Sync) {
    let seed = std::env::var("REDPACK_STRESS_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| u64::from(std::process::id()));
    println!("REDPACK_STRESS_SEED={seed}");
    let until = Instant::now() + length();
    let patience = length() + Duration::from_secs(120);
    let (over, ended) = mpsc::channel::<()>();
    let watchdog = std::thread::spawn(move || {
        if ended.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout) {
            eprintln!("a thread of the stress test has not come back: a deadlock, or a call without a limit");
            std::process::abort();
        }
    });
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let each = &each;
            scope.spawn(move || each(thread, &mut Chance::new(seed, thread), &|| Instant::now() < until));
        }
    });
    drop(over);
    watchdog.join().expect("a watchdog");
}

/// A chance that a seed repeats (SplitMix64).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64, thread: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ thread.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}
