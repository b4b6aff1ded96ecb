//! Which anchor leads to a heading? Its own id, or that of something at the same place.

use std::fmt::Write;

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};

/// An id further out than this many elements is another thing's.
const LEVELS: usize = 4;

/// The heading's id, that of an anchor inside, or that of what begins with the heading; encoded for a Markdown attribute.
pub fn anchor(heading: ElementRef) -> Option<String> {
    let inside = || heading.descendants().filter_map(ElementRef::wrap).find_map(id);
    id(heading).or_else(inside).or_else(|| before(heading)).map(encoded)
}

fn id(element: ElementRef<'_>) -> Option<&str> {
    let name = || element.attr("name").filter(|_| element.value().name() == "a");
    element.attr("id").or_else(name).filter(|id| !id.is_empty())
}

/// The id of an empty element right before the heading, or of an element whose first content it is.
fn before(heading: ElementRef<'_>) -> Option<&str> {
    let mut here = *heading;
    for _ in 0..LEVELS {
        for sibling in here.prev_siblings() {
            match ElementRef::wrap(sibling) {
                Some(element) if !is_blank(sibling) || id(element).is_some() => {
                    return id(element).filter(|_| is_blank(sibling));
                }
                None if !is_blank(sibling) => return None,
                _ => {}
            }
        }
        here = here.parent()?;
        let around = ElementRef::wrap(here)?;
        if let Some(id) = id(around) {
            return Some(id);
        }
    }
    None
}

/// Whether a node shows nothing.
fn is_blank(node: NodeRef<Node>) -> bool {
    let shows = |value: &Node| match value {
        Node::Text(text) => !text.trim().is_empty(),
        Node::Element(element) => matches!(element.name(), "img" | "svg" | "video" | "iframe"),
        _ => false,
    };
    !node.descendants().any(|node| shows(node.value()))
}

/// Marks that would end a Markdown attribute are percent-encoded, which browsers undo.
fn encoded(id: &str) -> String {
    let mut anchor = String::with_capacity(id.len());
    for c in id.chars() {
        if c.is_whitespace() || c.is_control() || "{}<>\\\"'`&%#".contains(c) {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| _ = write!(anchor, "%{byte:02X}"));
        } else {
            anchor.push(c);
        }
    }
    anchor
}
