//! The workers as their parent sees them: started, killed, stopped for longer than a lease, started again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::chance::Chance;
use crate::place::LONGER_THAN_A_LEASE;

/// All workers, and the children that they forked.
pub struct Herd {
    dir: PathBuf,
    workers: Vec<Child>,
    stopped: Vec<(Pid, Instant)>,
    next: u64,
    /// How often `kill -9` was sent.
    pub kills: u64,
    /// How often a process was stopped for longer than a lease.
    pub stops: u64,
    /// Workers that ended by themselves, and how: there must be none.
    pub deserters: Vec<String>,
}

fn pid(child: &Child) -> Option<Pid> {
    Pid::from_raw(i32::try_from(child.id()).ok()?)
}

impl Herd {
    /// None yet.
    pub fn new(dir: &Path) -> Result<Self, String> {
        fs::create_dir(dir.join("stops")).map_err(|error| format!("the folder of stops: {error}"))?;
        let (workers, stopped, deserters) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { dir: dir.to_owned(), workers, stopped, next: 1, kills: 0, stops: 0, deserters })
    }

    /// Starts workers until there are so many.
    pub fn fill(&mut self, processes: usize) -> Result<(), String> {
        while self.workers.len() < processes {
            let own = std::env::current_exe().map_err(|error| format!("our own program: {error}"))?;
            let child = Command::new(own)
                .args(["worker", "--number", &self.next.to_string(), "--dir"])
                .arg(&self.dir)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
                .map_err(|error| format!("a worker: {error}"))?;
            self.next += 1;
            self.workers.push(child);
        }
        Ok(())
    }

    /// Notes workers that ended without having been killed.
    pub fn look(&mut self) {
        let deserters = &mut self.deserters;
        self.workers.retain_mut(|child| match child.try_wait() {
            Ok(Some(status)) => {
                deserters.push(status.to_string());
                false
            }
            _ => true,
        });
    }

    /// Forked children that are alive: they have the command line of a worker of this run, and aren't one of
    /// ours. Asked of the system, since a child may be killed over before it could say that it is there.
    fn children(&self) -> Vec<Pid> {
        let ours: Vec<Pid> = self.workers.iter().filter_map(pid).collect();
        let dir = self.dir.to_string_lossy();
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let Some(pid) = Pid::from_raw(pid) else { continue };
            let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let mut words = command.split(|byte| *byte == 0);
            let worker = words.nth(1) == Some(b"worker") && words.any(|word| word == dir.as_bytes());
            if worker && !ours.contains(&pid) {
                found.push(pid);
            }
        }
        found
    }

    /// Kills one process, a forked child now and then.
    pub fn kill_one(&mut self, chance: &mut Chance) {
        let children = self.children();
        if chance.permille(250)
            && let Some(child) = chance.pick(&children)
        {
            self.kill_child(child);
            return;
        }
        if self.workers.is_empty() {
            return;
        }
        let index = usize::try_from(chance.below(self.workers.len() as u64)).unwrap_or(0);
        let child = self.workers.swap_remove(index);
        self.kill_worker(child);
    }

    fn kill_child(&mut self, child: Pid) {
        if kill_process(child, Signal::KILL).is_ok() {
            self.kills += 1;
        }
    }

    fn kill_worker(&mut self, mut child: Child) {
        if let Some(pid) = pid(&child)
            && matches!(child.try_wait(), Ok(None))
            && kill_process(pid, Signal::KILL).is_ok()
        {
            self.kills += 1;
        }
        let _status = child.wait();
    }

    /// Kills everybody, and returns when all are gone: who outlived a restore would pay out of a journal that
    /// is no longer there. Once a worker has been waited for, whatever it forked can be seen.
    pub fn kill_all(&mut self) {
        for child in std::mem::take(&mut self.workers) {
            self.kill_worker(child);
        }
        self.stopped.clear();
        let began = Instant::now();
        let mut killed = Vec::new();
        loop {
            let children = self.children();
            if children.is_empty() {
                return;
            }
            for child in children {
                if !killed.contains(&child) {
                    killed.push(child);
                    self.kill_child(child);
                }
            }
            if began.elapsed() > Duration::from_secs(30) {
                self.deserters.push(format!("{killed:?} outlived kill -9"));
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Stops one process for longer than a lease.
    pub fn stop_one(&mut self, chance: &mut Chance) {
        let mut all: Vec<Pid> = self.workers.iter().filter_map(pid).collect();
        all.extend(self.children());
        let Some(pid) = chance.pick(&all) else { return };
        if kill_process(pid, Signal::STOP).is_ok() {
            let more = chance.millis(0, 1_000);
            self.stopped.push((pid, Instant::now() + LONGER_THAN_A_LEASE + more));
            self.stops += 1;
        }
    }

    /// Those that stopped themselves while they held a lease, each by its file.
    fn note_sleepers(&mut self, chance: &mut Chance) {
        for entry in fs::read_dir(self.dir.join("stops")).into_iter().flatten().flatten() {
            let pid = entry.file_name().to_string_lossy().parse().ok().and_then(Pid::from_raw);
            if let Some(pid) = pid {
                let until = Instant::now() + LONGER_THAN_A_LEASE + chance.millis(0, 1_000);
                self.stopped.push((pid, until));
                self.stops += 1;
            }
            let _noted = fs::remove_file(entry.path());
        }
    }

    /// Lets those go on that were stopped for long enough.
    pub fn go_on(&mut self, chance: &mut Chance) {
        self.note_sleepers(chance);
        let mut alive: Vec<Pid> = self.workers.iter().filter_map(pid).collect();
        alive.extend(self.children());
        self.stopped.retain(|(pid, until)| {
            let over = *until <= Instant::now();
            if over && alive.contains(pid) {
                let _continued = kill_process(*pid, Signal::CONT);
            }
            !over
        });
    }
}

impl Drop for Herd {
    fn drop(&mut self) {
        self.kill_all();
    }
}
