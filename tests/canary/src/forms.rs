//! The forms in which a secret may come out.

use std::fmt::Write as _;

/// What a canary stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It must appear nowhere.
    Secret,
    /// It may appear in results and in the journal's request fields.
    Openid,
}

/// One form of one canary.
#[derive(Debug, Clone)]
pub struct Needle {
    /// Which canary, in which form.
    pub what: String,
    /// What to look for, byte by byte.
    pub bytes: Vec<u8>,
    /// What it stands for.
    pub kind: Kind,
}

/// The needles that are in a text.
pub fn found<'a>(needles: &'a [Needle], text: &[u8]) -> Vec<&'a Needle> {
    needles.iter().filter(|needle| holds(text, &needle.bytes)).collect()
}

fn holds(text: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else { return false };
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|byte| byte == first) {
        from += at + 1;
        if text[from..].starts_with(rest) {
            return true;
        }
    }
    false
}

/// Every form of a canary that is long enough not to be met by chance.
pub fn needles(what: &str, canary: &[u8], kind: Kind) -> Vec<Needle> {
    let mut forms: Vec<(String, Vec<u8>)> = vec![("plain".into(), canary.to_vec())];
    let mut add = |name: &str, text: String| forms.push((name.into(), text.into_bytes()));
    let each = |format: fn(u8) -> String, between: &str| {
        canary.iter().map(|byte| format(*byte)).collect::<Vec<_>>().join(between)
    };
    add("hex", each(|byte| format!("{byte:02x}"), ""));
    add("upper-case hex", each(|byte| format!("{byte:02X}"), ""));
    add("hex with blanks", each(|byte| format!("{byte:02x}"), " "));
    add("hex with \\x", each(|byte| format!("\\x{byte:02x}"), ""));
    add("a list of numbers", each(|byte| byte.to_string(), ", "));
    add("a JSON list of numbers", each(|byte| byte.to_string(), ","));
    if let Ok(text) = std::str::from_utf8(canary) {
        let swap =
            |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        add("in lower case", text.to_ascii_lowercase());
        add("in upper case", text.to_ascii_uppercase());
        add("with its case reversed", text.chars().map(swap).collect());
        add("URL-encoded", url_encoded(text, false));
        add("URL-encoded, lower-case hex", url_encoded(text, true));
        add("with JSON's \\/", text.replace('/', "\\/"));
        add("backwards", text.chars().rev().collect());
    }
    for skipped in 0..3 {
        let text = base64_inside(canary, skipped);
        add(&format!("base64 from byte {skipped}"), text.clone());
        add(&format!("base64url from byte {skipped}"), text.replace('+', "-").replace('/', "_"));
    }
    let mut all: Vec<Needle> = Vec::new();
    for (form, bytes) in forms {
        if bytes.len() >= 12 && !all.iter().any(|other| other.bytes == bytes) {
            all.push(Needle { what: format!("{what}, {form}"), bytes, kind });
        }
    }
    all
}

fn url_encoded(text: &str, lower: bool) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        let written = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(byte.into());
                Ok(())
            }
            _ if lower => write!(encoded, "%{byte:02x}"),
            _ => write!(encoded, "%{byte:02X}"),
        };
        debug_assert!(written.is_ok(), "a String takes everything");
    }
    encoded
}

/// The part of the base64 that is the same whatever stands before and behind, where that many bytes of the canary
/// belong to a group that began before it.
fn base64_inside(canary: &[u8], skipped: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in canary.get(skipped..).unwrap_or_default().chunks_exact(3) {
        let number = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
        for shift in [18, 12, 6, 0] {
            text.push(DIGITS[(number >> shift & 63) as usize].into());
        }
    }
    text
}
