//! Writes a request so that any legal text comes out of an XML reader as it went in.

/// Whether XML 1.0 can carry this text at all.
///
/// It can't carry the control characters below U+0020 (but for tab, line feed and carriage return),
/// U+FFFE and U+FFFF, not even escaped.
#[allow(clippy::needless_bitwise_bool, reason = "a branch for each byte is what this avoids")]
pub fn is_legal(text: &str) -> bool {
    // Almost every text is free of control characters and of the sequences that start with 0xEF 0xBF: that is seen
    // without decoding, and without a branch for each byte.
    let bytes = text.as_bytes();
    let control = bytes.iter().fold(false, |found, &byte| found | (byte < 0x20));
    let last = bytes.iter().zip(bytes.iter().skip(1));
    let special = last.fold(false, |found, (&one, &next)| found | ((one == 0xEF) & (next == 0xBF)));
    !(control | special) || text.chars().all(is_legal_char)
}

pub(super) fn is_legal_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Writes `<xml>` with one element per field, in the order given.
///
/// `None` if a value holds a character that XML 1.0 can't carry or a name is not an XML name of ASCII
/// letters, digits, `_`, `-` and `.`.
pub fn write<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let mut text = String::with_capacity(1024);
    text.push_str("<xml>");
    for (name, value) in fields {
        if !is_name(name) || !is_legal(value) {
            return None;
        }
        push_field(&mut text, name, value);
    }
    text.push_str("</xml>");
    Some(text)
}

pub(crate) fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// Appends one element; the caller has checked name and value.
pub(crate) fn push_field(text: &mut String, name: &str, value: &str) {
    text.push('<');
    text.push_str(name);
    text.push('>');
    push_value(text, value);
    text.push_str("</");
    text.push_str(name);
    text.push('>');
}

/// Numbers and names go as they are, everything else as CDATA, which WeChat's documents recommend.
///
/// `]]>` can't stand inside CDATA: it is split over two sections. A carriage return would be turned into
/// a line feed by the reader and break the signature: it goes as a character reference between sections.
fn push_value(text: &mut String, value: &str) {
    if value.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        text.push_str(value);
        return;
    }
    text.push_str("<![CDATA[");
    let mut rest = value;
    while let Some(at) = rest.find(['\r', ']']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        rest = if let Some(after) = from.strip_prefix('\r') {
            text.push_str("]]>&#13;<![CDATA[");
            after
        } else if let Some(after) = from.strip_prefix("]]>") {
            text.push_str("]]]]><![CDATA[>");
            after
        } else {
            text.push(']');
            &from[1..]
        };
    }
    text.push_str(rest);
    text.push_str("]]>");
}

fn is_plain(byte: u8) -> bool {
    PLAIN[usize::from(byte)]
}

const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        plain[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b'%' | b':' | b'/' | b'@' | b'+' | b'=');
        byte += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_values_stay_plain_and_texts_become_cdata() {
        let text = write([("a", "100"), ("b", "感谢"), ("c", "x]]>y"), ("d", "1\r\n2"), ("e", "")]);
        let expected = "<xml><a>100</a><b><![CDATA[感谢]]></b><c><![CDATA[x]]]]><![CDATA[>y]]></c>\
                        <d><![CDATA[1]]>&#13;<![CDATA[\n2]]></d><e></e></xml>";
        assert_eq!(text.as_deref(), Some(expected));
    }

    #[test]
    fn what_xml_can_not_carry_is_refused() {
        for illegal in ["\0", "a\u{8}", "\u{b}", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
            assert!(!is_legal(illegal), "{illegal:?}");
            assert_eq!(write([("a", illegal)]), None);
        }
        for legal in ["", "\t\r\n", "\u{7f}", "\u{fffd}", "\u{feff}", "🧧", "\u{10ffff}"] {
            assert!(is_legal(legal), "{legal:?}");
        }
        for name in ["", "1a", "a b", "a>", "é"] {
            assert_eq!(write([(name, "1")]), None, "{name}");
        }
    }
}
