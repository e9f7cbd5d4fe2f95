//! What the caller keeps itself, as a shop's own database does, and no restored journal takes away: which new order
//! of a payment it was permitted. It never goes back to an earlier one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::driver::Claims;

/// The file of permissions, shared by all processes: a line for each, never rewritten.
#[derive(Debug)]
pub struct Permits {
    path: PathBuf,
    file: Claims,
}

impl Permits {
    /// Opens it, new or as others have it.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self { path: path.to_owned(), file: Claims::open(path)? })
    }

    /// A payment's order of this generation is permitted.
    pub fn note(&self, payment: u64, generation: u32) {
        self.file.note(&payment.to_string(), &generation.to_string());
    }

    /// The generation that each payment has come to; those that aren't there are at their first order.
    pub fn all(&self) -> BTreeMap<u64, u32> {
        let mut latest = BTreeMap::new();
        for line in std::fs::read_to_string(&self.path).unwrap_or_default().lines() {
            let numbers = line.split_once(' ').and_then(|(payment, generation)| {
                Some((payment.parse::<u64>().ok()?, generation.parse::<u32>().ok()?))
            });
            if let Some((payment, generation)) = numbers {
                let known = latest.entry(payment).or_insert(0);
                *known = generation.max(*known);
            }
        }
        latest
    }

    /// The generation that a payment has come to.
    pub fn generation(&self, payment: u64) -> u32 {
        self.all().get(&payment).copied().unwrap_or(0)
    }
}
