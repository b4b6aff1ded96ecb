//! What stands in an `AGENTS.md` or in Copilot's instructions? A section a card, its instructions in a fence.

use super::place::location;
use super::{DESCRIPTION_CHARS, TOOL_HINTS, instructions, list, section, source};
use crate::emit::content::{Content, Emitted, Style};
use crate::emit::cut::{cut, inert, one_line, printable};
use crate::emit::fence::fenced;
use crate::search::Cited;

/// Nothing where nothing was found: an empty section would only cost tokens.
pub fn markdown(content: &Content) -> String {
    let skills = part("Skills", content.cards().iter().map(|emitted| of_card(emitted, &content.style)).collect());
    let documents = part("Documents", content.documents.iter().map(of_document).collect());
    skills.into_iter().chain(documents).collect::<Vec<_>>().join("\n")
}

fn part(heading: &str, sections: Vec<String>) -> Option<String> {
    (!sections.is_empty()).then(|| format!("## {heading}\n\n{}", sections.join("\n")))
}

fn of_card(emitted: &Emitted, style: &Style) -> String {
    let Emitted { card, needed_by, .. } = emitted;
    let lines = [
        ("Purpose", cut(&one_line(&card.description), DESCRIPTION_CHARS)),
        ("Tools", list(&card.tool_hints, TOOL_HINTS)),
        ("Risk", one_line(&card.risk_level)),
        ("Needed by", one_line(needed_by.as_deref().unwrap_or_default())),
        ("Read", location(emitted)),
    ];
    block(&card.title, &lines, &instructions(card, style))
}

fn of_document(document: &Cited) -> String {
    let lines = [("Section", section(document)), ("Source", source(document))];
    block(&document.title, &lines, printable(&document.text).trim())
}

/// A heading, a line for each that says something, and the text in a fence that nothing in it can close.
fn block(title: &str, lines: &[(&str, String)], text: &str) -> String {
    let said = lines.iter().filter(|(_, value)| !value.is_empty());
    let lines: String = said.map(|(name, value)| format!("- {name}: {}\n", inert(value))).collect();
    let text = if text.is_empty() { String::new() } else { format!("\n{}\n", fenced(text)) };
    format!("### {}\n\n{lines}{text}", inert(title))
}
