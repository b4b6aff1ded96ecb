//! Does a card say what the schema asks? Each violation with its pointer, what was expected and what was there.

use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::finding::Finding;
use super::value::describe;

/// The JSON Schema (draft 2020-12) of a registry; its `$defs/card` describes one card.
pub const SCHEMA: &str = include_str!("../card/schema.json");

static SCHEMA_VALUE: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(SCHEMA).expect("schema.json is JSON"));

static CARD: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::validator_for(&SCHEMA_VALUE["$defs"]["card"]).expect("schema.json is a schema"));

/// Every violation in the card at `pointer`; any makes it unusable.
pub fn violations(path: &str, pointer: &str, card: &Value) -> Vec<Finding> {
    let finding = |error: ValidationError| {
        Finding::error(path, "schema", message(&error)).pointer(format!("{pointer}{}", error.instance_path()))
    };
    CARD.iter_errors(card).map(finding).collect()
}

/// The fields that the schema knows.
pub fn known_keys() -> Vec<&'static str> {
    let properties = SCHEMA_VALUE["$defs"]["card"]["properties"].as_object();
    properties.into_iter().flat_map(|properties| properties.keys()).map(String::as_str).collect()
}

/// The values that a field of the card may have; none where the schema lists none.
pub fn choices(field: &str) -> Vec<&'static str> {
    let choices = SCHEMA_VALUE["$defs"]["card"]["properties"][field]["enum"].as_array();
    choices.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn message(error: &ValidationError) -> String {
    match error.kind() {
        Kind::Required { property } => format!("expected the key {property}, got {}; add it", keys(error.instance())),
        _ => format!("expected {}, got {}; mend the value", expected(error), describe(error.instance())),
    }
}

fn expected(error: &ValidationError) -> String {
    match error.kind() {
        Kind::Type { kind: TypeKind::Single(kind) } => type_name(kind.as_str()).to_owned(),
        Kind::Pattern { pattern } => format!("text that matches {pattern}"),
        Kind::MinLength { limit } => format!("at least {limit} character"),
        Kind::MaxLength { limit } => format!("at most {limit} characters"),
        Kind::Constant { expected_value } => expected_value.to_string(),
        // The remaining keywords are not in the schema; the validator's words serve if one is added.
        _ => error.to_string(),
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
