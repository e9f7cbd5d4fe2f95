//! Reads an answer into a tree: liberal about form, firm about limits and well-formedness.
//!
//! Accepted: CDATA and plain text mixed, attributes, comments, processing instructions, any order, a byte
//! order mark, blanks anywhere. Refused: DOCTYPE, entities beyond XML's five, a document that is not
//! closed or has something behind its end, characters that XML can't carry, and whatever is too large, too
//! deep or too many.

use std::fmt;

use quick_xml::Reader;
use quick_xml::events::attributes::{AttrError, Attribute};
use quick_xml::events::{BytesStart, Event};

use super::element::Element;
use super::flat;
use super::write::{is_legal, is_legal_char};

/// The largest document that is read, in bytes (1 MiB).
pub const MAX_BYTES: usize = 1 << 20;
/// The deepest nesting that is read, the root counted.
pub const MAX_DEPTH: usize = 16;
/// The most elements that are read.
pub const MAX_ELEMENTS: usize = 4096;

/// Why a body could not be read as an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing but blanks.
    Empty,
    /// Larger than [`MAX_BYTES`].
    TooLarge,
    /// Deeper than [`MAX_DEPTH`].
    TooDeep,
    /// More elements than [`MAX_ELEMENTS`].
    TooMany,
    /// Not UTF-8.
    NotUtf8,
    /// Not well-formed XML, or the root is not `<xml>`.
    NotXml,
    /// A document type declaration: the way to entity bombs and file inclusion.
    Doctype,
    /// An entity that is not one of XML's five.
    Entity,
    /// A character that XML 1.0 can't carry.
    Character,
    /// The root is not closed: the body was cut short.
    Truncated,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the body is empty",
            Self::TooLarge => "the body is larger than 1 MiB",
            Self::TooDeep => "the document is nested too deeply",
            Self::TooMany => "the document has too many elements",
            Self::NotUtf8 => "the body is not UTF-8",
            Self::NotXml => "the body is not an XML document with the root <xml>",
            Self::Doctype => "the document has a DOCTYPE, which is refused",
            Self::Entity => "the document has an entity beyond XML's five, which is refused",
            Self::Character => "the document has a character that XML can't carry",
            Self::Truncated => "the document is cut short: its root is not closed",
        })
    }
}

impl std::error::Error for ReadError {}

/// Reads one document.
///
/// # Errors
/// [`ReadError`]; the input is never trusted and never makes this panic.
///
/// ```
/// let root = redpack::xml::read(b"<xml><a><![CDATA[1]]></a></xml>").unwrap();
/// assert_eq!(root.text_of("a"), Some("1"));
/// ```
pub fn read(body: &[u8]) -> Result<Element, ReadError> {
    if body.len() > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii();
    let text = std::str::from_utf8(body).map_err(|_| ReadError::NotUtf8)?;
    // A byte order mark may also stand behind blanks.
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_ascii_whitespace());
    if text.is_empty() {
        return Err(ReadError::Empty);
    }
    match flat::read(text) {
        Some(root) => Ok(root),
        None => read_any(text),
    }
}

/// With the general reader.
pub(super) fn read_any(text: &str) -> Result<Element, ReadError> {
    Tree::default().build(text)
}

#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn build(mut self, text: &str) -> Result<Element, ReadError> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = true;
        config.check_comments = true;
        config.trim_markup_names_in_closing_tags = true;
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => self.start(&start)?,
                Ok(Event::Empty(start)) => {
                    self.start(&start)?;
                    self.end()?;
                }
                Ok(Event::End(_)) => self.end()?,
                Ok(Event::Text(text)) => self.text(&text.xml10_content())?,
                Ok(Event::CData(text)) => self.character_data(&text.xml10_content())?,
                Ok(Event::GeneralRef(reference)) => self.reference(&reference)?,
                Ok(Event::DocType(_)) => return Err(ReadError::Doctype),
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
                Ok(Event::Eof) => break,
                Err(quick_xml::Error::Syntax(_)) if !self.open.is_empty() => {
                    return Err(ReadError::Truncated);
                }
                Err(_) => return Err(ReadError::NotXml),
            }
        }
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            None if self.open.is_empty() => Err(ReadError::NotXml),
            _ => Err(ReadError::Truncated),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), ReadError> {
        let name = start.name();
        let name = name.as_ref();
        self.elements += 1;
        if self.open.is_empty() && (self.root.is_some() || name != "xml") {
            return Err(ReadError::NotXml);
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(ReadError::TooDeep);
        }
        if self.elements > MAX_ELEMENTS {
            return Err(ReadError::TooMany);
        }
        if name.is_empty() || !is_legal(name) || name.contains(['<', '&', '\'', '"', '=']) {
            return Err(ReadError::NotXml);
        }
        // Attributes mean nothing here, but must be some: `<` stands in no tag. Whether one comes twice is not
        // looked at, since that takes a server's long list too long.
        let raw = start.attributes_raw();
        let form = |attribute: Result<Attribute<'_>, AttrError>| attribute.is_ok();
        if raw.contains('<') || !is_legal(raw) || !start.attributes().with_checks(false).all(form) {
            return Err(ReadError::NotXml);
        }
        self.open.push(Element { name: name.to_owned(), ..Element::default() });
        Ok(())
    }

    fn end(&mut self) -> Result<(), ReadError> {
        let element = self.open.pop().ok_or(ReadError::NotXml)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    /// Text between markup; outside the root only blanks are allowed.
    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        if self.open.is_empty() {
            return if text.trim().is_empty() { Ok(()) } else { Err(ReadError::NotXml) };
        }
        // XML 1.0, section 2.4: the end of a CDATA section may not stand where none is open.
        if text.contains("]]>") {
            return Err(ReadError::NotXml);
        }
        self.character_data(text)
    }

    fn character_data(&mut self, text: &str) -> Result<(), ReadError> {
        let element = self.open.last_mut().ok_or(ReadError::NotXml)?;
        if !is_legal(text) {
            return Err(ReadError::Character);
        }
        // Line breaks between elements are layout, not content: nobody reads a parent's blanks.
        element.text.push_str(text);
        Ok(())
    }

    fn reference(&mut self, reference: &quick_xml::events::BytesRef<'_>) -> Result<(), ReadError> {
        let element = self.open.last_mut().ok_or(ReadError::NotXml)?;
        let character = if reference.is_char_ref() {
            reference
                .resolve_char_ref()
                .ok()
                .flatten()
                .filter(|&c| is_legal_char(c))
                .ok_or(ReadError::Character)?
        } else {
            match &**reference {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "apos" => '\'',
                "quot" => '"',
                _ => return Err(ReadError::Entity),
            }
        };
        element.text.push(character);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(body: &str) -> Result<String, ReadError> {
        read(body.as_bytes()).map(|root| root.text_of("a").unwrap_or_default().to_owned())
    }

    #[test]
    fn every_form_of_a_value_is_read() {
        for body in [
            "<xml><a>1</a></xml>",
            "<xml><a><![CDATA[1]]></a></xml>",
            "\u{feff}<xml><a>1</a></xml>",
            " \r\n\t<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml><a>1</a></xml>\n",
            " \u{feff} <xml><a>1</a></xml>",
            "<xml>\n  <a>\n1\n</a>\n</xml>",
            "<xml b='2' c=\"3\"><a d='4'>1</a ></xml >",
            "<!-- c --><xml><!-- c --><a>1</a><?p i?></xml><!-- c -->",
            "<xml><b><a>2</a></b><c/><a>1</a></xml>",
            "<xml><a>&#49;</a></xml>",
            "<xml><a>&#x31;</a></xml>",
            "<xml><a><!-- 2 -->1</a></xml>",
        ] {
            assert_eq!(value(body).as_deref(), Ok("1"), "{body}");
        }
        assert_eq!(
            value("<xml><a>x<![CDATA[<&]]]]><![CDATA[>]]>&lt;&gt;&amp;&apos;&quot;</a></xml>").as_deref(),
            Ok("x<&]]><>&'\"")
        );
    }

    #[test]
    fn what_is_not_one_whole_document_is_refused() {
        use ReadError::{
            Character, Doctype, Empty, Entity, NotUtf8, NotXml, TooDeep, TooLarge, TooMany, Truncated,
        };
        for (body, error) in [
            ("", Empty),
            (" \n", Empty),
            ("hello", NotXml),
            ("{\"a\":1}", NotXml),
            ("<html><a>1</a></html>", NotXml),
            ("<xml><a>1</a>", Truncated),
            ("<xml><a>1</a", Truncated),
            ("<xml><a><![CDATA[1</a></xml>", Truncated),
            ("<xml", NotXml),
            ("<xml><a>1</b></xml>", NotXml),
            ("<xml><a>1</a></xml>x", NotXml),
            ("<xml><a>1</a></xml><xml/>", NotXml),
            ("x<xml><a>1</a></xml>", NotXml),
            ("<!DOCTYPE xml><xml><a>1</a></xml>", Doctype),
            ("<!DOCTYPE x [<!ENTITY y \"z\">]><xml><a>&y;</a></xml>", Doctype),
            ("<xml><a>&nbsp;</a></xml>", Entity),
            ("<xml><a>\u{1}</a></xml>", Character),
            ("<xml><a>&#0;</a></xml>", Character),
            ("<xml><a>&#xD800;</a></xml>", Character),
            ("<xml><a>&#x1F;</a></xml>", Character),
            ("<xml><a>1 & 2</a></xml>", NotXml),
            ("<xml><a>1]]></a></xml>", NotXml),
            ("<xml <!DOCTYPE x='y'/>", NotXml),
            ("<xml a='<'/>", NotXml),
            ("<xml a=1/>", NotXml),
            ("<xml a/>", NotXml),
            ("<xml '<xml>!<!DOCTYPE '/>", NotXml),
        ] {
            let found = value(body);
            assert_eq!(found, Err(error), "{body}");
        }
        assert_eq!(read(b"<xml><a>\xFF</a></xml>"), Err(NotUtf8));
        assert_eq!(read(&vec![b' '; MAX_BYTES + 1]), Err(TooLarge));
        assert_eq!(value(&format!("<xml>{}{}</xml>", "<a>".repeat(99), "</a>".repeat(99))), Err(TooDeep));
        assert_eq!(value(&format!("<xml>{}</xml>", "<b/>".repeat(MAX_ELEMENTS))), Err(TooMany));
    }
}
