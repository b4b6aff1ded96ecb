//! Which fields does a `SKILL.md` have as its author wrote them, and would a reader that guesses nothing see the same?

use serde_json::{Map, Value};

use super::finding::Source;
use super::{frontmatter, text::text};

/// The front matter of a skill's file.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What it says, read as tolerantly as [`skill`](super::skill) reads it.
    pub fields: Map<String, Value>,
    /// Whether it is YAML in UTF-8 between two lines `---`, the first of which begins the file, without a key that stands twice.
    pub is_strict: bool,
}

/// What the front matter of a skill's file says; what is odd about it, [`skill`](super::skill) reports.
///
/// ```
/// use skillmesh::load::{Source, said};
/// let said = |bytes: &[u8]| said(&Source { path: "pdf/SKILL.md".into(), bytes: bytes.to_vec() });
/// assert!(said(b"---\nname: pdf\n---\nFill.\n").is_strict);
/// let guessed = said(b"---\nname: pdf\ndescription: Fills: all\n---\n");
/// assert_eq!((guessed.fields["description"].as_str(), guessed.is_strict), (Some("Fills: all"), false));
/// ```
pub fn said(source: &Source) -> Said {
    let text = text(source, &mut Vec::new());
    let front = frontmatter::read(&source.path, &text, &mut Vec::new());
    let above = text.strip_suffix(front.body).unwrap_or_default();
    let is_closed = above.lines().last().is_some_and(|line| line.trim_end() == FENCE);
    let is_text = source.bytes.starts_with(FENCE.as_bytes())
        && !source.bytes.contains(&0)
        && std::str::from_utf8(&source.bytes).is_ok();
    Said { is_strict: front.is_plain && is_closed && is_text, fields: front.fields }
}

/// The line before and after front matter.
const FENCE: &str = "---";
