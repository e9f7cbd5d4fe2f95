//! The usual document without a general reader: `<xml>`, then one element after another, each with a text or one
//! CDATA section, nothing else.
//!
//! It is a shortcut and not a second opinion: a document that it takes it reads as the general reader does (a test
//! compares them), and every other one it leaves to that reader, errors included.

use memchr::{memchr, memchr3};

use super::element::Element;
use super::read::MAX_ELEMENTS;
use super::write::{is_legal, is_name};

/// Room for the eleven fields of an answer and some more, in less than a kilobyte: a larger block is one that glibc
/// has not at hand in its thread's cache, and looks through all its free lists for.
const USUAL: usize = 14;

/// Reads the usual document; `None` where this isn't one.
pub(super) fn read(text: &str) -> Option<Element> {
    let mut rest = text.strip_prefix("<xml>")?;
    let mut root = Element { name: "xml".into(), text: String::new(), children: Vec::with_capacity(USUAL) };
    loop {
        let (blanks, markup) = split_before(rest, b'<')?;
        if !blanks.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\t')) {
            return None;
        }
        root.text.push_str(blanks);
        if let Some(end) = markup.strip_prefix("</xml>") {
            return end.is_empty().then_some(root);
        }
        // The root counts too.
        if root.children.len() + 1 >= MAX_ELEMENTS {
            return None;
        }
        let (start, after) = split_before(markup, b'>')?;
        let name = &start[1..];
        if !is_name(name) {
            return None;
        }
        let after = &after[1..];
        let (value, after) = match after.strip_prefix("<![CDATA[") {
            // Its end is where the first bracket is, or it is not usual.
            Some(data) => split_before(data, b']').map(|(value, end)| (value, end.strip_prefix("]]>")))?,
            None => split_before(after, b'<').map(|(value, end)| (value, Some(end)))?,
        };
        // References, line ends to be normalised, and brackets that might end what is not open: not usual.
        if memchr3(b'&', b'\r', b']', value.as_bytes()).is_some() || !is_legal(value) {
            return None;
        }
        rest = after?.strip_prefix("</")?.strip_prefix(name)?.strip_prefix('>')?;
        root.children.push(Element { name: name.into(), text: value.into(), children: Vec::new() });
    }
}

/// The text before and from the first such byte, an ASCII one, on.
fn split_before(text: &str, byte: u8) -> Option<(&str, &str)> {
    memchr(byte, text.as_bytes()).map(|at| text.split_at(at))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::read::read_any;
    use super::*;

    #[test]
    fn the_usual_document_is_read_here() {
        let root = read("<xml>\n<a>1</a>\n  <b><![CDATA[红包 <b>]]></b><a></a><c> x </c>\n</xml>")
            .unwrap_or_default();
        let read: Vec<_> = root.children.iter().map(|child| (&*child.name, &*child.text)).collect();
        assert_eq!(read, [("a", "1"), ("b", "红包 <b>"), ("a", ""), ("c", " x ")]);
    }

    #[test]
    fn everything_else_is_left_to_the_general_reader() {
        for document in [
            "",
            "<xml>",
            "<xml/>",
            "<xml></xml>x",
            "<xml >",
            "<xml><a>1</xml>",
            "<xml><a>1</b></xml>",
            "<xml><a x='y'>1</a></xml>",
            "<xml><a/></xml>",
            "<xml><a><b>1</b></a></xml>",
            "<xml>x<a>1</a></xml>",
            "<xml><a>1&amp;</a></xml>",
            "<xml><a>1\r\n</a></xml>",
            "<xml>\r<a>1</a></xml>",
            "<xml><a>]]></a></xml>",
            "<xml><a><![CDATA[1]]>2</a></xml>",
            "<xml><a><![CDATA[1]</a></xml>",
            "<xml><!-- x --><a>1</a></xml>",
            "<xml><a>\u{1}</a></xml>",
            "<xml><a>\u{ffff}</a></xml>",
            "<xml><é>1</é></xml>",
            "<xml><a>1</a ></xml>",
            "<xml>\u{a0}<a>1</a></xml>",
            "<xml><a>1</a></xml><xml></xml>",
            "<xml><?x?></xml>",
        ] {
            assert_eq!(read(document), None, "{document}");
        }
        let many = |elements: usize| format!("<xml>{}</xml>", "<a>1</a>".repeat(elements));
        assert!(read(&many(MAX_ELEMENTS - 1)).is_some());
        assert_eq!(read(&many(MAX_ELEMENTS)), None);
    }

    /// Pieces of which documents are made that are nearly usual.
    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            12 => "[a-c]{1,2}".prop_flat_map(|name| {
                prop_oneof![
                    "[a-z0-9 \n]{0,6}".boxed(),
                    "[红包&;<>\\]\r\n\t a1]{0,6}".boxed(),
                    "[红包&;<>\\]\r\n\t a1]{0,6}".prop_map(|text| format!("<![CDATA[{text}]]>")).boxed(),
                    "\\PC{0,4}".boxed(),
                ]
                .prop_map(move |value| format!("<{name}>{value}</{name}>"))
            }),
            4 => "[ \n\t]{1,3}",
            1 => prop::sample::select(vec!["<a/>", "&lt;", "\r\n", "<!---->", "]]>", "<a>", "</a>", "x", "<a b='c'>1</a>",
                "\u{b}", "\u{fffe}", "</xml>", "<xml>"]).prop_map(str::to_owned),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn what_is_read_here_is_what_the_general_reader_reads(pieces in prop::collection::vec(piece(), 0..8)) {
            let document = format!("<xml>{}</xml>", pieces.concat());
            if let Some(root) = read(&document) {
                prop_assert_eq!(Ok(root), read_any(&document), "{}", document);
            }
        }
    }
}
