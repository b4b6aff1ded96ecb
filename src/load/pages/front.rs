//! What does a page's front matter say of it? Its title and place, and who may read it.

use serde_json::Value;

use super::{Page, url};
use crate::load::fields::Fields;
use crate::load::frontmatter::FrontMatter;
use crate::load::value::{describe, sentences, text};
use crate::load::{Finding, spelling};

/// A page without its text. One that does not say plainly who may read it is refused: it might be everybody.
pub fn labelled(path: &str, front: FrontMatter, findings: &mut Vec<Finding>) -> Result<Page, Finding> {
    let slips: Vec<&String> = front.fields.keys().filter(|key| is_slip(key)).collect();
    if let Some(slip) = slips.first() {
        let message =
            format!("expected `skills`, got `{slip}`; correct it: without `skills` the page might be for everybody");
        return Err(Finding::error(path, "skills-unreadable", message));
    }
    let mut fields = Fields::new(path, front.fields, front.lines);
    let page = Page {
        skills: skills(path, &mut fields)?,
        tags: said(&mut fields, &["tags"], "a name or a list of names", names),
        title: said(&mut fields, &["title"], "text", text),
        url: said(&mut fields, &["url", "slug"], "a path or an http address", address),
        chunks: Vec::new(),
    };
    findings.append(&mut fields.findings);
    Ok(page)
}

/// A key that was probably meant to be `skills`.
fn is_slip(key: &str) -> bool {
    key != "skills" && spelling::nearest(&key.to_lowercase(), &["skills"]).is_some()
}

fn skills(path: &str, fields: &mut Fields) -> Result<Option<Vec<String>>, Finding> {
    let Some((_, value)) = fields.take(&["skills"]) else { return Ok(None) };
    let refused = || {
        let message = format!("`skills`: expected a name or a list of names, got {}; write a list", describe(&value));
        Finding::error(path, "skills-unreadable", message)
    };
    names(&value).map(Some).ok_or_else(refused)
}

/// Names, each once; a string is one name, whatever marks it holds.
fn names(value: &Value) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for name in sentences(value)?.into_iter().filter(|name| !name.is_empty()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
}

fn address(value: &Value) -> Option<String> {
    url::as_written(&text(value)?)
}

/// What the first of these fields says; one that says something else is reported, and does not count.
fn said<T>(fields: &mut Fields, keys: &[&str], expected: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    let (key, value) = fields.take(keys)?;
    let said = read(&value);
    if said.is_none() {
        let message = format!("`{key}`: expected {expected}, got {}; it was passed over; correct it", describe(&value));
        fields.warn("type-mismatch", key, message);
    }
    said
}
