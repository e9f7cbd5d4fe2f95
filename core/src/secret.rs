//! Keys and passphrases: zeroized when dropped, invisible to `Debug`; openids masked for people.

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroizing;

use crate::error::LONGEST_CODE;

/// A text that must never be seen: the API key, a passphrase, the WeCom secret.
///
/// `Debug` prints its length only, there is no `Display`, and the memory is cleared on drop.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the secret over. The caller's own copies are the caller's to clear.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for the one place that uses it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

/// An openid as logs and errors may show it: the first four and the last two characters.
pub fn mask_openid(openid: &str) -> String {
    let characters: Vec<char> = openid.chars().collect();
    match characters.as_slice() {
        [head @ .., y, z] if characters.len() >= 12 => {
            head.iter().take(4).chain(['*', '*', '*'].iter()).chain([y, z]).collect()
        }
        _ => "***".into(),
    }
}

/// WeChat's openids have this length.
const OPENID_LENGTH: usize = 28;

/// A text with everything masked that has the shape of an openid: 28 letters, digits, `-`
/// or `_`, the first an `o`.
pub(crate) fn mask_openids_in(text: &str) -> String {
    let part_of_one = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(part_of_one) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !part_of_one(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        masked.push_str(before);
        if word.len() == OPENID_LENGTH && word.starts_with('o') {
            masked.push_str(&mask_openid(word));
        } else {
            masked.push_str(word);
        }
        rest = after;
    }
    masked.push_str(rest);
    masked
}

/// A text of the service as errors, logs and the journal's columns of answers have it: openids masked wherever
/// they stand, also inside of a longer word, and at most so many characters, since a server may send a megabyte.
pub(crate) fn told_by_service(text: &str, most: usize) -> String {
    let part_of_one = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut masked = String::with_capacity(text.len().min(4 * most));
    for word in text.split_inclusive(|c| !part_of_one(c)) {
        let letters = word.trim_end_matches(|c| !part_of_one(c));
        let last_start = letters.len().checked_sub(OPENID_LENGTH);
        match last_start.and_then(|last| letters[..=last].find('o')) {
            Some(start) => {
                masked.push_str(&letters[..start]);
                masked.push_str(&mask_openid(&letters[start..]));
                masked.push_str(&word[letters.len()..]);
            }
            None => masked.push_str(word),
        }
    }
    cut(masked, most)
}

/// A code of the service, as [`told_by_service`] has it. Almost every one is too short for that to matter.
pub(crate) fn code_told_by_service(code: &str) -> Cow<'_, str> {
    if code.len() < OPENID_LENGTH {
        return Cow::Borrowed(code);
    }
    Cow::Owned(told_by_service(code, LONGEST_CODE))
}

/// At most so many characters, with a mark where something is missing.
pub(crate) fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_s_text_is_masked_inside_of_words_and_has_a_bound() {
        let openid = "oxTWIuGaIt6gTKsQRLau2M0yL16E";
        for around in ["", "x", "USER_", "foo_", "号", "o", " ", "\n"] {
            for behind in ["", "_X", "号", ">", "o"] {
                let masked = told_by_service(&format!("{around}{openid}{behind}"), 100);
                assert!(!masked.contains("IuGaIt6g") && !masked.contains("QRLau2M"), "{masked}");
            }
        }
        let harmless = "NO_AUTH: 发放失败, 1900000109261124abcdefghijkl.";
        assert_eq!(told_by_service(harmless, 99), harmless);
        assert_eq!(told_by_service("余额不足余额不足", 3), "余额不…");
        assert_eq!(told_by_service("", 3), "");
    }

    #[test]
    fn debug_shows_the_length_only() {
        assert_eq!(format!("{:?}", Secret::new("canary")), "Secret(6 bytes)");
    }

    #[test]
    fn openids_are_masked_in_the_middle_of_a_text() {
        let text = "用户oxTWIuGaIt6gTKsQRLau2M0yL16E不存在, order 1900000109261124abcdefghijkl";
        assert_eq!(mask_openids_in(text), "用户oxTW***6E不存在, order 1900000109261124abcdefghijkl");
        assert_eq!(mask_openids_in(""), "");
    }

    #[test]
    fn masking_keeps_enough_to_recognise_and_too_little_to_use() {
        assert_eq!(mask_openid("oxTWIuGaIt6gTKsQRLau2M0yL16E"), "oxTW***6E");
        assert_eq!(mask_openid("short"), "***");
        assert_eq!(mask_openid("猜灯谜抢红包活动猜灯谜抢"), "猜灯谜抢***谜抢");
    }
}
