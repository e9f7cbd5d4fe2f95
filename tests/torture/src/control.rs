//! What the parent tells all workers while they run: a small file, read anew at each step. No thread waits
//! for it, so a worker may fork at any time.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use redpack::Clock;

/// The file: the shift of every clock in milliseconds, then how many payments may be begun.
#[derive(Debug)]
pub struct Control(File);

impl Control {
    /// Makes the file, for the parent.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
        let control = Self(file);
        control.set_shift(0)?;
        control.release(0)?;
        Ok(control)
    }

    /// Opens it, for a worker.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(File::open(path)?))
    }

    fn word(&self, at: u64) -> i64 {
        let mut bytes = [0; 8];
        match self.0.read_exact_at(&mut bytes, at) {
            Ok(()) => i64::from_le_bytes(bytes),
            Err(_) => 0,
        }
    }

    /// How far all clocks are ahead.
    pub fn shift(&self) -> i64 {
        self.word(0)
    }

    /// Moves them.
    pub fn set_shift(&self, ms: i64) -> io::Result<()> {
        self.0.write_all_at(&ms.to_le_bytes(), 0)
    }

    /// How many payments may be begun.
    pub fn released(&self) -> u64 {
        self.word(8).unsigned_abs()
    }

    /// Lets so many be begun.
    pub fn release(&self, payments: u64) -> io::Result<()> {
        self.0.write_all_at(&payments.to_le_bytes(), 8)
    }
}

/// The clock that journal, gateway and client share: the machine's, with the shift. Waiting ends as soon as
/// the shifted clock says so, or after a while of real time: whoever waits asks again.
#[derive(Debug)]
pub struct SharedClock {
    control: Control,
    shift: Arc<AtomicI64>,
    began: Instant,
    most: Duration,
}

impl SharedClock {
    /// A clock whose waits take at most `most` of real time.
    pub fn new(control: Control, shift: Arc<AtomicI64>, most: Duration) -> Self {
        let clock = Self { control, shift, began: Instant::now(), most };
        clock.refresh();
        clock
    }

    /// Takes the parent's shift over, for the journal too.
    pub fn refresh(&self) {
        self.shift.store(self.control.shift(), Ordering::SeqCst);
    }

    /// How many payments may be begun.
    pub fn released(&self) -> u64 {
        self.control.released()
    }
}

impl Clock for SharedClock {
    fn elapsed(&self) -> Duration {
        self.refresh();
        let ahead = u64::try_from(self.shift.load(Ordering::SeqCst)).unwrap_or_default();
        self.began.elapsed() + Duration::from_millis(ahead)
    }

    fn sleep(&self, time: Duration) {
        let (until, began) = (self.elapsed() + time, Instant::now());
        while self.elapsed() < until && began.elapsed() < self.most {
            std::thread::sleep(Duration::from_millis(5).min(time));
        }
    }
}
