//! Money: an integer number of fen, never a float.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount in fen (分, a hundredth of a yuan).
///
/// The wire carries plain digits without sign, point or leading zero; so does [`fmt::Display`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub u64);

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountError {
    /// There is nothing in it.
    Empty,
    /// A character other than a digit (or, for yuan, one decimal point).
    NotDigits,
    /// A leading zero: the service renders numbers anew before it signs them, so `0100` would fail there.
    LeadingZero,
    /// More than two decimals: there is no amount below one fen.
    TooPrecise,
    /// Larger than this library can count (about 1.8 × 10¹⁹ fen).
    TooLarge,
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty",
            Self::NotDigits => "must be plain digits: no sign, no blanks, no decimal point in fen",
            Self::LeadingZero => "must not start with a zero",
            Self::TooPrecise => "must have at most two decimals",
            Self::TooLarge => "is too large",
        })
    }
}

impl std::error::Error for AmountError {}

impl Fen {
    /// Reads yuan text exactly: `"1.23"` is 123 fen, `"5"` is 500 fen.
    ///
    /// # Errors
    /// [`AmountError`] for anything that is not a whole number of fen.
    ///
    /// ```
    /// use redpack::Fen;
    /// assert_eq!(Fen::from_yuan("1.23"), Ok(Fen(123)));
    /// assert!(Fen::from_yuan("1.234").is_err());
    /// ```
    pub fn from_yuan(text: &str) -> Result<Self, AmountError> {
        let (yuan, decimals) = match text.split_once('.') {
            Some((_, "")) => return Err(AmountError::NotDigits),
            Some((yuan, decimals)) => (yuan, decimals),
            None => (text, ""),
        };
        let yuan = if yuan == "0" { 0 } else { digits(yuan)? };
        if !decimals.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AmountError::NotDigits);
        }
        let fen = match decimals.as_bytes() {
            [] => 0,
            [tens] => u64::from(tens - b'0') * 10,
            [tens, ones] => u64::from(tens - b'0') * 10 + u64::from(ones - b'0'),
            _ => return Err(AmountError::TooPrecise),
        };
        yuan.checked_mul(100).and_then(|y| y.checked_add(fen)).map(Fen).ok_or(AmountError::TooLarge)
    }

    /// The amount as yuan with two decimals, for people: `Fen(123)` is `"1.23"`.
    pub fn to_yuan(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl FromStr for Fen {
    type Err = AmountError;

    /// Reads the wire's form: plain digits, no leading zero (a single `0` is a number too).
    fn from_str(text: &str) -> Result<Self, AmountError> {
        if text == "0" { Ok(Fen(0)) } else { digits(text).map(Fen) }
    }
}

fn digits(text: &str) -> Result<u64, AmountError> {
    match text.as_bytes() {
        [] => Err(AmountError::Empty),
        bytes if !bytes.iter().all(u8::is_ascii_digit) => Err(AmountError::NotDigits),
        [b'0', ..] => Err(AmountError::LeadingZero),
        _ => text.parse().map_err(|_| AmountError::TooLarge),
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fen_text_is_plain_digits() {
        assert_eq!("100".parse(), Ok(Fen(100)));
        assert_eq!("0".parse(), Ok(Fen(0)));
        for (text, error) in [
            ("", AmountError::Empty),
            ("1.00", AmountError::NotDigits),
            ("-1", AmountError::NotDigits),
            ("+1", AmountError::NotDigits),
            (" 1", AmountError::NotDigits),
            ("1e2", AmountError::NotDigits),
            ("１００", AmountError::NotDigits),
            ("0100", AmountError::LeadingZero),
            ("00", AmountError::LeadingZero),
            ("99999999999999999999", AmountError::TooLarge),
        ] {
            assert_eq!(text.parse::<Fen>(), Err(error), "{text}");
        }
    }

    #[test]
    fn yuan_text_is_exact_or_an_error() {
        for (text, fen) in [("1", 100), ("1.2", 120), ("1.23", 123), ("0.01", 1), ("200.00", 20000)] {
            assert_eq!(Fen::from_yuan(text), Ok(Fen(fen)), "{text}");
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1.234",
            "1,2",
            "-1",
            "01.2",
            "1.2.3",
            "1e1",
            "1.+1",
            "999999999999999999999",
        ] {
            assert!(Fen::from_yuan(text).is_err(), "{text}");
        }
        assert_eq!(Fen(5).to_yuan(), "0.05");
    }
}
