//! What does front matter mean that is not valid YAML? Line by line: a key, a colon, and the rest is its value.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What was read, what stood before the first key, and which keys came twice.
pub struct Lenient {
    pub fields: Map<String, Value>,
    pub stray: Vec<String>,
    pub repeated: BTreeSet<String>,
}

/// Reads `key: anything at all`, with indented or `- ` lines going to the key before.
pub fn front_matter(text: &str) -> Lenient {
    let mut read = Lenient { fields: Map::new(), stray: Vec::new(), repeated: BTreeSet::new() };
    let mut current: Option<(&str, Vec<&str>)> = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match (key_line(line), &mut current) {
            (Some((key, rest)), _) => {
                read.finish(current.take());
                current = Some((key, vec![rest]));
            }
            (None, Some((_, lines))) => lines.push(line.trim()),
            (None, None) => read.stray.extend(Some(line.trim().to_owned()).filter(|line| !line.is_empty())),
        }
    }
    read.finish(current);
    read
}

impl Lenient {
    fn finish(&mut self, field: Option<(&str, Vec<&str>)>) {
        let Some((key, lines)) = field else { return };
        if self.fields.insert(key.to_owned(), value(&lines)).is_some() {
            self.repeated.insert(key.to_owned());
        }
    }
}

/// An unindented key and what follows its colon.
pub fn key_line(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(':')?;
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    plain.then(|| (key, rest.trim()))
}

/// Several lines are a list if all begin with `- `, a map if all are keys, else one text.
fn value(lines: &[&str]) -> Value {
    let said: Vec<&str> = lines.iter().copied().filter(|line| !matches!(*line, "" | ">" | "|" | ">-" | "|-")).collect();
    let block = lines.first() == Some(&"") && !said.is_empty();
    if let Some(items) = all(&said, |line| line.strip_prefix("- ")).filter(|_| block) {
        return items.into_iter().map(|item| Value::from(unquoted(item))).collect();
    }
    if let Some(pairs) = all(&said, key_line).filter(|_| block) {
        return pairs.into_iter().map(|(key, rest)| (key.to_owned(), Value::from(unquoted(rest)))).collect();
    }
    inline(&said.join(" "))
}

fn all<'a, T>(lines: &[&'a str], read: impl Fn(&'a str) -> Option<T>) -> Option<Vec<T>> {
    lines.iter().map(|line| read(line)).collect()
}

fn inline(text: &str) -> Value {
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(inner) => inner.split(',').map(|item| Value::from(unquoted(item))).collect(),
        None => unquoted(text).into(),
    }
}

/// The text without the quotes around it.
pub fn unquoted(text: &str) -> String {
    let text = text.trim();
    let quoted = |mark: char| text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    quoted('"').or_else(|| quoted('\'')).unwrap_or(text).to_owned()
}
