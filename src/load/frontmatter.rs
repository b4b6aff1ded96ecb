//! Where does a SKILL.md's front matter end, and what does it say?

use serde_json::{Map, Value};

use super::finding::Finding;
use super::lenient;
use super::value::describe;

/// Front matter and body of a skill file.
pub struct FrontMatter<'a> {
    /// What the front matter says; empty where there is none.
    pub fields: Map<String, Value>,
    /// The text after it.
    pub body: &'a str,
}

/// Reads what stands between the first `---` lines, tolerantly.
pub fn read<'a>(path: &str, text: &'a str, findings: &mut Vec<Finding>) -> FrontMatter<'a> {
    let Some(rest) = text.strip_prefix("---").and_then(|rest| rest.trim_start_matches([' ', '\t']).strip_prefix('\n'))
    else {
        let message = "no front matter; begin the file with `---`, `name:`, `description:` and `---`";
        findings.push(Finding::warning(path, "frontmatter-missing", message).line(1));
        return FrontMatter { fields: Map::new(), body: text };
    };
    let (head, body) = split(rest).unwrap_or_else(|| {
        let message =
            "the front matter is not closed; it was read up to the first empty line; end it with a line `---`";
        findings.push(Finding::warning(path, "frontmatter-unclosed", message).line(1));
        rest.split_once("\n\n").unwrap_or((rest, ""))
    });
    FrontMatter { fields: fields(path, head, findings), body }
}

/// The text before and after the closing line.
fn split(rest: &str) -> Option<(&str, &str)> {
    let mut start = 0;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((&rest[..start], &rest[start + line.len()..]));
        }
        start += line.len();
    }
    None
}

fn fields(path: &str, head: &str, findings: &mut Vec<Finding>) -> Map<String, Value> {
    match serde_yaml_ng::from_str(head) {
        Ok(Value::Object(fields)) => fields,
        Ok(Value::Null) => Map::new(),
        Ok(other) => {
            let message = format!("expected `key: value` lines, got {}", describe(&other));
            findings.push(Finding::warning(path, "frontmatter-yaml", message).line(1));
            Map::new()
        }
        Err(e) => {
            let line = e.location().map_or(1, |location| location.line()) + 1;
            let message =
                format!("not YAML: {e}; it was read line by line; quote values that hold `: ` or begin with a mark");
            findings.push(Finding::warning(path, "frontmatter-yaml", message).line(line));
            lenient::front_matter(head)
        }
    }
}
