//! The look of results for people: a headline, then named lines.

use redpack::Fen;

use crate::output::visible;
use crate::words::{Label, Lang, label};

/// A headline and the lines below it. Every value is made visible: it may come from outside.
pub struct Lines {
    lang: Lang,
    text: String,
}

/// Columns that the names take; a Chinese character has two.
const NAME_WIDTH: usize = 12;

impl Lines {
    pub fn new(lang: Lang, word: &str, meaning: &str) -> Self {
        let text = format!("{}{}{meaning}", visible(word), lang.pick(": ", "："));
        Self { lang, text }
    }

    pub fn line(mut self, name: Label, value: &str) -> Self {
        let name = label(self.lang, name);
        let width: usize = name.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum();
        let blanks = " ".repeat(NAME_WIDTH.saturating_sub(width).max(1));
        self.text.extend(["\n  ", name, &blanks, &visible(value)]);
        self
    }

    /// A line, if there is anything to say.
    pub fn maybe(self, name: Label, value: Option<&str>) -> Self {
        match value {
            Some(value) if !value.is_empty() => self.line(name, value),
            _ => self,
        }
    }

    pub fn done(self) -> String {
        self.text
    }
}

/// An amount as people write it, with what the wire calls it.
pub fn amount(lang: Lang, amount: Fen) -> String {
    match lang {
        Lang::En => format!("{} yuan ({amount} fen)", amount.to_yuan()),
        Lang::Zh => format!("{} 元（{amount} 分）", amount.to_yuan()),
    }
}
