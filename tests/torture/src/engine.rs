//! The journal's two engines as the torture handles them from outside: copied, restored, killed.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rustix::process::Signal;

use crate::chance::Chance;
use crate::postgres::Server;

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server that the run starts for itself.
    Postgresql,
}

/// The engine of this run.
pub enum Engine {
    /// The file.
    Sqlite(PathBuf),
    /// The server, and the restore guard's file beside it.
    Postgresql(Box<Server>, PathBuf),
}

impl Engine {
    /// Makes it ready.
    pub fn start(kind: Kind, dir: &Path) -> Result<Self, String> {
        match kind {
            Kind::Sqlite => Ok(Self::Sqlite(dir.join("journal.db"))),
            Kind::Postgresql => {
                Ok(Self::Postgresql(Box::new(Server::start(&dir.join("server"))?), dir.join("guard")))
            }
        }
    }

    /// The journal's URL.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgresql(server, guard) => format!("{}&guard={}", server.url(), guard.display()),
        }
    }

    /// Kills the database and starts it again. A file has no server to kill.
    pub fn kill(&mut self, chance: &mut Chance) -> Result<bool, String> {
        let Self::Postgresql(server, _) = self else { return Ok(false) };
        server.end(if chance.permille(500) { Signal::KILL } else { Signal::QUIT });
        std::thread::sleep(chance.millis(0, 700));
        server.run()?;
        Ok(true)
    }

    /// Copies the journal while no worker runs.
    pub fn copy(&mut self) -> Result<(), String> {
        match self {
            Self::Sqlite(path) => copy_file(path, &path.with_extension("copy")),
            Self::Postgresql(server, _) => server.copy(),
        }
    }

    /// Puts the copy back, as someone does who restores a backup: the guard is not part of it.
    pub fn restore(&mut self) -> Result<(), String> {
        match self {
            Self::Sqlite(path) => {
                let path = path.clone();
                for suffix in ["", "-wal", "-shm"] {
                    let _gone = fs::remove_file(beside(&path, suffix));
                }
                copy_file(&path.with_extension("copy"), &path)
            }
            Self::Postgresql(server, _) => server.restore(),
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// A database's file with its log.
fn copy_file(from: &Path, to: &Path) -> Result<(), String> {
    for suffix in ["", "-wal"] {
        let from = beside(from, suffix);
        if from.exists() {
            fs::copy(&from, beside(to, suffix)).map_err(|error| format!("{}: {error}", from.display()))?;
        }
    }
    Ok(())
}
