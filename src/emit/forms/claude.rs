//! What does Claude read? XML, one element a line.

use super::{DEPENDENCIES, DESCRIPTION_CHARS, OUTPUT_ARTIFACTS, TAGS, TOOL_HINTS, about, instructions, list};
use crate::emit::content::{Content, Emitted, Style};
use crate::emit::cut::{cut, one_line, printable};
use crate::search::Cited;
use crate::text::escape;

pub fn claude(content: &Content) -> String {
    let cards = content.cards.map(|cards| block_of_cards(content, cards));
    let documents = (!content.documents.is_empty()).then(|| block_of_documents(content.documents));
    cards.into_iter().chain(documents).collect::<Vec<_>>().join("\n")
}

fn block_of_cards(content: &Content, cards: &[Emitted]) -> String {
    let mut lines = vec!["<retrieved_cards>".to_owned()];
    lines.extend(element("query", &one_line(content.query)));
    cards.iter().for_each(|emitted| lines.extend(card(emitted, &content.style)));
    lines.push("</retrieved_cards>\n".to_owned());
    lines.join("\n")
}

fn card(Emitted { card, score, needed_by, .. }: &Emitted, style: &Style) -> Vec<String> {
    let elements = [
        ("id", one_line(&card.id)),
        ("title", one_line(&card.title)),
        ("domain", one_line(&card.domain)),
        ("score", format!("{score:.4}")),
        ("needed_by", one_line(needed_by.as_deref().unwrap_or_default())),
        ("description", cut(&one_line(&card.description), DESCRIPTION_CHARS)),
        ("tags", list(&card.tags, TAGS)),
        ("tool_hints", list(&card.tool_hints, TOOL_HINTS)),
        ("dependencies", list(&card.dependencies, DEPENDENCIES)),
        ("risk_level", one_line(&card.risk_level)),
        ("output_artifacts", list(&card.output_artifacts, OUTPUT_ARTIFACTS)),
        ("instructions", instructions(card, style)),
    ];
    let inner = elements.iter().filter_map(|(name, text)| element(name, text));
    std::iter::once("<card>".to_owned()).chain(inner).chain(["</card>".to_owned()]).collect()
}

fn block_of_documents(documents: &[Cited]) -> String {
    let mut out = vec!["<retrieved_documents>".to_owned()];
    for document in documents {
        out.push("<document>".to_owned());
        out.extend(element("title", &one_line(&document.title)));
        out.extend(about(document).iter().filter_map(|(name, value)| element(name, value)));
        out.extend(element("text", printable(&document.text).trim()));
        out.push("</document>".to_owned());
    }
    out.push("</retrieved_documents>\n".to_owned());
    out.join("\n")
}

/// The element, unless it would be empty.
pub fn element(name: &str, text: &str) -> Option<String> {
    (!text.is_empty()).then(|| format!("<{name}>{}</{name}>", escape(text)))
}
