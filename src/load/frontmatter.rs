//! Where does a SKILL.md's front matter end, and what does it say?

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::document::{self, Notation, SyntaxError};
use super::finding::Finding;
use super::lenient;
use super::mangled;
use super::value::describe;

/// Front matter and body of a skill file.
#[derive(Default)]
pub struct FrontMatter<'a> {
    /// What the front matter says; empty where there is none.
    pub fields: Map<String, Value>,
    /// The line, from 1, on which each key stands.
    pub lines: BTreeMap<String, usize>,
    /// The text after it.
    pub body: &'a str,
}

/// Reads what stands between the first `---` lines, tolerantly.
pub fn read<'a>(path: &str, text: &'a str, findings: &mut Vec<Finding>) -> FrontMatter<'a> {
    let Some((first, rest)) = opened(text) else { return unfenced(path, text, findings) };
    let (head, body) = closed(rest).unwrap_or_else(|| {
        let message =
            "the front matter is not closed; it was read up to the first empty line; end it with a line `---`";
        findings.push(Finding::warning(path, "frontmatter-unclosed", message).line(first - 1));
        rest.split_once("\n\n").unwrap_or((rest, ""))
    });
    match fields(path, head, first, findings) {
        Some(fields) => FrontMatter { fields, lines: lines(head, first), body },
        None => FrontMatter { body: text, ..FrontMatter::default() },
    }
}

/// The number of the first line of front matter, and the text from there; empty lines may stand above it.
fn opened(text: &str) -> Option<(usize, &str)> {
    let fence = text.trim_start();
    let above = text[..text.len() - fence.len()].matches('\n').count();
    let rest = fence.strip_prefix("---")?.trim_start_matches([' ', '\t']).strip_prefix('\n')?;
    Some((above + 2, rest))
}

/// The text before and after the closing line.
fn closed(rest: &str) -> Option<(&str, &str)> {
    let mut start = 0;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((&rest[..start], &rest[start + line.len()..]));
        }
        start += line.len();
    }
    None
}

/// A file that does not begin with `---`.
fn unfenced<'a>(path: &str, text: &'a str, findings: &mut Vec<Finding>) -> FrontMatter<'a> {
    if let Some((fields, line, body)) = mangled::front_matter(text) {
        let message = "the front matter has become a heading, probably by a formatter; it was read from there; \
                       write it between two lines `---`, one key a line";
        findings.push(Finding::warning(path, "frontmatter-heading", message).line(line));
        let lines = fields.keys().map(|key| (key.clone(), line)).collect();
        return FrontMatter { fields, lines, body };
    }
    let message = "no front matter; begin the file with `---`, `name:`, `description:` and `---`";
    findings.push(Finding::warning(path, "frontmatter-missing", message).line(1));
    FrontMatter { body: text, ..FrontMatter::default() }
}

/// The keys and values; nothing where these lines are no front matter at all.
fn fields(path: &str, head: &str, first: usize, findings: &mut Vec<Finding>) -> Option<Map<String, Value>> {
    // Empty lines in front let the parser count as the file does.
    match document::parse(&format!("{}{head}", "\n".repeat(first - 1)), Notation::Yaml) {
        Ok(document) => {
            findings.extend(document.repeated.iter().map(|pointer| repeated(path, pointer, head, first)));
            map(path, document.value, first, findings)
        }
        Err(error) => Some(line_by_line(path, head, first, &error, findings)),
    }
}

fn map(path: &str, value: Value, first: usize, findings: &mut Vec<Finding>) -> Option<Map<String, Value>> {
    match value {
        Value::Object(fields) => Some(fields),
        Value::Null => Some(Map::new()),
        other => {
            let message = format!(
                "expected `key: value` lines, got {}; they were read as text; write `name:` and `description:`",
                describe(&other)
            );
            findings.push(Finding::warning(path, "frontmatter-yaml", message).line(first));
            None
        }
    }
}

fn line_by_line(
    path: &str,
    head: &str,
    first: usize,
    error: &SyntaxError,
    findings: &mut Vec<Finding>,
) -> Map<String, Value> {
    let message = format!(
        "not YAML: {}; it was read line by line; quote values that hold `: ` or begin with a mark",
        error.message
    );
    findings.push(Finding::warning(path, "frontmatter-yaml", message).line(error.line.unwrap_or(first)));
    let mut read = lenient::front_matter(head);
    findings.extend(read.repeated.iter().map(|key| repeated(path, key, head, first)));
    if !read.stray.is_empty() {
        let message = "lines before the first key are kept in `metadata` as `frontmatter`; give them a key";
        findings.push(Finding::warning(path, "frontmatter-stray", message).line(first));
        read.fields.insert("frontmatter".into(), read.stray.join("\n").into());
    }
    read.fields
}

/// Found at the last line that begins with the key, or with the key above it.
fn repeated(path: &str, key: &str, head: &str, first: usize) -> Finding {
    let key = key.trim_start_matches('/').replace('/', ".");
    let top = key.split('.').next();
    let line = head.lines().enumerate().filter(|(_, line)| lenient::key_line(line).map(|(key, _)| key) == top).last();
    let message = format!("`{key}` is said twice; the last value counts; remove one");
    Finding::warning(path, "repeated-key", message).line(line.map_or(first, |(i, _)| i + first))
}

/// Where each unindented key stands first.
fn lines(head: &str, first: usize) -> BTreeMap<String, usize> {
    let keys = head.lines().enumerate().filter_map(|(i, line)| Some((lenient::key_line(line)?.0, i + first)));
    let mut lines = BTreeMap::new();
    for (key, line) in keys {
        lines.entry(key.to_owned()).or_insert(line);
    }
    lines
}
