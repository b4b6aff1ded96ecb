//! What does the Vercel AI SDK read? Tools by name, and which of them are active.

use serde_json::{Map, Value, json};

use super::pretty;
use super::tool::Tool;
use crate::emit::content::Content;

/// One object: `tools`, whose `inputSchema` is what the SDK's `jsonSchema` takes, and `activeTools`, the best first.
pub fn vercel_ai(content: &Content) -> String {
    let tools = Tool::of(content.cards());
    let active: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
    let entry =
        |tool: &Tool| (tool.name.clone(), json!({"description": tool.description, "inputSchema": tool.parameters}));
    let by_name: Map<String, Value> = tools.iter().map(entry).collect();
    pretty(&json!({"tools": by_name, "activeTools": active}))
}
