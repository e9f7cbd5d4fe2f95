//! Writing: one JSON object per line, or text for people. Nothing from outside steers a terminal, and a
//! reader that went away is no reason to panic.

use std::io::{self, Write};

use serde::Serialize;

/// How results are shown.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    pub json: bool,
    pub lang: crate::words::Lang,
}

impl Output {
    /// Shows a result in the chosen form, on standard output.
    pub fn result(self, json: &impl Serialize, people: impl FnOnce() -> String) {
        let text = if self.json { json_line(json) } else { people() };
        if let Err(error) = to_stdout(&text) {
            // What became of money must not be lost with a closed pipe or a full disk.
            note(&format!("redpack: standard output: {error}\n{text}"));
        }
    }
}

fn to_stdout(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()
}

/// A line on standard error. There is nobody to tell if that fails.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// One line of JSON. Characters that some readers take for the end of a line, or that steer terminals, are
/// written as escapes; they can only stand inside of strings.
pub fn json_line(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_else(|_| r#"{"message":"no JSON"}"#.into());
    escaped(&text, |character| {
        let mut units = [0; 2];
        let units: Vec<String> =
            character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        units.concat()
    })
}

/// Text from outside, for people: control characters and those that turn the direction of writing are
/// spelled out.
pub fn visible(text: &str) -> String {
    escaped(text, |character| character.escape_unicode().collect())
}

fn escaped(text: &str, escape: impl Fn(char) -> String) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) { safe.push_str(&escape(character)) } else { safe.push(character) }
    }
    safe
}

fn steers(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_steers_a_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202e}\n"), "a\\u{1b}[2Jb\\u{202e}\\u{a}");
        assert_eq!(visible("猜灯谜 🧧"), "猜灯谜 🧧");
    }

    #[test]
    fn json_is_one_line_and_says_the_same() {
        let hostile = "\u{85}\u{2028}\u{9b}2J\"\\\n猜\u{202e}";
        let line = json_line(&hostile);
        assert!(line.chars().all(|character| !steers(character)), "{line}");
        assert_eq!(serde_json::from_str::<String>(&line).expect("JSON"), hostile);
    }
}
