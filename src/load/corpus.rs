//! Which cards does a file of JSON lines hold? The shape of retrieval benchmarks: `id`, `title`, `text`, `description`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::finding::{Finding, Loaded, Source};
use super::text::text;
use crate::ExpertCard;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    description: String,
}

/// The cards of a corpus, a line each; a line that is none is an error finding.
///
/// ```
/// use skillmesh::load::{Source, corpus};
/// let bytes = b"{\"id\": \"a\", \"title\": \"A\", \"text\": \"draws\"}\n{\"id\": 7}\n".to_vec();
/// let loaded = corpus(&Source { path: "c.jsonl".into(), bytes });
/// assert_eq!(loaded.cards[0].instruction_text, "draws");
/// assert!(loaded.findings[0].to_string().starts_with("c.jsonl:2: corpus-line: "));
/// ```
pub fn corpus(source: &Source) -> Loaded {
    let mut loaded = Loaded::default();
    let text = text(source, &mut loaded.findings);
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Document>(line) {
            Ok(document) => loaded.keep(card(document), &source.path),
            Err(error) => loaded.findings.push(broken(&source.path, &error).line(number + 1)),
        }
    }
    loaded
}

fn card(Document { id, title, text, description }: Document) -> ExpertCard {
    let title = if title.is_empty() { id.clone() } else { title };
    ExpertCard { id, title, description, instruction_text: prose(text), ..Default::default() }
}

/// A text that is a JSON object says what its values say; keys and brackets are the same in every such document.
fn prose(text: String) -> String {
    match serde_json::from_str::<Map<String, Value>>(&text) {
        Ok(object) => values(&Value::Object(object)).join(". "),
        Err(_) => text,
    }
}

/// What a document says of itself first.
const FIRST: [&str; 2] = ["description", "name"];

/// Every string within a value, descriptions and names before the rest.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(values).collect(),
        Value::Object(map) => {
            let (first, rest): (Vec<_>, Vec<_>) = map.iter().partition(|(key, _)| FIRST.contains(&key.as_str()));
            first.into_iter().chain(rest).flat_map(|(_, value)| values(value)).collect()
        }
        _ => Vec::new(),
    }
}

fn broken(path: &str, error: &serde_json::Error) -> Finding {
    let message =
        format!("expected an object with `id`, `title`, `text` and `description`, got: {error}; mend the line");
    Finding::error(path, "corpus-line", message)
}
