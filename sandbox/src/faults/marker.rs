//! Faults that a recipient's openid asks for: `f--NAME`, `f--NAME--3`, `f--NAME--all`, each with a name of
//! the tester's own behind it, as in `f--drop-after--1--zhang`.
//!
//! A real openid begins with `o`, so nobody's is taken for a marker.

use super::kind::{Fault, On};

/// What all markers begin with.
const START: &str = "f--";

/// What an openid asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marker {
    pub name: String,
    pub on: On,
    /// How many attempts (or queries) of an order it strikes, from the first on.
    pub first: u64,
}

impl Marker {
    /// `None` for an openid that is no marker; an error for a marker of no known fault.
    pub fn of(openid: &str) -> Option<Result<Self, String>> {
        let rest = openid.strip_prefix(START)?;
        let mut parts = rest.split("--");
        let name = parts.next().unwrap_or_default();
        let (name, on) = match name.strip_prefix("query-") {
            Some(name) => (name, On::Query),
            None => (name, On::Send),
        };
        let first = match parts.next() {
            Some("all") => u64::MAX,
            Some(number) => number.parse().unwrap_or(1),
            None => 1,
        };
        let marker = Self { name: name.to_owned(), on, first };
        Some(Fault::named(name, on).map(|_| marker))
    }

    /// Whether it strikes that attempt.
    pub fn strikes(&self, on: On, attempt: u64) -> bool {
        self.on == on && attempt <= self.first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_read() {
        for (openid, name, on, first) in [
            ("f--drop-after", "drop-after", On::Send, 1),
            ("f--drop-after--3", "drop-after", On::Send, 3),
            ("f--NOTENOUGH--all", "NOTENOUGH", On::Send, u64::MAX),
            ("f--drop--zhang", "drop", On::Send, 1),
            ("f--drop--2--zhang", "drop", On::Send, 2),
            ("f--query-http-502", "http-502", On::Query, 1),
            ("f--query-NOT_FOUND--all", "NOT_FOUND", On::Query, u64::MAX),
        ] {
            let marker = Marker { name: name.into(), on, first };
            assert_eq!(Marker::of(openid), Some(Ok(marker)), "{openid}");
        }
        for openid in ["oxTWIuGaIt6gTKsQRLau2M0yL16E", "o--drop", "f-drop", ""] {
            assert_eq!(Marker::of(openid), None, "{openid}");
        }
        for openid in ["f--", "f--drip-drop", "f--query-drop-after"] {
            assert!(Marker::of(openid).is_some_and(|marker| marker.is_err()), "{openid}");
        }
        let marker = Marker::of("f--drop--2").expect("a marker").expect("known");
        assert!(marker.strikes(On::Send, 2) && !marker.strikes(On::Send, 3) && !marker.strikes(On::Query, 1));
    }
}
