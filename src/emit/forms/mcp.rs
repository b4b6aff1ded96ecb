//! What does a Model Context Protocol server list? Tools, and skills by the protocol's extension.

use serde_json::{Value, json};

use super::pretty;
use super::tool::Tool;
use crate::emit::content::{Content, Emitted};
use crate::emit::cut::one_line;
use crate::emit::skill_file::{skill_file, skill_name, skill_uri};

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

fn skill(Emitted { card, names, .. }: &Emitted) -> Value {
    let file = skill_file(card, skill_name(&names.folder));
    json!({"uri": skill_uri(&names.folder), "frontmatter": file.frontmatter})
}
