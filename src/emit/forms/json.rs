//! What does a program read? Everything that was found, as JSON.

use serde::Serialize;

use super::{instructions, pretty};
use crate::ExpertCard;
use crate::emit::content::{Content, Emitted};
use crate::emit::cut::escaped;
use crate::search::Cited;

#[derive(Serialize)]
struct Everything<'a> {
    query: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cards: Option<Vec<Emitted>>,
    documents: &'a [Cited],
}

/// One object: `query`, `cards` and `documents`.
pub fn json(content: &Content) -> String {
    let cards = content.cards.map(|cards| cards.iter().map(|emitted| shortened(emitted, content)).collect());
    pretty(&Everything { query: content.query, cards, documents: content.documents })
}

/// An object a line: `{"card": …}` or `{"document": …}`.
pub fn jsonl(content: &Content) -> String {
    let cards = content.cards().iter().map(|emitted| line("card", &shortened(emitted, content)));
    cards.chain(content.documents.iter().map(|document| line("document", document))).collect()
}

fn line(kind: &str, found: &impl Serialize) -> String {
    serde_json::to_string(found).map(|found| escaped(format!("{{\"{kind}\":{found}}}\n"))).unwrap_or_default()
}

fn shortened(emitted: &Emitted, content: &Content) -> Emitted {
    let card = ExpertCard { instruction_text: instructions(&emitted.card, &content.style), ..emitted.card.clone() };
    Emitted { card, ..emitted.clone() }
}
