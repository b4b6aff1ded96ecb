//! Does the head of a page seem to say who may read it, where that is not read as front matter?

use serde_json::{Map, Value};

use crate::load::Finding;

/// Of a page without front matter this many lines are looked at: what was meant as such stands at the top.
const LINES: usize = 20;

/// Refuses a text whose first lines name skills, though they are no front matter.
pub fn none_in_text(path: &str, text: &str) -> Result<(), Finding> {
    let lines: Vec<&str> = text.lines().take(LINES).collect();
    none_in(path, &lines, "a line outside of front matter")
}

/// Refuses front matter that is not read as it is written, and names skills.
pub fn none_in_head(path: &str, head: &str) -> Result<(), Finding> {
    none_in(path, &head.lines().collect::<Vec<_>>(), "front matter that is not closed, repeats a key, or is no map")
}

fn none_in(path: &str, lines: &[&str], got: &str) -> Result<(), Finding> {
    match lines.iter().find(|line| names_skills(line)) {
        Some(line) => {
            let line: String = line.trim().chars().take(60).collect();
            Err(refused(path, &format!("{got}: `{line}`")))
        }
        None => Ok(()),
    }
}

/// Refuses front matter with skills inside of something else, where nobody looks for them.
pub fn none_below(path: &str, fields: &Map<String, Value>) -> Result<(), Finding> {
    match fields.iter().find(|(_, value)| holds_skills(value)) {
        Some((key, _)) => Err(refused(path, &format!("skills inside of `{key}`"))),
        None => Ok(()),
    }
}

/// The finding for which a page is refused that might be meant for a few.
pub fn refused(path: &str, got: &str) -> Finding {
    let message = format!(
        "expected `skills:` once and at the top level of closed front matter, as a name or a list of names, got {got}; \
         write `skills: [name]`, or `skills: []` for everybody"
    );
    Finding::error(path, "skills-unreadable", message)
}

/// The parser of YAML and TOML bounds the depth.
fn holds_skills(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(key, value)| is_skills(key) || holds_skills(value)),
        Value::Array(values) => values.iter().any(holds_skills),
        _ => false,
    }
}

/// Whether `skills:` or `skills =` begins the line or an entry of a map in it, whatever marks stand before.
fn names_skills(line: &str) -> bool {
    line.split(['{', ',']).any(|entry| {
        let entry = entry.trim_start_matches(|c: char| !c.is_alphanumeric());
        let Some((key, _)) = entry.split_once([':', '=']) else { return false };
        is_skills(key.trim_end_matches(|c: char| !c.is_alphanumeric()))
    })
}

fn is_skills(key: &str) -> bool {
    ["skill", "skills"].iter().any(|name| key.trim().eq_ignore_ascii_case(name))
}
