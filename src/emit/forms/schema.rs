//! Which JSON Schema of a function's parameters do all providers accept? One that they refuse fails a whole request.

use serde_json::{Map, Value};

use crate::card::NAME_LIMIT;

/// What may not stand beside the properties: each of these may say what the properties do not.
const NOT_AT_THE_ROOT: [&str; 8] = ["$ref", "allOf", "anyOf", "const", "enum", "if", "not", "oneOf"];

/// The schema as an object's, with property names of `[a-zA-Z0-9_.-]`, at most 64; `None` of what is no object's.
pub fn accepted(schema: &Value) -> Option<Value> {
    let mut schema: Map<String, Value> = schema.as_object()?.clone();
    NOT_AT_THE_ROOT.iter().for_each(|key| drop(schema.remove(*key)));
    let kind = schema.insert("type".to_owned(), "object".into());
    kind.is_none_or(|kind| kind == "object" || kind.get(0).is_some_and(|kind| kind == "object")).then_some(())?;
    let properties = schema.remove("properties").unwrap_or_else(|| Map::new().into());
    let named = properties.as_object()?.iter().map(|(name, what)| (property_name(name), what.clone()));
    schema.insert("properties".to_owned(), named.collect::<Map<_, _>>().into());
    if let Some(required) = schema.remove("required") {
        let names: Vec<String> = required.as_array()?.iter().filter_map(Value::as_str).map(property_name).collect();
        schema.insert("required".to_owned(), names.into());
    }
    Some(schema.into())
}

fn property_name(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '_' };
    let name: String = name.chars().map(allowed).take(NAME_LIMIT).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}
