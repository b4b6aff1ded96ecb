//! How is a card called? As a function tool, its own or one made from its contract.

use serde_json::{Map, Value, json};

use super::ExpertCard;

/// The longest function name that providers accept.
const NAME_LIMIT: usize = 64;

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
    fn parameters(&self) -> Value {
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
        Value::Object(schema) if schema.contains_key("type") => what.clone(),
        Value::String(text) => json!({"type": "string", "description": text}),
        other => json!({"type": "string", "description": other.to_string()}),
    }
}

/// The id in the alphabet of function names: `[a-zA-Z0-9_-]`, at most 64.
fn function_name(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(NAME_LIMIT).collect()
}
