//! Owners: each open journal holds an operating-system lock on a file of its own, for as long as it lives.
//!
//! The lock ends with the process, however it ends. A forked child inherits the open file, so an owner may
//! outlive its process a little; the lease's own end covers that.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::super::name;

/// The folder of the owners' files.
#[derive(Debug)]
pub(super) struct Owners {
    folder: PathBuf,
    /// This owner.
    pub id: String,
    /// Keeps the lock.
    _lock: File,
}

impl Owners {
    /// Makes a new owner.
    pub fn enter(folder: &Path) -> io::Result<Self> {
        loop {
            let id = name::random("owner").map_err(|error| io::Error::other(error.message().to_owned()))?;
            let path = folder.join(&id);
            let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
            // Somebody who clears dead owners away may have seen the file before it was locked.
            if file.try_lock().is_ok() && path.exists() {
                return Ok(Self { folder: folder.to_owned(), id, _lock: file });
            }
        }
    }

    /// Whether an owner is alive. In doubt it is.
    pub fn is_alive(&self, owner: &str) -> bool {
        if owner == self.id {
            return true;
        }
        match File::open(self.folder.join(owner)) {
            Ok(file) => !matches!(file.try_lock_shared(), Ok(())),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }

    /// Removes the files of the dead; a missing file is a dead owner as well.
    pub fn clear(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with("owner-") && name != self.id)
                && let Ok(file) = File::open(entry.path())
                && !matches!(file.try_lock(), Err(TryLockError::WouldBlock | TryLockError::Error(_)))
            {
                // Left behind by a process that ended: if it can't be removed, it is only litter.
                let _removed = fs::remove_file(entry.path());
            }
        }
    }
}

impl Drop for Owners {
    fn drop(&mut self) {
        let _removed = fs::remove_file(self.folder.join(&self.id));
    }
}
