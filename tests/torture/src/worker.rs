//! A worker: a process that pays payments by chance until it is killed. It has one thread, and forks.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant};

use redpack::{Clock, Failover};
use rustix::process::{Pid, WaitOptions, test_kill_process, waitpid};

use crate::chance::Chance;
use crate::control::SharedClock;
use crate::driver::{Claims, Driver};
use crate::permits::Permits;
use crate::place::Place;
use crate::watch::Watched;

/// Payments are begun in their order, and these many are worked on at a time.
const WINDOW: u64 = 60;
/// How often, of a thousand steps, a worker forks.
const FORKS: u64 = 12;
/// A forked child ends by itself after this, if nobody kills it before.
const CHILD_LIFE: Duration = Duration::from_secs(4);

/// Runs until killed, or until the parent is gone.
pub fn run(dir: &Path, number: u64) -> Result<(), String> {
    let place = Place::open(dir)?;
    let claims = Claims::open(&place.file("claims")).map_err(|error| format!("claims: {error}"))?;
    let mut chance = Chance::new(place.number("seed"), number);
    let modes = [Failover::Off, Failover::ConnectPhase, Failover::AfterSending];
    let failover = chance.pick(&modes).unwrap_or(Failover::Off);
    let shift = Arc::new(AtomicI64::new(0));
    let clock = Arc::new(SharedClock::new(place.control()?, Arc::clone(&shift), Duration::from_millis(300)));
    // The database may be down just now.
    let journal = loop {
        match place.journal(&shift) {
            Ok(opened) => break opened,
            Err(error) if orphaned(&place) => return Err(error),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    let watching = Claims::open(&place.file("claims")).map_err(|error| format!("claims: {error}"))?;
    let naps = Chance::new(chance.below(u64::MAX), number);
    let journal = Arc::new(Watched::new(journal, watching, place.file("stops"), naps));
    let client = place.client(Arc::clone(&clock) as Arc<dyn Clock>, journal, failover)?;
    let permits = Permits::open(&place.file("permits")).map_err(|error| format!("permits: {error}"))?;
    let mut driver = Driver { client, claims, permits, chance };
    let mut ends: Option<Instant> = None;
    let mut children: Vec<Pid> = Vec::new();
    while !orphaned(&place) && ends.is_none_or(|end| Instant::now() < end) {
        clock.refresh();
        // Those of ours that have ended.
        children.retain(|child| matches!(waitpid(Some(*child), WaitOptions::NOHANG), Ok(None)));
        if driver.chance.permille(FORKS) && children.is_empty() && ends.is_none() {
            match fork(&mut driver) {
                Forked::Parent(child) => children.push(child),
                Forked::Child => {
                    ends = Some(Instant::now() + CHILD_LIFE);
                    children.clear();
                }
                Forked::Neither => {}
            }
        }
        let released = clock.released();
        match driver.chance.below(100) {
            0..8 => {
                driver.clean_up(Duration::from_secs(5));
            }
            draw if released > 0 => {
                // Mostly the newest, and now and then an old one, whose record must still hold.
                let from = if draw < 90 { released.saturating_sub(WINDOW) } else { 0 };
                let payment = from + driver.chance.below(released - from);
                driver.drive(payment, 6);
            }
            _ => std::thread::sleep(Duration::from_millis(5)),
        }
    }
    Ok(())
}

fn orphaned(place: &Place) -> bool {
    let parent = i32::try_from(place.number("parent")).ok().and_then(Pid::from_raw);
    parent.is_none_or(|parent| test_kill_process(parent).is_err())
}

enum Forked {
    Parent(Pid),
    Child,
    Neither,
}

/// Forks, and both go on with the same client and journal.
fn fork(driver: &mut Driver) -> Forked {
    driver.claims.note("fork", "-");
    // SAFETY: this process has one thread, so no lock is held by a thread that the child lacks; the child
    // goes on as an ordinary process.
    match unsafe { libc::fork() } {
        0 => {
            driver.chance = Chance::new(u64::from(std::process::id()), 0);
            Forked::Child
        }
        child if child > 0 => Pid::from_raw(child).map_or(Forked::Neither, Forked::Parent),
        _ => Forked::Neither,
    }
}
