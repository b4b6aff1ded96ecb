//! How is a card called? As a function tool, its own or one made from its contract.

use serde_json::{Map, Value, json};

use super::ExpertCard;

/// The longest name of a function, or of what it is given, that providers accept.
pub const NAME_LIMIT: usize = 64;

/// What a JSON Schema calls the kinds of values.
const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

impl ExpertCard {
    /// The function tool of this card: the declared one, else one synthesised from id, description and input contract.
    pub fn invocation(&self) -> Value {
        self.declared_invocation.clone().unwrap_or_else(|| {
            json!({
                "type": "function",
                "function": {
                    "name": function_name(&self.id),
                    "description": self.description,
                    "parameters": self.parameters(),
                },
            })
        })
    }

    /// The input contract as a JSON Schema object; without one, a free-text `task`.
    pub(crate) fn parameters(&self) -> Value {
        let mut properties: Map<String, Value> =
            self.input_contract.iter().map(|(name, what)| (name.clone(), property(what))).collect();
        let required: Vec<String> = if properties.is_empty() {
            properties.insert("task".into(), json!({"type": "string", "description": "what to do, in plain words"}));
            vec!["task".into()]
        } else {
            Vec::new()
        };
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    }
}

fn property(what: &Value) -> Value {
    match what {
        Value::Object(schema) if schema.get("type").is_some_and(is_type) => what.clone(),
        Value::String(text) => json!({"type": "string", "description": text}),
        other => json!({"type": "string", "description": other.to_string()}),
    }
}

/// Whether a schema may say so: one kind, or a list of kinds.
fn is_type(kind: &Value) -> bool {
    let known = |kind: &Value| kind.as_str().is_some_and(|kind| TYPES.contains(&kind));
    known(kind) || kind.as_array().is_some_and(|kinds| !kinds.is_empty() && kinds.iter().all(known))
}

/// The id in the alphabet of function names, at most 64 of letters, digits and `_`.
pub fn function_name(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(NAME_LIMIT).collect()
}
