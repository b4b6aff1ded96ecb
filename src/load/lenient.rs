//! What does front matter mean that is not valid YAML? Line by line: a key, a colon, and the rest is its value.

use serde_json::{Map, Value};

/// Reads `key: anything at all`, with indented or `- ` lines going to the key before.
pub fn front_matter(text: &str) -> Map<String, Value> {
    let mut map = Map::new();
    let mut current: Option<(String, Vec<&str>)> = None;
    for line in text.lines() {
        if let Some((key, rest)) = key_line(line) {
            map.extend(current.take().map(|(key, lines)| (key, value(&lines))));
            current = Some((key.to_owned(), vec![rest]));
        } else if let Some((_, lines)) = &mut current {
            lines.push(line.trim());
        }
    }
    map.extend(current.map(|(key, lines)| (key, value(&lines))));
    map
}

fn key_line(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(':')?;
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    plain.then(|| (key, rest.trim()))
}

fn value(lines: &[&str]) -> Value {
    let said: Vec<&str> = lines.iter().copied().filter(|line| !matches!(*line, "" | ">" | "|" | ">-" | "|-")).collect();
    let items: Vec<Value> =
        said.iter().filter_map(|line| line.strip_prefix("- ")).map(|item| unquoted(item).into()).collect();
    if !items.is_empty() && items.len() == said.len() {
        return Value::Array(items);
    }
    let text = said.join(" ");
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(inner) => inner.split(',').map(|item| Value::from(unquoted(item))).collect(),
        None => unquoted(&text).into(),
    }
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    let quoted = |mark: char| text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    quoted('"').or_else(|| quoted('\'')).unwrap_or(text).to_owned()
}
