//! Keys and passphrases: zeroized when dropped, invisible to `Debug`; openids masked for people.

use std::fmt;

use zeroize::Zeroizing;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_length_only() {
        assert_eq!(format!("{:?}", Secret::new("canary")), "Secret(6 bytes)");
    }

    #[test]
    fn masking_keeps_enough_to_recognise_and_too_little_to_use() {
        assert_eq!(mask_openid("oxTWIuGaIt6gTKsQRLau2M0yL16E"), "oxTW***6E");
        assert_eq!(mask_openid("short"), "***");
        assert_eq!(mask_openid("猜灯谜抢红包活动猜灯谜抢"), "猜灯谜抢***谜抢");
    }
}
