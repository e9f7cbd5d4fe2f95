//! Faults that tests plant between the steps of an operation. Without a plan they cost one look at `None`.

use std::fmt;
use std::sync::Arc;

/// Between which steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Point {
    /// The rule has decided; nothing is written.
    BeforeWrite,
    /// Everything is written; nothing is committed.
    BeforeCommit,
    /// The commit was done; its result has not been looked at.
    AfterCommit,
    /// The restore guard knows of it; the caller doesn't.
    BeforeReturn,
}

/// What happens there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The storage says that it failed.
    Fails,
    /// The process dies: nothing further is done, not even a rollback.
    Dies,
}

/// A plan of faults.
#[derive(Clone, Default)]
pub struct Faults(pub Option<Arc<dyn Fn(Point) -> Option<Fault> + Send + Sync>>);

impl Faults {
    pub(super) fn at(&self, point: Point) -> Option<Fault> {
        self.0.as_ref().and_then(|plan| plan(point))
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Faults(planned)" } else { "Faults(none)" })
    }
}
