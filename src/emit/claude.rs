//! What does Claude read? XML, one element a line.

use super::cut::{cut, one_line, printable};
use super::{DEPENDENCIES, DESCRIPTION_CHARS, Emitted, OUTPUT_ARTIFACTS, TAGS, TOOL_HINTS, list};
use crate::text::escape;

pub fn render(query: &str, cards: &[Emitted], instruction_chars: usize) -> String {
    let mut lines = vec!["<retrieved_cards>".to_owned()];
    lines.extend(element("query", &one_line(query)));
    cards.iter().for_each(|emitted| lines.extend(card(emitted, instruction_chars)));
    lines.push("</retrieved_cards>\n".to_owned());
    lines.join("\n")
}

fn card(Emitted { card, score }: &Emitted, instruction_chars: usize) -> Vec<String> {
    let elements = [
        ("id", one_line(&card.id)),
        ("title", one_line(&card.title)),
        ("domain", one_line(&card.domain)),
        ("score", format!("{score:.4}")),
        ("description", cut(&one_line(&card.description), DESCRIPTION_CHARS)),
        ("tags", list(&card.tags, TAGS)),
        ("tool_hints", list(&card.tool_hints, TOOL_HINTS)),
        ("dependencies", list(&card.dependencies, DEPENDENCIES)),
        ("risk_level", one_line(&card.risk_level)),
        ("output_artifacts", list(&card.output_artifacts, OUTPUT_ARTIFACTS)),
        ("instructions", cut(&printable(&card.instruction_text), instruction_chars)),
    ];
    let inner = elements.iter().filter_map(|(name, text)| element(name, text));
    std::iter::once("<card>".to_owned()).chain(inner).chain(["</card>".to_owned()]).collect()
}

/// The element, unless it would be empty.
pub fn element(name: &str, text: &str) -> Option<String> {
    (!text.is_empty()).then(|| format!("<{name}>{}</{name}>", escape(text)))
}
