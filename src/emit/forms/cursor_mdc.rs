//! What stands in a rule file of Cursor? Front matter that lets the agent choose it, then Markdown.

use serde_json::Value;

use super::markdown::markdown;
use crate::emit::content::Content;
use crate::emit::cut::{cut, escaped, one_line};

/// Longer queries are no help for whoever chooses by the description.
const QUERY_CHARS: usize = 200;

/// Nothing where nothing was found.
pub fn cursor_mdc(content: &Content) -> String {
    let body = markdown(content);
    if body.is_empty() {
        return body;
    }
    let description = Value::from(format!("Found for: {}", cut(&one_line(content.query), QUERY_CHARS)));
    format!("---\ndescription: {}\nglobs:\nalwaysApply: false\n---\n\n{body}", escaped(description.to_string()))
}
