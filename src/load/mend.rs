//! What did a card's author plainly mean? Slips of type and spelling are mended, and each is reported.

use serde_json::{Map, Value};

use super::finding::Finding;
use super::schema::{choices, known_keys};
use super::value::{describe, list, sentences, text};
use super::{pointer, spelling};

const TEXTS: [&str; 8] =
    ["description", "domain", "id", "instruction_file", "instruction_text", "maturity", "risk_level", "title"];

/// A string in their place falls apart at its commas.
const WORDS: [&str; 5] = ["aliases", "dependencies", "output_artifacts", "tags", "tool_hints"];

/// A string in their place is one item, commas and all.
const SENTENCES: [&str; 3] = ["constraints", "examples", "quality_checks"];

/// Mends the card at `pointer` in place; what it cannot mend is left for the schema to refuse.
pub fn mend(path: &str, pointer: &str, card: &mut Map<String, Value>, findings: &mut Vec<Finding>) {
    card.retain(|_, value| !value.is_null());
    let mut mending = Mending { path, pointer, card, findings };
    TEXTS.iter().for_each(|name| mending.text(name));
    WORDS.iter().for_each(|name| mending.list(name, list, "it was split at its commas"));
    SENTENCES.iter().for_each(|name| mending.list(name, sentences, "it was read as one item"));
    ["risk_level", "maturity", "source"].iter().for_each(|name| mending.choice(name));
    mending.unknown_keys();
}

struct Mending<'a> {
    path: &'a str,
    pointer: &'a str,
    card: &'a mut Map<String, Value>,
    findings: &'a mut Vec<Finding>,
}

impl Mending<'_> {
    fn warn(&mut self, code: &'static str, key: &str, message: String) {
        let finding = Finding::warning(self.path, code, message);
        self.findings.push(finding.pointer(pointer::child(self.pointer, key)));
    }

    fn text(&mut self, name: &str) {
        let Some(value @ (Value::Number(_) | Value::Bool(_))) = self.card.get(name) else { return };
        let (was, read) = (describe(value), text(value));
        self.card.insert(name.to_owned(), read.into());
        self.warn("text-expected", name, format!("expected text, got {was}; it was read as text; quote it"));
    }

    fn list(&mut self, name: &str, read: impl Fn(&Value) -> Option<Vec<String>>, how: &str) {
        let Some(value) = self.card.get(name) else { return };
        let Some(items) = read(value) else { return };
        let message = match value {
            Value::Array(values) if values.iter().all(Value::is_string) => return,
            Value::Array(_) => {
                "expected a list of texts, got other values in it; they were read as text; quote them".into()
            }
            other => format!("expected a list, got {}; {how}; write a list", describe(other)),
        };
        self.card.insert(name.to_owned(), items.into());
        self.warn("list-expected", name, message);
    }

    /// A value of the schema's list in any case; any other goes to the metadata.
    fn choice(&mut self, name: &str) {
        let Some(Value::String(said)) = self.card.get(name) else { return };
        let (said, allowed) = (said.clone(), choices(name));
        let meant = said.trim().to_lowercase();
        if allowed.contains(&said.as_str()) {
            return;
        }
        let done = if allowed.contains(&meant.as_str()) {
            self.card.insert(name.to_owned(), meant.as_str().into());
            format!("it was read as {meant}")
        } else {
            self.keep(name);
            "it is kept in `metadata`".to_owned()
        };
        let message = format!("expected one of {}, got `{said}`; {done}; choose one of them", allowed.join(", "));
        self.warn("unknown-value", name, message);
    }

    fn unknown_keys(&mut self) {
        let known = known_keys();
        let unknown: Vec<String> = self.card.keys().filter(|key| !known.contains(&key.as_str())).cloned().collect();
        for key in unknown {
            self.keep(&key);
            let hint = spelling::hint(&key, &known);
            self.warn("unknown-key", &key, format!("unknown key, kept in `metadata`{hint}"));
        }
    }

    /// Moves a value to the metadata, under a key that is free there.
    fn keep(&mut self, key: &str) {
        let value = self.card.remove(key).unwrap_or_default();
        let metadata = self.card.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
        // Metadata that is no map is refused by the schema, and the card with it.
        let Value::Object(metadata) = metadata else { return };
        let mut free = key.to_owned();
        while metadata.contains_key(&free) {
            free.insert_str(0, "card.");
        }
        metadata.insert(free, value);
    }
}
