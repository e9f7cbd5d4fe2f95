//! Order numbers (`mch_billno`): the rule, and a generator that the caller may use.

use crate::error::Problem;
use crate::timestamp::Timestamp;

/// The longest `mch_billno` that the service takes, in characters (= bytes).
pub const MAX_LENGTH: usize = 28;

const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const LEAST_RANDOM: usize = 10;

/// Makes a new order number: `mch_id`, the day in Beijing as `yyMMdd`, then random `[0-9a-z]` up to
/// 28 characters.
///
/// The random part is drawn from the operating system at each call, so a forked child never repeats its
/// parent's numbers. Store the number durably **before** you send: a retry must re-use it.
///
/// # Errors
/// [`Problem`] naming `mch_id` where it is empty, not alphanumeric, or so long that fewer than ten random
/// characters would fit; naming `mch_billno` where the system's random source fails.
pub fn new_mch_billno(mch_id: &str) -> Result<String, Problem> {
    let day = Timestamp::now().beijing_day();
    if mch_id.is_empty() || !mch_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Problem::new("mch_id", "must be letters and digits", mch_id.len()));
    }
    let random = MAX_LENGTH.saturating_sub(mch_id.len() + day.len());
    if random < LEAST_RANDOM {
        return Err(Problem::new(
            "mch_id",
            "leaves fewer than 10 random characters of an order number (12 bytes at most)",
            mch_id.len(),
        ));
    }
    let mut number = format!("{mch_id}{day}");
    while number.len() < MAX_LENGTH {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes)
            .map_err(|_| Problem::new("mch_billno", "can't be made: the system's random source failed", 0))?;
        // 252 = 7 × 36: bytes above it are thrown away, so that each character is equally likely.
        let fair =
            bytes.iter().filter(|&&byte| byte < 252).map(|byte| ALPHABET[usize::from(byte % 36)] as char);
        number.extend(fair.take(MAX_LENGTH - number.len()));
    }
    Ok(number)
}

/// Whether a text is a legal order number: 1 to 28 characters of `[0-9A-Za-z]`.
pub fn is_mch_billno(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn numbers_are_full_length_legal_and_differ() {
        let numbers: HashSet<String> =
            (0..2000).map(|_| new_mch_billno("1900000109").expect("a number")).collect();
        assert_eq!(numbers.len(), 2000);
        for number in &numbers {
            assert!(
                is_mch_billno(number) && number.len() == 28 && number.starts_with("1900000109"),
                "{number}"
            );
        }
    }

    #[test]
    fn a_merchant_number_that_leaves_too_little_room_is_refused() {
        assert!(new_mch_billno("190000010912").is_ok());
        assert_eq!(new_mch_billno("1900000109123").expect_err("13 digits").field, "mch_id");
        assert!(new_mch_billno("").is_err());
        assert!(new_mch_billno("19000 0109").is_err());
    }
}
