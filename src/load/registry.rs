//! Which cards does a YAML or JSON registry hold?

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{self, Notation};
use super::finding::{Finding, Loaded, Source};
use super::instructions::{self, Instructions};
use super::mend::mend;
use super::schema::violations;
use super::value::describe;
use super::{locate, pointer, spelling, text::text};
use crate::ExpertCard;

/// The keys under which cards may stand.
const CARD_LISTS: [&str; 3] = ["tools", "experts", "roles"];

/// Every key of a registry.
const KNOWN: [&str; 7] = ["tools", "experts", "roles", "$schema", "version", "name", "description"];

/// The cards of one registry file: JSON if its name ends in `.json`, else YAML.
///
/// ```
/// use skillmesh::load::{Source, registry};
/// let bytes = b"experts:\n  - id: viz.heatmap\n    title: Heatmaps\n    tag: [plot]\n".to_vec();
/// let loaded = registry(&Source { path: "experts.yaml".into(), bytes }, &|_| unreachable!());
/// assert_eq!(loaded.cards[0].id, "viz.heatmap");
/// assert_eq!(
///     loaded.findings[0].to_string(),
///     "experts.yaml:4: unknown-key: /experts/0/tag: unknown key, kept in `metadata`; did you mean `tags`?"
/// );
/// ```
pub fn registry(source: &Source, instructions: Instructions) -> Loaded {
    let mut reading = Reading { path: &source.path, instructions, first: BTreeMap::new(), loaded: Loaded::default() };
    let text = text(source, &mut reading.loaded.findings);
    let notation = if source.path.ends_with(".json") { Notation::Json } else { Notation::Yaml };
    match document::parse(&text, notation) {
        Err(error) => reading.loaded.findings.push(broken(&source.path, notation, error)),
        Ok(document) => reading.document(document),
    }
    locate::add_lines(&text, notation, &mut reading.loaded.findings);
    reading.loaded
}

fn broken(path: &str, notation: Notation, error: document::SyntaxError) -> Finding {
    let (code, name) = if notation == Notation::Json { ("json", "JSON") } else { ("yaml", "YAML") };
    let finding = Finding::error(path, code, format!("not {name}: {}; mend the syntax", error.message));
    Finding { line: error.line, ..finding }
}

struct Reading<'a> {
    path: &'a str,
    instructions: Instructions<'a>,
    /// The pointer of the first card of each id.
    first: BTreeMap<String, String>,
    loaded: Loaded,
}

impl Reading<'_> {
    fn document(&mut self, document: document::Document) {
        for pointer in document.repeated {
            let message = "the key is said twice; the last value counts; remove one";
            self.push(Finding::warning(self.path, "repeated-key", message).pointer(pointer));
        }
        let got = describe(&document.value);
        let cards = self.cards(document.value);
        if cards.is_empty() {
            let message = format!(
                "expected a list of cards, bare or under one of {}, got {got} without cards; add a card",
                CARD_LISTS.join(", ")
            );
            self.push(Finding::error(self.path, "empty-registry", message));
        }
        for (pointer, card) in cards {
            self.card(&pointer, card);
        }
    }

    fn push(&mut self, finding: Finding) {
        self.loaded.findings.push(finding);
    }

    /// Each card with its pointer; other top-level keys are reported.
    fn cards(&mut self, document: Value) -> Vec<(String, Value)> {
        let Value::Object(map) = document else { return numbered("", document) };
        let mut cards = Vec::new();
        for (key, value) in map {
            let pointer = pointer::child("", &key);
            if CARD_LISTS.contains(&key.as_str()) && value.is_array() {
                cards.extend(numbered(&pointer, value));
            } else {
                self.check_top_key(&key, pointer, &value);
            }
        }
        cards
    }

    fn check_top_key(&mut self, key: &str, pointer: String, value: &Value) {
        if CARD_LISTS.contains(&key) {
            let message = format!("expected a list of cards, got {}; begin each card with `- `", describe(value));
            self.push(Finding::error(self.path, "schema", message).pointer(pointer));
        } else if !KNOWN.contains(&key) {
            let hint = spelling::hint(key, &KNOWN);
            let message = format!("unknown key, ignored; cards stand under one of {}{hint}", CARD_LISTS.join(", "));
            self.push(Finding::warning(self.path, "unknown-key", message).pointer(pointer));
        }
    }

    fn card(&mut self, pointer: &str, mut value: Value) {
        if let Value::Object(card) = &mut value {
            mend(self.path, pointer, card, &mut self.loaded.findings);
        }
        let violations = violations(self.path, pointer, &value);
        if !violations.is_empty() {
            return self.loaded.findings.extend(violations);
        }
        match serde_json::from_value::<ExpertCard>(value) {
            Ok(card) => self.keep(pointer, card),
            Err(e) => self.push(Finding::error(self.path, "schema", e.to_string()).pointer(pointer)),
        }
    }

    /// Keeps a valid card if its id is new and its instructions can be read.
    fn keep(&mut self, pointer: &str, mut card: ExpertCard) {
        if let Some(first) = self.first.get(&card.id) {
            let message = format!("the id `{}` is taken by the card at {first}; rename or remove one of them", card.id);
            let place = pointer::child(pointer, "id");
            return self.push(Finding::error(self.path, "duplicate-id", message).pointer(place));
        }
        self.first.insert(card.id.clone(), pointer.to_owned());
        if instructions::read(self.path, pointer, &mut card, self.instructions, &mut self.loaded.findings) {
            self.loaded.keep(card, self.path);
        }
    }
}

/// The items of a list with their pointers; nothing of anything else.
fn numbered(prefix: &str, list: Value) -> Vec<(String, Value)> {
    let Value::Array(cards) = list else { return Vec::new() };
    cards.into_iter().enumerate().map(|(i, card)| (format!("{prefix}/{i}"), card)).collect()
}
