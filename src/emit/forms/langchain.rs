//! What does LangChain read? Documents: a text each, and what is known of it.

use serde_json::{Map, Value, json};

use super::place::location;
use super::{instructions, pretty};
use crate::emit::content::{Content, Emitted, Style};
use crate::search::Cited;

/// A list of what makes a `Document`: `id`, `pageContent` and `metadata`.
pub fn langchain(content: &Content) -> String {
    let cards = content.cards().iter().map(|emitted| of_card(emitted, &content.style));
    pretty(&cards.chain(content.documents.iter().map(of_document)).collect::<Vec<_>>())
}

fn of_card(emitted: &Emitted, style: &Style) -> Value {
    let Emitted { card, score, needed_by, .. } = emitted;
    let texts = [&card.title, &card.description, &instructions(card, style)];
    let page: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    let about = [
        ("type", "card".into()),
        ("source", location(emitted).into()),
        ("score", json!(score)),
        ("title", card.title.as_str().into()),
        ("domain", card.domain.as_str().into()),
        ("tags", json!(card.tags)),
        ("risk_level", card.risk_level.as_str().into()),
        ("needed_by", json!(needed_by)),
    ];
    json!({"id": card.id, "pageContent": page.join("\n\n"), "metadata": said(about)})
}

fn of_document(document: &Cited) -> Value {
    let about = [
        ("type", "document".into()),
        ("source", document.path.as_str().into()),
        ("url", document.url.as_str().into()),
        ("score", json!(document.score)),
        ("title", document.title.as_str().into()),
        ("headings", json!(document.headings)),
        ("start", document.start.into()),
        ("end", document.end.into()),
    ];
    let id = format!("{}:{}-{}", document.path, document.start, document.end);
    json!({"id": id, "pageContent": document.text, "metadata": said(about)})
}

/// What says something.
fn said<const N: usize>(about: [(&str, Value); N]) -> Map<String, Value> {
    let empty = |value: &Value| matches!(value, Value::Null) || *value == json!("") || *value == json!([]);
    about.into_iter().filter(|(_, value)| !empty(value)).map(|(key, value)| (key.to_owned(), value)).collect()
}
