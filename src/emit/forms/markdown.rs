//! What stands in an `AGENTS.md` or in Copilot's instructions? A section a card, its instructions in a quotation.

use super::place::Place;
use super::{DESCRIPTION_CHARS, TOOL_HINTS, instructions, list, section, source};
use crate::emit::content::{Content, Emitted, Style};
use crate::emit::cut::{cut, one_line, printable};
use crate::search::Cited;
use crate::text::escape_markdown;

/// Nothing where nothing was found: an empty section would only cost tokens.
pub fn markdown(content: &Content) -> String {
    let cards = content.cards().iter().zip(Place::of(content.cards())).map(|card| card_section(card, &content.style));
    let skills = part("Skills", cards.collect());
    let documents = part("Documents", content.documents.iter().map(document_section).collect());
    skills.into_iter().chain(documents).collect::<Vec<_>>().join("\n")
}

fn part(heading: &str, sections: Vec<String>) -> Option<String> {
    (!sections.is_empty()).then(|| format!("## {heading}\n\n{}", sections.join("\n")))
}

fn card_section((emitted, place): (&Emitted, Place), style: &Style) -> String {
    let Emitted { card, needed_by, .. } = emitted;
    let lines = [
        ("", cut(&one_line(&card.description), DESCRIPTION_CHARS)),
        ("Tools: ", list(&card.tool_hints, TOOL_HINTS)),
        ("Risk: ", one_line(&card.risk_level)),
        ("Needed by: ", one_line(needed_by.as_deref().unwrap_or_default())),
        ("Read: ", place.location),
    ];
    let lines = lines.iter().filter(|(_, text)| !text.is_empty());
    let lines: String = lines.map(|(name, text)| format!("- {name}{}\n", inline(text))).collect();
    format!("### {}\n\n{lines}{}", inline(&card.title), quoted(&instructions(card, style)))
}

fn document_section(document: &Cited) -> String {
    let heading = [one_line(&document.title), section(document)].into_iter().filter(|text| !text.is_empty());
    let heading = heading.collect::<Vec<_>>().join(super::BELOW);
    format!("### {}\n\n- Source: {}\n{}", inline(&heading), inline(&source(document)), quoted(printable(&document.text).trim()))
}

/// Text within a line, in which no mark has a meaning.
pub fn inline(text: &str) -> String {
    escape_markdown(&one_line(text))
}

/// A quotation: what begins in it ends with it, be it a fence, a comment or a list.
fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\n{}", text.lines().map(|line| format!("> {line}\n")).collect::<String>()) }
}
