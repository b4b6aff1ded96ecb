//! Does a card say what the schema asks? Each violation with its pointer, what was expected and what was there.
//!
//! The few keywords that our one schema uses are read here: a whole validator would be most of the module that browsers load. It is
//! the oracle in the tests.

use std::sync::LazyLock;

use serde_json::Value;

use super::finding::Finding;
use super::pointer::child;
use super::value::describe;

/// The JSON Schema (draft 2020-12) of a registry; its `$defs/card` describes one card.
pub const SCHEMA: &str = include_str!("../card/schema.json");

static SCHEMA_VALUE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(SCHEMA).expect("schema.json is JSON"));

fn card_schema() -> &'static Value {
    &SCHEMA_VALUE["$defs"]["card"]
}

/// Every violation in the card at `pointer`; any makes it unusable.
pub fn violations(path: &str, pointer: &str, card: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut tell = |pointer: &str, message| found.push(Finding::error(path, "schema", message).pointer(pointer));
    check(card_schema(), card, pointer, &mut tell);
    found
}

/// The fields that the schema knows.
pub fn known_keys() -> Vec<&'static str> {
    entries(&card_schema()["properties"]).map(|(key, _)| key).collect()
}

/// The values that a field of the card may have; none where the schema lists none.
pub fn choices(field: &str) -> Vec<&'static str> {
    items(&card_schema()["properties"][field]["enum"]).filter_map(Value::as_str).collect()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Tells of every violation in the value at `pointer` and below.
fn check(schema: &Value, value: &Value, pointer: &str, tell: &mut dyn FnMut(&str, String)) {
    for (keyword, asked) in entries(schema) {
        match keyword {
            "properties" => entries(asked).for_each(|(key, schema)| {
                value.get(key).into_iter().for_each(|value| check(schema, value, &child(pointer, key), tell));
            }),
            "items" => {
                (0..).zip(items(value)).for_each(|(i, item)| check(asked, item, &format!("{pointer}/{i}"), tell))
            }
            "required" => items(asked).filter(|key| lacks(value, key)).for_each(|key| {
                tell(pointer, format!("expected the key {key}, got {}; add it", keys(value)));
            }),
            _ if holds(keyword, asked, value) => {}
            _ => {
                tell(pointer, format!("expected {}, got {}; mend the value", expected(keyword, asked), describe(value)))
            }
        }
    }
}

fn lacks(value: &Value, key: &Value) -> bool {
    value.as_object().is_some_and(|map| key.as_str().is_some_and(|key| !map.contains_key(key)))
}

/// Whether the value is as the keyword asks; what is asked of another type does not concern it.
fn holds(keyword: &str, asked: &Value, value: &Value) -> bool {
    match (keyword, value) {
        ("type", _) => is_a(asked, value),
        ("const", _) => value == asked,
        ("enum", _) => items(asked).any(|choice| choice == value),
        ("pattern", Value::String(text)) => matches(asked, text),
        ("minLength", Value::String(text)) => text.chars().count() as f64 >= number(asked),
        ("maxLength", Value::String(text)) => text.chars().count() as f64 <= number(asked),
        ("minimum", Value::Number(_)) => number(value) >= number(asked),
        _ => true,
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn is_a(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap_or_default() {
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "boolean" => value.is_boolean(),
        "integer" => number(value).fract() == 0.0,
        _ => false,
    }
}

/// The schema's patterns, in words of ours.
fn matches(pattern: &Value, text: &str) -> bool {
    match pattern.as_str().unwrap_or_default() {
        r"^\S+$" => !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '\u{feff}'),
        "^[a-zA-Z0-9_-]{1,64}$" => {
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        }
        _ => false,
    }
}

fn expected(keyword: &str, asked: &Value) -> String {
    match keyword {
        "type" => type_name(asked.as_str().unwrap_or_default()).to_owned(),
        "pattern" => format!("text that matches {}", asked.as_str().unwrap_or_default()),
        "minLength" => format!("at least {asked} character"),
        "maxLength" => format!("at most {asked} characters"),
        "minimum" => format!("at least {asked}"),
        "enum" => format!("one of {}", items(asked).map(Value::to_string).collect::<Vec<_>>().join(", ")),
        _ => asked.to_string(),
    }
}

fn type_name(kind: &str) -> &str {
    match kind {
        "string" => "text",
        "array" => "a list",
        "object" => "a map",
        other => other,
    }
}

fn keys(value: &Value) -> String {
    let keys: Vec<&str> =
        value.as_object().into_iter().flat_map(|map| map.keys()).map(String::as_str).take(8).collect();
    if keys.is_empty() { "none".into() } else { format!("only {}", keys.join(", ")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Values of every kind, near what the schema asks.
    fn values() -> impl Strategy<Value = Value> {
        let texts =
            prop_oneof!["[a-z_ -]{0,3}", "a{63,66}", "\\PC{0,4}", "low|stable|remote|function", "\u{feff}|\u{a0}x"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-2..3i64).prop_map(Value::from),
            Just(Value::from(1.5)),
            texts.prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            let keys = "type|function|name|description|parameters|enabled|skills|top_k|other";
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(keys, inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_whole_validator_finds_the_same_places(fields in prop::collection::btree_map(prop::sample::select(known_keys()), values(), 0..6)) {
            let card = Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
            let oracle = jsonschema::validator_for(card_schema()).unwrap();
            let mut expected: Vec<String> = oracle.iter_errors(&card).map(|error| error.instance_path().to_string()).collect();
            let mut found: Vec<String> = violations("", "", &card).into_iter().filter_map(|finding| finding.pointer).collect();
            expected.sort();
            found.sort();
            prop_assert_eq!(found, expected, "{}", card);
        }
    }

    #[test]
    fn every_keyword_of_the_schema_is_read() {
        const READ: [&str; 12] = [
            "type",
            "required",
            "properties",
            "items",
            "minLength",
            "maxLength",
            "pattern",
            "enum",
            "const",
            "minimum",
            "description",
            "title",
        ];
        fn check(schema: &Value) {
            for (keyword, asked) in entries(schema) {
                assert!(READ.contains(&keyword), "{keyword}");
                match keyword {
                    "properties" => entries(asked).for_each(|(_, schema)| check(schema)),
                    "items" => check(asked),
                    "pattern" => assert!(matches(asked, "a"), "{asked}"),
                    _ => {}
                }
            }
        }
        check(card_schema());
    }
}
