//! What was the front matter that a Markdown formatter took for a heading?
//!
//! Formatters that do not know front matter read its closing `---` as the underline of a heading:
//! `---`, `name: a`, `description: b`, `---` becomes a rule and `## name: a description: b`.

use serde_json::{Map, Value};

use super::lenient::unquoted;

/// The keys that are looked for, in the order in which they are usually written.
const KEYS: [&str; 6] = ["name", "description", "license", "compatibility", "allowed-tools", "version"];

/// The fields and the line number of such a heading, and the text after it.
pub fn front_matter(text: &str) -> Option<(Map<String, Value>, usize, &str)> {
    let mut lines = text.split_inclusive('\n').enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (_, rule) = lines.next()?;
    let (number, heading) = lines.next()?;
    let said = heading.strip_prefix("## ").filter(|said| is_rule(rule) && said.starts_with("name: "))?;
    let end = text.split_inclusive('\n').take(number + 1).map(str::len).sum();
    Some((fields(said.trim()), number + 1, &text[end..]))
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && ['_', '-', '*'].iter().any(|mark| line.chars().all(|c| c == *mark))
}

fn fields(said: &str) -> Map<String, Value> {
    let mut starts: Vec<(usize, &str)> = Vec::new();
    for key in KEYS {
        let from = starts.last().map_or(0, |(start, _)| *start);
        let marked = if from == 0 && starts.is_empty() { format!("{key}: ") } else { format!(" {key}: ") };
        starts.extend(said[from..].find(&marked).map(|at| (from + at, key)));
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([said.len()]);
    let field = |((start, key), end): (&(usize, &str), usize)| {
        let value = said[*start..end].trim_start().strip_prefix(key)?.strip_prefix(": ")?;
        Some(((*key).to_owned(), Value::from(unquoted(value))))
    };
    starts.iter().zip(ends).filter_map(field).collect()
}
