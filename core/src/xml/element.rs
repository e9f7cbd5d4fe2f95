//! The tree that the reader makes: names, texts and children, as they came.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// One element of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// The element's name as written, prefix included.
    pub name: String,
    /// All its own text, untrimmed, CDATA and plain text joined, entities resolved.
    pub text: String,
    /// Its child elements in document order.
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of that name without the blanks round it; `None` where there is no such
    /// child or nothing in it.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    /// All children of that name.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// As JSON: a leaf is its text, anything else an object; of several children of one name, a list.
impl Serialize for Element {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.children.is_empty() {
            return serializer.serialize_str(&self.text);
        }
        let mut map = serializer.serialize_map(None)?;
        for (index, child) in self.children.iter().enumerate() {
            if self.children[..index].iter().any(|earlier| earlier.name == child.name) {
                continue;
            }
            if self.children[index + 1..].iter().any(|later| later.name == child.name) {
                let several: Vec<&Element> = self.children_named(&child.name).collect();
                map.serialize_entry(&child.name, &several)?;
            } else {
                map.serialize_entry(&child.name, child)?;
            }
        }
        map.end()
    }
}
