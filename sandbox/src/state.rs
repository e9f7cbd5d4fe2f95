//! The state on disk (`--state`): a file of JSON lines that grows with each change and is written anew at
//! each start. It survives the end of the process at any instant; a line that was cut off by it is dropped.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::book::{Book, Record, Sums};
use crate::clock::Clock;
use crate::error::SandboxError;
use crate::faults::Faults;
use crate::policy::Policy;

/// The form of the file. Another one is refused, not guessed at.
const FORM: &str = "redpack sandbox state 1";

/// Everything but the orders, as one line has it.
#[derive(Serialize)]
pub(crate) struct Kept<'a> {
    pub clock: &'a Clock,
    pub policy: &'a Policy,
    pub faults: &'a Faults,
    pub sums: &'a Sums,
}

impl Kept<'_> {
    pub fn value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// What a former run left.
#[derive(Deserialize)]
pub(crate) struct Former {
    pub clock: Clock,
    pub policy: Policy,
    pub faults: Faults,
    pub sums: Sums,
    #[serde(skip)]
    pub records: BTreeMap<String, Record>,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line<R> {
    Form {
        form: String,
        mch_id: String,
    },
    /// What belongs together stands in one line, so that no cut leaves an order without its money.
    Change {
        records: Vec<(String, R)>,
        sandbox: Option<Value>,
    },
}

pub(crate) struct StateFile {
    path: PathBuf,
    mch_id: String,
    file: Option<File>,
    former: Option<Former>,
    /// The last line of [`Kept`]: written again only when something in it has changed.
    last: Value,
}

impl StateFile {
    /// Reads what a former run left, if there is such a file.
    pub fn open(path: &Path, mch_id: &str) -> Result<Self, SandboxError> {
        let state = Self {
            path: path.to_owned(),
            mch_id: mch_id.to_owned(),
            file: None,
            former: None,
            last: Value::Null,
        };
        let failed = || SandboxError::io(format!("{} can't be read", path.display()));
        let refused = |why: String| SandboxError::State(path.to_owned(), why);
        match std::fs::metadata(path) {
            // A device never ends, and to write it anew would put a file in its place.
            Ok(kind) if !kind.is_file() => return Err(refused("it is not a file".into())),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(state),
            Err(error) => return Err(failed()(error)),
        }
        let bytes = std::fs::read(path).map_err(failed())?;
        let former = former(&bytes, mch_id).map_err(refused)?;
        Ok(Self { former, ..state })
    }

    pub fn take_former(&mut self) -> Option<Former> {
        self.former.take()
    }

    /// Writes the file anew with all that is known now.
    pub fn begin(&mut self, whole: &Value, book: &mut Book) -> Result<(), SandboxError> {
        let failed = |path: &Path| SandboxError::io(format!("{} can't be written", path.display()));
        let part = self.path.with_extension("part");
        let write = || {
            let mut file = BufWriter::new(File::create(&part)?);
            let form = Line::<&Record>::Form { form: FORM.into(), mch_id: self.mch_id.clone() };
            write_line(&mut file, &form)?;
            let sandbox = Some(whole.clone());
            write_line(&mut file, &Line::Change { records: Vec::new(), sandbox })?;
            for (number, record) in book.records() {
                let records = vec![(number.clone(), record)];
                write_line(&mut file, &Line::Change { records, sandbox: None })?;
            }
            file.flush()?;
            std::fs::rename(&part, &self.path)?;
            OpenOptions::new().append(true).open(&self.path)
        };
        self.file = Some(write().map_err(failed(&self.path))?);
        self.last = whole.clone();
        drop(book.changed());
        Ok(())
    }

    /// Adds what has changed.
    pub fn append(&mut self, whole: &Value, book: &mut Book) -> Result<(), SandboxError> {
        let records = book.changed();
        let sandbox = (self.last != *whole).then(|| whole.clone());
        if records.is_empty() && sandbox.is_none() {
            return Ok(());
        }
        let mut line = Vec::new();
        write_line(&mut line, &Line::Change { records, sandbox })
            .map_err(SandboxError::io("a change can't be written as JSON"))?;
        if let Some(file) = self.file.as_mut() {
            file.write_all(&line)
                .map_err(SandboxError::io(format!("{} can't be written", self.path.display())))?;
        }
        self.last.clone_from(whole);
        Ok(())
    }
}

fn write_line(to: &mut impl Write, line: &Line<&Record>) -> std::io::Result<()> {
    serde_json::to_writer(&mut *to, line)?;
    to.write_all(b"\n")
}

/// Reads the lines. Only the last may be cut off.
fn former(bytes: &[u8], mch_id: &str) -> Result<Option<Former>, String> {
    let mut records = BTreeMap::new();
    let mut whole = None;
    if bytes.is_empty() {
        return Ok(None);
    }
    // Bytes, since a cut may go through a character.
    let mut lines =
        bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")).enumerate();
    match lines.next().map(|(_, line)| serde_json::from_slice(line)) {
        Some(Ok(Line::<Record>::Form { form, mch_id: of })) if form == FORM => {
            if of != mch_id {
                return Err(format!("it is the state of merchant {of}, not of {mch_id}"));
            }
        }
        // The first lines were there before the file got its name, so this one can't have been cut off.
        _ => return Err(format!("it does not begin as a {FORM:?} does")),
    }
    for (number, line) in lines {
        match serde_json::from_slice(line) {
            Ok(Line::Change { records: changed, sandbox }) => {
                records.extend(changed);
                whole = sandbox.or(whole);
            }
            Ok(Line::Form { .. }) => return Err(format!("line {} is out of place", number + 1)),
            Err(error) => return Err(format!("line {} can't be read: {error}", number + 1)),
        }
    }
    let whole = whole.ok_or("it holds no sums")?;
    let former: Former =
        serde_json::from_value(whole).map_err(|error| format!("its settings can't be read: {error}"))?;
    Ok(Some(Former { records, ..former }))
}
