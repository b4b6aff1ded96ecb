//! What does a Model Context Protocol server list? Tools, and skills by the protocol's extension.

use serde_json::{Value, json};

use super::place::{skill_name, uri};
use super::pretty;
use super::tool::Tool;
use crate::emit::content::{Content, Emitted};
use crate::emit::cut::one_line;
use crate::emit::skill_file::skill_file;

/// One object: the entries of `tools/list`, and those of `skills/list` without the files' digests, which only a server
/// that has all files can vouch for.
pub fn mcp(content: &Content) -> String {
    let tools: Vec<Value> = content.cards().iter().zip(Tool::of(content.cards())).map(tool).collect();
    let skills: Vec<Value> = content.cards().iter().map(skill).collect();
    pretty(&json!({"tools": tools, "skills": skills}))
}

fn tool((emitted, Tool { name, description, parameters }): (&Emitted, Tool)) -> Value {
    let title = one_line(&emitted.card.title);
    json!({"name": name, "title": title, "description": description, "inputSchema": parameters})
}

fn skill(emitted: &Emitted) -> Value {
    json!({"uri": uri(emitted), "frontmatter": skill_file(&emitted.card, skill_name(emitted)).frontmatter})
}
