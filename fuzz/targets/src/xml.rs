//! The reader of answers: whatever is read stays within the limits, and comes out again if it is written.

use redpack::xml::{Element, MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, is_legal, read, write};

fn measure(element: &Element, depth: usize) -> usize {
    assert!(depth <= MAX_DEPTH, "nested deeper than is allowed");
    assert!(!element.name.is_empty() && is_legal(&element.name) && is_legal(&element.text));
    1 + element.children.iter().map(|child| measure(child, depth + 1)).sum::<usize>()
}

/// Reads the bytes as an answer.
pub fn xml(data: &[u8]) {
    let Ok(root) = read(data) else { return };
    assert!(data.len() <= MAX_BYTES);
    assert_eq!(root.name, "xml");
    assert!(measure(&root, 1) <= MAX_ELEMENTS);
    let holds = |mark: &[u8]| data.windows(mark.len()).any(|at| at == mark);
    // A comment, an instruction and a CDATA section may hold the word.
    let may_hold = holds(b"<!--") || holds(b"<?") || holds(b"<![CDATA[");
    assert!(may_hold || !holds(b"<!DOCTYPE"), "a document type is refused");
    let leaves = root.children.iter().filter(|child| child.children.is_empty());
    let fields: Vec<(&str, &str)> = leaves.map(|leaf| (&*leaf.name, &*leaf.text)).collect();
    // Names that only the reader takes can't be written; everything else comes back as it was.
    let Some(written) = write(fields.iter().copied()) else { return };
    if written.len() > MAX_BYTES {
        return;
    }
    let again = read(written.as_bytes()).expect("what we write, we read");
    let found: Vec<(&str, &str)> = again.children.iter().map(|leaf| (&*leaf.name, &*leaf.text)).collect();
    assert_eq!(found, fields, "a value changed on its way through our own writer and reader");
}
