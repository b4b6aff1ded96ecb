//! Where does a SKILL.md's front matter end, and what does it say?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::document::{self, Notation, SyntaxError};
use super::finding::Finding;
use super::lenient;
use super::mangled;
use super::value::describe;

/// The key of lines that have none.
pub const STRAY: &str = "frontmatter";

/// Front matter and body of a skill file.
#[derive(Default)]
pub struct FrontMatter<'a> {
    /// What the front matter says; empty where there is none.
    pub fields: Map<String, Value>,
    /// The line, from 1, on which each key stands.
    pub lines: BTreeMap<String, usize>,
    /// The text after it.
    pub body: &'a str,
    /// Its lines as they are written.
    #[cfg_attr(not(feature = "documents"), allow(dead_code, reason = "for pages"))]
    pub head: &'a str,
    /// Whether the fields are what the author wrote: nothing was guessed, and no key stands twice.
    pub is_plain: bool,
}

/// Reads what stands between the first `---` lines, tolerantly.
pub fn read<'a>(path: &str, text: &'a str, findings: &mut Vec<Finding>) -> FrontMatter<'a> {
    fenced(path, text, findings).unwrap_or_else(|| unfenced(path, text, findings))
}

/// The same of a page, which need not have any.
#[cfg(feature = "documents")]
pub fn optional<'a>(path: &str, text: &'a str, findings: &mut Vec<Finding>) -> FrontMatter<'a> {
    fenced(path, text, findings).unwrap_or(FrontMatter { body: text, ..FrontMatter::default() })
}

fn fenced<'a>(path: &str, text: &'a str, findings: &mut Vec<Finding>) -> Option<FrontMatter<'a>> {
    let (first, rest) = opened(text)?;
    let closed = closed(rest);
    let is_closed = closed.is_some();
    let (lines_of_head, body) = closed.or_else(|| unclosed(path, first, rest, findings))?;
    let lines = lines(lines_of_head, first);
    let mut head = Head { path, text: lines_of_head, first, lines, is_plain: is_closed, findings };
    let fields = head.fields();
    let is_plain = head.is_plain && fields.is_some();
    let body = if fields.is_some() { body } else { text };
    Some(FrontMatter { fields: fields.unwrap_or_default(), lines: head.lines, body, head: lines_of_head, is_plain })
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

/// Front matter that lacks its end, if it begins with a key at all; else the `---` was a rule.
fn unclosed<'a>(path: &str, first: usize, rest: &'a str, findings: &mut Vec<Finding>) -> Option<(&'a str, &'a str)> {
    lenient::key_line(rest.lines().next()?)?;
    let message = "the front matter is not closed; it was read up to the first empty line; end it with a line `---`";
    findings.push(Finding::warning(path, "frontmatter-unclosed", message).line(first - 1));
    Some(rest.split_once("\n\n").unwrap_or((rest, "")))
}

/// A file without front matter, or with what a formatter made of it.
fn unfenced<'a>(path: &str, text: &'a str, findings: &mut Vec<Finding>) -> FrontMatter<'a> {
    if let Some((fields, line, body)) = mangled::front_matter(text) {
        let message = "the front matter has become a heading, probably by a formatter; it was read from there; \
                       write it between two lines `---`, one key a line";
        findings.push(Finding::warning(path, "frontmatter-heading", message).line(line));
        let lines = fields.keys().map(|key| (key.clone(), line)).collect();
        return FrontMatter { fields, lines, body, ..FrontMatter::default() };
    }
    let message = "no front matter; begin the file with `---`, `name:`, `description:` and `---`";
    findings.push(Finding::warning(path, "frontmatter-missing", message).line(1));
    FrontMatter { body: text, ..FrontMatter::default() }
}

/// The lines between the fences.
struct Head<'a> {
    path: &'a str,
    text: &'a str,
    /// The number of its first line.
    first: usize,
    lines: BTreeMap<String, usize>,
    /// Whether nothing had to be guessed so far.
    is_plain: bool,
    findings: &'a mut Vec<Finding>,
}

impl Head<'_> {
    /// The keys and values; nothing where these lines are no front matter at all.
    fn fields(&mut self) -> Option<Map<String, Value>> {
        // Empty lines in front let the parser count as the file does.
        let text = format!("{}{}", "\n".repeat(self.first - 1), self.text);
        match document::parse(&text, Notation::Yaml) {
            Ok(document) => {
                self.report_repeated(&document.repeated);
                self.map(document.value)
            }
            Err(error) => Some(self.line_by_line(&error)),
        }
    }

    fn map(&mut self, value: Value) -> Option<Map<String, Value>> {
        match value {
            Value::Object(fields) => Some(fields),
            Value::Null => Some(Map::new()),
            other => {
                let got = describe(&other);
                let message = format!(
                    "expected `key: value` lines, got {got}; they were read as text; write `name:` and `description:`"
                );
                self.warn("frontmatter-yaml", self.first, message);
                None
            }
        }
    }

    fn line_by_line(&mut self, error: &SyntaxError) -> Map<String, Value> {
        self.is_plain = false;
        let mut read = lenient::front_matter(self.text);
        let message = format!(
            "not YAML: {}; it was read line by line; quote values that hold `: ` or begin with a mark",
            error.message
        );
        self.warn("frontmatter-yaml", error.line.unwrap_or(self.first), message);
        self.report_repeated(&read.repeated);
        if !read.stray.is_empty() {
            let message = format!("lines before the first key are kept in `metadata` as `{STRAY}`; give them a key");
            self.warn("frontmatter-stray", self.first, message);
            read.fields.insert(STRAY.into(), read.stray.join("\n").into());
        }
        read.fields
    }

    /// At the first line that begins with the key, or with the key above it.
    fn report_repeated(&mut self, keys: &BTreeSet<String>) {
        self.is_plain &= keys.is_empty();
        for key in keys {
            let key = key.trim_start_matches('/').replace('/', ".");
            let top = key.split('.').next().unwrap_or_default();
            let line = self.lines.get(top).copied().unwrap_or(self.first);
            self.warn("repeated-key", line, format!("`{key}` is said twice; the last value counts; remove one"));
        }
    }

    fn warn(&mut self, code: &'static str, line: usize, message: String) {
        self.findings.push(Finding::warning(self.path, code, message).line(line));
    }
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
