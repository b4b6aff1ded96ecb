//! How is a value read as what it plainly means? A string as a list, a number as a string.

use serde_json::Value;

/// The value as text: strings as they are, numbers and booleans as written, nothing else.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The value as a list of words: a string falls apart at its commas.
pub fn list(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        Value::Null => Some(Vec::new()),
        other => Some(comma_separated(&text(other)?)),
    }
}

/// The value as a list of sentences, which may hold commas: a string is one.
pub fn sentences(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(_) | Value::Null => list(value),
        other => Some(vec![text(other)?]),
    }
}

fn comma_separated(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// What a value is, for a message.
pub fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Array(values) => format!("a list of {}", values.len()),
        Value::Object(_) => "a map".into(),
        other => {
            let text: String = other.to_string().chars().take(60).collect();
            format!("`{text}`")
        }
    }
}
