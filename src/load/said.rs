//! Which fields does a `SKILL.md` have as its author wrote them, and would a reader that guesses nothing see the same?

use serde_json::{Map, Value};

use super::finding::Source;
use super::{frontmatter, text::text};

/// The front matter of a skill's file.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What it says, read as tolerantly as [`skill`](super::skill) reads it.
    pub fields: Map<String, Value>,
    /// The text below it.
    pub body: String,
    /// Why a reader that guesses nothing would see something else; nothing where it is YAML in UTF-8 between two lines `---`,
    /// the first of which begins the file, without a key that stands twice.
    pub oddity: Option<&'static str>,
}

/// What the front matter of a skill's file says; what is odd about it, [`skill`](super::skill) reports.
///
/// ```
/// use skillmesh::load::{Source, said};
/// let said = |bytes: &[u8]| said(&Source { path: "pdf/SKILL.md".into(), bytes: bytes.to_vec() });
/// assert_eq!(said(b"---\nname: pdf\n---\nFill.\n").oddity, None);
/// let guessed = said(b"---\nname: pdf\ndescription: Fills: all\n---\n");
/// assert_eq!((guessed.fields["description"].as_str(), guessed.oddity), (Some("Fills: all"), Some("it is not YAML")));
/// ```
pub fn said(source: &Source) -> Said {
    let mut findings = Vec::new();
    let text = text(source, &mut Vec::new());
    let front = frontmatter::read(&source.path, &text, &mut findings);
    let above = text.strip_suffix(front.body).unwrap_or_default();
    let is_closed = above.lines().last().is_some_and(|line| line.trim_end() == FENCE);
    let odd = [
        (!source.bytes.starts_with(FENCE.as_bytes()), "it does not begin the file with a line `---`"),
        (!is_closed, "it does not end with a line `---`"),
        (std::str::from_utf8(&source.bytes).is_err(), "the file is not UTF-8"),
        (source.bytes.contains(&0), "the file holds NUL characters"),
        (findings.iter().any(|finding| finding.code == "repeated-key"), "a key stands twice in it"),
        (!front.is_plain, "it is not YAML"),
    ];
    let oddity = odd.into_iter().find(|(is_so, _)| *is_so).map(|(_, why)| why);
    Said { body: front.body.to_owned(), fields: front.fields, oddity }
}

/// The line before and after front matter.
const FENCE: &str = "---";
