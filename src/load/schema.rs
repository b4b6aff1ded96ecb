//! Does a card say what the schema asks? Each violation with its pointer, what was expected and what was there.

use std::sync::LazyLock;

use jsonschema::Validator;
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
    let finding = |error: jsonschema::ValidationError| {
        let message = format!("{}; got {}", lower(&error.to_string()), describe(error.instance()));
        Finding::error(path, "schema", message).pointer(format!("{pointer}{}", error.instance_path()))
    };
    CARD.iter_errors(card).map(finding).collect()
}

/// The fields that the schema knows.
pub fn known_keys() -> Vec<&'static str> {
    let properties = SCHEMA_VALUE["$defs"]["card"]["properties"].as_object();
    properties.into_iter().flat_map(|properties| properties.keys()).map(String::as_str).collect()
}

/// Messages fit in a line: long values are named by `got` already.
fn lower(message: &str) -> String {
    let short: String = message.chars().take(200).collect();
    short.replace('\n', " ")
}
