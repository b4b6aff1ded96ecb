//! What does Codex read? Markdown, a section a card.

use super::address::address;
use super::{DEPENDENCIES, DESCRIPTION_CHARS, OUTPUT_ARTIFACTS, TAGS, TOOL_HINTS, about, instructions, list};
use crate::emit::content::{Content, Emitted, Style};
use crate::emit::cut::{cut, one_line, printable};
use crate::emit::fence::fenced;
use crate::search::Cited;

pub fn codex(content: &Content) -> String {
    let cards = content.cards.map(|cards| block_of_cards(content, cards));
    let documents = (!content.documents.is_empty()).then(|| block_of_documents(content.documents));
    cards.into_iter().chain(documents).collect::<Vec<_>>().join("\n")
}

fn block_of_cards(content: &Content, cards: &[Emitted]) -> String {
    let sections = cards.iter().enumerate().map(|(i, emitted)| section(i + 1, emitted, &content.style));
    let head = format!("# Retrieved SkillMesh Cards\n\nQuery: {}\n", plain(content.query));
    std::iter::once(head).chain(sections).collect::<Vec<_>>().join("\n")
}

fn section(number: usize, emitted: &Emitted, style: &Style) -> String {
    let Emitted { card, score, .. } = emitted;
    let mut text = format!("## {number}. {} (`{}`)\n", plain(&card.title), one_line(&card.id).replace('`', "'"));
    let lines = lines(emitted).into_iter().filter(|(_, value)| !value.is_empty());
    lines.for_each(|(name, value)| text += &format!("- {name}: {value}\n"));
    text += &format!("- Score: {score:.4}\n");
    let instructions = instructions(card, style);
    if !instructions.is_empty() {
        text += &format!("- Instructions:\n\n{}\n", fenced(&instructions));
    }
    text
}

fn lines(Emitted { card, needed_by, .. }: &Emitted) -> [(&'static str, String); 8] {
    let listed = |entries, limit| plain(&list(entries, limit));
    [
        ("Domain", plain(&card.domain)),
        ("Needed by", plain(needed_by.as_deref().unwrap_or_default())),
        ("Purpose", plain(&cut(&one_line(&card.description), DESCRIPTION_CHARS))),
        ("Tags", listed(&card.tags, TAGS)),
        ("Tool hints", listed(&card.tool_hints, TOOL_HINTS)),
        ("Dependencies", listed(&card.dependencies, DEPENDENCIES)),
        ("Risk level", plain(&card.risk_level)),
        ("Output artifacts", listed(&card.output_artifacts, OUTPUT_ARTIFACTS)),
    ]
}

fn block_of_documents(documents: &[Cited]) -> String {
    let mut out = "# Retrieved SkillMesh Documents\n".to_owned();
    for (i, document) in documents.iter().enumerate() {
        out += &format!("\n## {}. {}\n", i + 1, plain(&document.title));
        for (name, value) in about(document).iter().filter(|(_, value)| !value.is_empty()) {
            let (first, rest) = name.split_at(1);
            let value = if *name == "url" { address(value) } else { plain(value) };
            out += &format!("- {}{rest}: {value}\n", first.to_ascii_uppercase());
        }
        out += &format!("- Text:\n\n{}\n", fenced(printable(&document.text).trim()));
    }
    out
}

/// One line in which no tag, comment, link or picture can begin; text that starts like a heading or fence stands inside its
/// line, and marks that only set text off stay.
fn plain(text: &str) -> String {
    let text = one_line(text).replace('\\', r"\\").replace('[', r"\[");
    text.replace('&', "&amp;").replace('<', "&lt;").replace("```", "'''")
}
