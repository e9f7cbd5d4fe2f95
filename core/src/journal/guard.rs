//! Notices that a journal is an old copy.
//!
//! A small file outside of the database remembers the highest fence ever given and which database gave it.
//! It is written and flushed before the first byte of an attempt may leave, so a database whose own count is
//! behind it has lost something. What it can't notice: the guard itself restored together with the database,
//! onto the same file.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What the guard remembers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    /// The journal's own random name.
    pub journal: String,
    /// Which database it is in: what changes when a copy takes its place.
    pub place: String,
    /// The highest fence whose attempt may have left.
    pub high: i64,
}

/// The guard's file.
#[derive(Debug)]
pub(crate) struct Guard {
    path: PathBuf,
    file: Option<File>,
}

/// Fixed, so that it is overwritten in place: no change of the file's size, which is cheaper to flush.
const LENGTH: usize = 512;

impl Guard {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), file: None }
    }

    /// What it remembers; `None` where there is no guard yet. Half-written guards read as remembering
    /// everything, since nobody knows what they would have said.
    pub fn read(&mut self) -> io::Result<Option<Mark>> {
        let mut text = String::new();
        match File::open(&self.path) {
            // Whoever writes it has it locked: half of a mark would look like a torn one.
            Ok(mut file) => {
                file.lock_shared()?;
                file.read_to_string(&mut text)?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let unreadable = Mark { high: i64::MAX, ..Mark::default() };
        Ok(Some(parse(&text).unwrap_or(unreadable)))
    }

    /// Remembers, durably; a mark of the same journal that is higher already stays, whoever wrote it.
    pub fn write(&mut self, mark: &Mark) -> io::Result<()> {
        let result = self.write_locked(mark);
        if result.is_err() {
            self.file = None;
        }
        result
    }

    fn write_locked(&mut self, mark: &Mark) -> io::Result<()> {
        let created = self.file.is_none() && !self.path.exists();
        let file = match self.file.take() {
            Some(file) => file,
            None => {
                OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&self.path)?
            }
        };
        let file = self.file.insert(file);
        file.lock()?;
        let result = overwrite(file, mark);
        file.unlock()?;
        result?;
        if created && let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            // A new name in a folder is durable only once the folder is.
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

fn overwrite(file: &mut File, mark: &Mark) -> io::Result<()> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0))?;
    // What can't be read is replaced.
    if file.read_to_string(&mut text).is_ok()
        && let Some(there) = parse(&text)
        && there.journal == mark.journal
        && there.place == mark.place
        && there.high >= mark.high
    {
        return Ok(());
    }
    let body = format!("{}\n{}\n{}\n", mark.journal, mark.place, mark.high);
    let mut bytes = format!("{HEAD}\n{body}{}\n", sum(&body)).into_bytes();
    bytes.resize(LENGTH.max(bytes.len()), b' ');
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&bytes)?;
    file.sync_data()
}

const HEAD: &str = "redpack guard 1";

fn parse(text: &str) -> Option<Mark> {
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        return None;
    }
    let (journal, place, high, given) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
    if sum(&format!("{journal}\n{place}\n{high}\n")) != given.trim() {
        return None;
    }
    Some(Mark { journal: journal.to_owned(), place: place.to_owned(), high: high.parse().ok()? })
}

/// Tells a torn write, not an attack.
fn sum(body: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(body.as_bytes());
    crate::sign::lower_hex(&digest).chars().take(16).collect()
}

/// What gives an old copy away, if anything does: the database's own name, place and highest fence against
/// what the guard remembers. `fresh` is a database that was made just now.
pub(crate) fn suspicion(found: &Mark, remembered: Option<&Mark>, fresh: bool) -> Option<String> {
    match remembered {
        None if fresh => None,
        None => Some("the guard beside the journal is missing".into()),
        Some(mark) if mark.journal.is_empty() => Some("the guard can't be read".into()),
        Some(mark) if mark.journal != found.journal => Some("the guard belongs to another journal".into()),
        Some(mark) if mark.high > found.high => {
            Some(format!("the journal knows of {} leases, the guard of {}", found.high, mark.high))
        }
        Some(mark) if mark.place != found.place => Some("the database is not where it was: a copy".into()),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_remembers_and_a_torn_one_remembers_everything() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("guard");
        let mark = Mark { journal: "j".into(), place: "p".into(), high: 7 };
        assert_eq!(Guard::new(&path).read().expect("read"), None);
        let mut guard = Guard::new(&path);
        guard.write(&mark).expect("written");
        guard.write(&Mark { high: 8, ..mark.clone() }).expect("written");
        assert_eq!(Guard::new(&path).read().expect("read"), Some(Mark { high: 8, ..mark.clone() }));
        std::fs::write(&path, "redpack guard 1\nj\np\n9\n").expect("torn");
        let torn = Guard::new(&path).read().expect("read").expect("there");
        assert!(suspicion(&mark, Some(&torn), false).is_some());
        assert_eq!(suspicion(&mark, None, true), None);
        assert!(suspicion(&mark, None, false).is_some());
        assert!(suspicion(&mark, Some(&Mark { high: 8, ..mark.clone() }), false).is_some());
        assert_eq!(suspicion(&mark, Some(&Mark { high: 6, ..mark.clone() }), false), None);
        assert!(suspicion(&mark, Some(&Mark { place: "q".into(), ..mark.clone() }), false).is_some());
    }
}
