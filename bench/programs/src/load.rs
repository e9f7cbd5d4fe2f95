//! So many threads that send for so long, and what that took.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::Done;

/// One thread's way to send once.
pub type Sender = Box<dyn FnMut() -> Done + Send>;

/// Before anything is counted, and once every thread has had an answer, caches are filled.
const WARM_UP: Duration = Duration::from_millis(400);

/// Says `first` at the first answer; measures the time given, once warm; prints what it came to.
pub fn run(
    at_once: usize,
    time: Duration,
    make: impl Fn() -> Result<Sender, Box<dyn std::error::Error + Send + Sync>>,
) -> Done {
    let mut senders = vec![make()?];
    senders[0]()?;
    println!("first");
    std::io::stdout().flush()?;
    while senders.len() < at_once {
        senders.push(make()?);
    }
    let (stop, sent, ready) = (AtomicBool::new(false), AtomicU64::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        let threads: Vec<_> = senders
            .into_iter()
            .map(|mut send| {
                let (stop, sent, ready) = (&stop, &sent, &ready);
                scope.spawn(move || -> Done {
                    let connected = send();
                    ready.fetch_add(1, Ordering::Relaxed);
                    connected?;
                    while !stop.load(Ordering::Relaxed) {
                        send()?;
                        sent.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        while ready.load(Ordering::Relaxed) < at_once {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(WARM_UP);
        let (started, cpu, before) = (Instant::now(), processor_time(), sent.load(Ordering::Relaxed));
        thread::sleep(time);
        let (seconds, sends) = (started.elapsed().as_secs_f64(), sent.load(Ordering::Relaxed) - before);
        let cpu = processor_time().saturating_sub(cpu).as_secs_f64();
        stop.store(true, Ordering::Relaxed);
        for thread in threads {
            thread.join().map_err(|_| "a thread panicked")??;
        }
        println!("{{\"sends\": {sends}, \"seconds\": {seconds}, \"cpu\": {cpu}}}");
        Ok(())
    })
}

/// What the whole process has used, the kernel's work for it included.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
