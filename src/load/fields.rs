//! Which field of front matter says what? Each is taken out by name and read as what it plainly means.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::finding::Finding;
use super::spelling;
use super::value::{describe, list, sentences, text};

/// Front matter being read: fields are taken out one by one; what is left, or unreadable, is metadata.
pub struct Fields<'a> {
    path: &'a str,
    fields: Map<String, Value>,
    lines: BTreeMap<String, usize>,
    unread: Map<String, Value>,
    pub findings: Vec<Finding>,
}

impl<'a> Fields<'a> {
    pub fn new(path: &'a str, fields: Map<String, Value>, lines: BTreeMap<String, usize>) -> Self {
        Fields { path, fields, lines, unread: Map::new(), findings: Vec::new() }
    }

    /// A warning at the line of `key`; at the first line if it stands nowhere.
    pub fn warn(&mut self, code: &'static str, key: &str, message: impl Into<String>) {
        let line = self.lines.get(key).copied().unwrap_or(1);
        self.findings.push(Finding::warning(self.path, code, message).line(line));
    }

    /// The first of these fields that is there, and its name.
    pub fn take<'n>(&mut self, names: &[&'n str]) -> Option<(&'n str, Value)> {
        let found = names.iter().find_map(|name| Some((*name, self.fields.remove(*name)?)));
        found.filter(|(_, value)| !value.is_null())
    }

    /// A field that stays where it is, as text.
    pub fn peek(&self, name: &str) -> Option<String> {
        self.fields.get(name).and_then(text)
    }

    /// A field of text; a number is read as written, a list is joined.
    pub fn text(&mut self, names: &[&str]) -> Option<String> {
        let (name, value) = self.take(names)?;
        let read = text(&value).or_else(|| list(&value).map(|parts| parts.join(", ")));
        if read.is_none() {
            self.keep_unread(name, "text", value);
        } else if !value.is_string() {
            let message = format!("`{name}`: expected text, got {}; it was read as text; write text", describe(&value));
            self.warn("text-expected", name, message);
        }
        read.filter(|text| !text.is_empty())
    }

    /// All words of these fields: lists, or texts that fall apart at their commas.
    pub fn words(&mut self, names: &[&str]) -> Vec<String> {
        names.iter().flat_map(|name| self.read(name, list)).collect()
    }

    /// A field of sentences: a list, or one text.
    pub fn sentences(&mut self, name: &str) -> Vec<String> {
        self.read(name, sentences)
    }

    fn read(&mut self, name: &str, as_list: impl Fn(&Value) -> Option<Vec<String>>) -> Vec<String> {
        let Some((_, value)) = self.take(&[name]) else { return Vec::new() };
        as_list(&value).unwrap_or_else(|| {
            self.keep_unread(name, "a list of words", value);
            Vec::new()
        })
    }

    /// Reports a value of another type, which goes to the metadata.
    pub fn keep_unread(&mut self, name: &str, expected: &str, value: Value) {
        let message = format!("`{name}`: expected {expected}, got {}; kept in `metadata`", describe(&value));
        self.warn("type-mismatch", name, message);
        self.unread.insert(name.to_owned(), value);
    }

    /// All that was not taken, with a warning for each key that neither the specification nor this reader knows.
    pub fn rest(&mut self, known: &[&str], quiet: &[&str]) -> Map<String, Value> {
        let left = std::mem::take(&mut self.fields);
        for key in left.keys().filter(|key| !quiet.contains(&key.as_str())) {
            let hint = spelling::hint(key, known);
            let message = format!("`{key}` is not in the specification; kept in `metadata`{hint}");
            self.warn("unknown-key", key, message);
        }
        left.into_iter().chain(std::mem::take(&mut self.unread)).collect()
    }
}
