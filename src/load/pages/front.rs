//! What does a page's front matter say of it? Its title and place, and who may read it.

use serde_json::Value;

use super::{Page, restricted, url};
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
    let skills = skills(path, &front)?;
    let mut fields = Fields::new(path, front.fields, front.lines);
    let page = Page {
        skills,
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

/// Who may read the page; refused where it is not certain that what was read is what was meant.
fn skills(path: &str, front: &FrontMatter) -> Result<Option<Vec<String>>, Finding> {
    if !front.is_plain {
        restricted::none_in_head(path, front.head)?;
        restricted::none_in_text(path, front.body)?;
    }
    let Some(value) = front.fields.get("skills") else {
        return restricted::none_below(path, &front.fields).map(|()| None);
    };
    let refused = || restricted::refused(path, &format!("{} with an empty name or none", describe(value)));
    readers(value).map(Some).ok_or_else(refused)
}

/// Names of skills. Only a list without any is everybody: an empty name, or none, is what a template leaves behind.
fn readers(value: &Value) -> Option<Vec<String>> {
    let said = sentences(value).filter(|_| !value.is_null())?;
    if said.iter().any(String::is_empty) { None } else { names(value) }
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
