//! What does Codex read? Markdown, a section a card.

use super::cut::{cut, one_line, printable};
use super::fence::fenced;
use super::{DEPENDENCIES, DESCRIPTION_CHARS, Emitted, OUTPUT_ARTIFACTS, TAGS, TOOL_HINTS, list};
use crate::ExpertCard;

pub fn render(query: &str, cards: &[Emitted], instruction_chars: usize) -> String {
    let sections = cards.iter().enumerate().map(|(i, emitted)| section(i + 1, emitted, instruction_chars));
    let head = format!("# Retrieved SkillMesh Cards\n\nQuery: {}\n", plain(query));
    std::iter::once(head).chain(sections).collect::<Vec<_>>().join("\n")
}

fn section(number: usize, Emitted { card, score }: &Emitted, instruction_chars: usize) -> String {
    let mut text = format!("## {number}. {} (`{}`)\n", plain(&card.title), plain(&card.id).replace('`', "'"));
    let lines = lines(card).into_iter().filter(|(_, value)| !value.is_empty());
    lines.for_each(|(name, value)| text += &format!("- {name}: {value}\n"));
    text += &format!("- Score: {score:.4}\n");
    let instructions = cut(&printable(&card.instruction_text), instruction_chars);
    if !instructions.is_empty() {
        text += &format!("- Instructions:\n\n{}\n", fenced(&instructions));
    }
    text
}

fn lines(card: &ExpertCard) -> [(&'static str, String); 7] {
    let listed = |entries, limit| plain(&list(entries, limit));
    [
        ("Domain", plain(&card.domain)),
        ("Purpose", plain(&cut(&one_line(&card.description), DESCRIPTION_CHARS))),
        ("Tags", listed(&card.tags, TAGS)),
        ("Tool hints", listed(&card.tool_hints, TOOL_HINTS)),
        ("Dependencies", listed(&card.dependencies, DEPENDENCIES)),
        ("Risk level", plain(&card.risk_level)),
        ("Output artifacts", listed(&card.output_artifacts, OUTPUT_ARTIFACTS)),
    ]
}

/// One line in which no tag, comment or link can begin; text that starts like a heading or fence stands inside its line.
pub fn plain(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace("```", "'''")
}
