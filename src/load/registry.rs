//! Which cards does a YAML or JSON registry hold?

use serde_json::{Map, Value};

use super::finding::{Finding, Loaded, Source};
use super::schema::{known_keys, violations};
use super::value::{describe, list};
use super::{path::instruction_path, text::text};
use crate::{ExpertCard, Result};

/// The keys under which cards may stand.
const CARD_LISTS: [&str; 3] = ["tools", "experts", "roles"];

/// Other keys of a registry.
const ABOUT: [&str; 4] = ["$schema", "version", "name", "description"];

/// How an instruction file is read, given the parts of its checked path.
pub type Instructions<'a> = &'a dyn Fn(&[&str]) -> Result<String>;

/// The cards of one registry file.
pub fn registry(source: &Source, instructions: Instructions) -> Loaded {
    let mut loaded = Loaded::default();
    let text = text(source, &mut loaded.findings);
    match parse(source, &text) {
        Err(finding) => loaded.findings.push(finding),
        Ok(document) => {
            for (pointer, card) in cards(&source.path, document, &mut loaded.findings) {
                load_card(&source.path, &pointer, card, instructions, &mut loaded);
            }
        }
    }
    loaded
}

fn parse(source: &Source, text: &str) -> std::result::Result<Value, Finding> {
    if source.path.ends_with(".json") {
        return serde_json::from_str(text).map_err(|e| {
            Finding::error(&source.path, "json", format!("not JSON: {e}; mend the syntax")).line(e.line())
        });
    }
    serde_yaml_ng::from_str(text).map_err(|e| {
        let finding = Finding::error(&source.path, "yaml", format!("not YAML: {e}; mend the syntax"));
        let line = e.location().map(|location| location.line());
        Finding { line, ..finding }
    })
}

/// Each card with its pointer; other top-level keys are reported.
fn cards(path: &str, document: Value, findings: &mut Vec<Finding>) -> Vec<(String, Value)> {
    let numbered = |prefix: String, cards: Vec<Value>| {
        cards.into_iter().enumerate().map(move |(i, card)| (format!("{prefix}/{i}"), card))
    };
    let mut found = Vec::new();
    match document {
        Value::Array(cards) => found.extend(numbered(String::new(), cards)),
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::Array(cards) if CARD_LISTS.contains(&key.as_str()) => {
                        found.extend(numbered(format!("/{key}"), cards))
                    }
                    value => check_top_key(path, &key, &value, findings),
                }
            }
        }
        other => findings.push(not_a_registry(path, &other)),
    }
    if found.is_empty() && findings.is_empty() {
        let message = "no cards; expected a list of cards under `tools`, `experts` or `roles`; add one";
        findings.push(Finding::error(path, "empty-registry", message));
    }
    found
}

fn check_top_key(path: &str, key: &str, value: &Value, findings: &mut Vec<Finding>) {
    let pointer = format!("/{key}");
    if CARD_LISTS.contains(&key) {
        let message = format!("expected a list of cards, got {}", describe(value));
        findings.push(Finding::error(path, "schema", message).pointer(pointer));
    } else if !ABOUT.contains(&key) {
        let message = format!("unknown key, ignored; cards stand under one of {}", CARD_LISTS.join(", "));
        findings.push(Finding::warning(path, "unknown-key", message).pointer(pointer));
    }
}

fn not_a_registry(path: &str, got: &Value) -> Finding {
    let message =
        format!("expected a list of cards, or a map with `tools`, `experts` or `roles`, got {}", describe(got));
    Finding::error(path, "empty-registry", message)
}

fn load_card(path: &str, pointer: &str, mut value: Value, instructions: Instructions, loaded: &mut Loaded) {
    if let Value::Object(card) = &mut value {
        split_lists(path, pointer, card, &mut loaded.findings);
        move_unknown(path, pointer, card, &mut loaded.findings);
        card.retain(|_, value| !value.is_null());
    }
    let violations = violations(path, pointer, &value);
    if !violations.is_empty() {
        return loaded.findings.extend(violations);
    }
    match serde_json::from_value::<ExpertCard>(value) {
        Err(e) => loaded.findings.push(Finding::error(path, "schema", e.to_string()).pointer(pointer)),
        Ok(mut card) => match read_instructions(&mut card, instructions) {
            Err(e) => loaded.findings.push(instruction_finding(path, pointer, e)),
            Ok(()) => loaded.cards.push(card),
        },
    }
}

/// A string where a list is due is read as a list, and reported.
fn split_lists(path: &str, pointer: &str, card: &mut Map<String, Value>, findings: &mut Vec<Finding>) {
    const LISTS: [&str; 8] = [
        "aliases",
        "constraints",
        "dependencies",
        "examples",
        "output_artifacts",
        "quality_checks",
        "tags",
        "tool_hints",
    ];
    for name in LISTS {
        let Some(value @ Value::String(_)) = card.get_mut(name) else { continue };
        *value = Value::from(list(value).unwrap_or_default());
        let message = "a string where a list is expected; it was split at its commas; write a list";
        findings.push(Finding::warning(path, "list-expected", message).pointer(format!("{pointer}/{name}")));
    }
}

/// Keys that no card has are kept in `metadata`, and reported.
fn move_unknown(path: &str, pointer: &str, card: &mut Map<String, Value>, findings: &mut Vec<Finding>) {
    let known = known_keys();
    let unknown: Vec<String> = card.keys().filter(|key| !known.contains(&key.as_str())).cloned().collect();
    for key in unknown {
        let hint = nearest(&key, &known).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        let message = format!("unknown key, kept in `metadata`{hint}");
        findings.push(Finding::warning(path, "unknown-key", message).pointer(format!("{pointer}/{key}")));
        let value = card.remove(&key).unwrap_or_default();
        let metadata = card.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(metadata) = metadata {
            metadata.entry(key).or_insert(value);
        }
    }
}

/// The known key that this one is probably a slip of: at most two edits away.
fn nearest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let distance = |known: &&str| edits(key, known);
    known.iter().copied().min_by_key(|name| distance(name)).filter(|name| distance(name) <= 2)
}

fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn read_instructions(card: &mut ExpertCard, instructions: Instructions) -> Result<()> {
    if card.instruction_file.is_empty() {
        return Ok(());
    }
    card.instruction_text = instructions(&instruction_path(&card.instruction_file)?)?;
    Ok(())
}

fn instruction_finding(path: &str, pointer: &str, error: crate::Error) -> Finding {
    let code = if error.code() == crate::Code::PathEscape { "path-escape" } else { "instruction-missing" };
    Finding::error(path, code, error.to_string()).pointer(format!("{pointer}/instruction_file"))
}
