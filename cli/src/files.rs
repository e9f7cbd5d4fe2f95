//! Reading small text files: settings, keys, passphrases.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

/// More than any key or settings file has; a device that never ends is not read for ever.
const MOST: u64 = 256 * 1024;

/// Why there is no text.
pub enum Unreadable {
    Io(io::Error),
    TooLarge,
    NotUtf8,
}

impl Unreadable {
    pub fn english(&self) -> String {
        match self {
            Self::Io(error) => error.to_string(),
            Self::TooLarge => "it is too large".into(),
            Self::NotUtf8 => "it is not UTF-8 text".into(),
        }
    }

    pub fn chinese(&self) -> String {
        match self {
            Self::Io(error) => error.to_string(),
            Self::TooLarge => "文件过大".into(),
            Self::NotUtf8 => "不是 UTF-8 文本".into(),
        }
    }
}

/// The whole text. It may hold a key, so our copy is cleared after use.
pub fn text(path: &Path) -> Result<Zeroizing<String>, Unreadable> {
    let mut file = File::open(path).map_err(Unreadable::Io)?;
    // Room for all of it from the start: a buffer that grows leaves copies behind.
    let size = file.metadata().map_or(0, |meta| meta.len()).clamp(4096, MOST + 1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size).unwrap_or(4096) + 1));
    file.by_ref().take(MOST + 1).read_to_end(&mut bytes).map_err(Unreadable::Io)?;
    if bytes.len() as u64 > MOST {
        return Err(Unreadable::TooLarge);
    }
    match std::str::from_utf8(&bytes) {
        // Some editors put a byte order mark first; no key and no settings file means it.
        Ok(text) => Ok(Zeroizing::new(text.trim_start_matches('\u{feff}').to_owned())),
        Err(_) => Err(Unreadable::NotUtf8),
    }
}

/// A secret's file without the line break that editors and `echo` put at its end.
pub fn secret(path: &Path) -> Result<redpack::Secret, Unreadable> {
    text(path).map(|text| redpack::Secret::new(text.trim_end_matches(['\n', '\r'])))
}
