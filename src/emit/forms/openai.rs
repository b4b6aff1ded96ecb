//! What do OpenAI's chat completions and responses take?

use serde::Serialize;
use serde_json::{Value, json};

use super::pretty;
use super::tool::Tool;
use crate::emit::content::Content;

/// The `tools` of a chat completion.
pub fn openai_tools(content: &Content) -> String {
    let nested = |Tool { name, description, parameters }: Tool| json!({"type": "function", "function": {"name": name, "description": description, "parameters": parameters}});
    pretty(&Tool::of(content.cards()).into_iter().map(nested).collect::<Vec<_>>())
}

#[derive(Serialize)]
struct FunctionTool {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    description: String,
    parameters: Value,
    /// The API holds answers to strict schemas only, and few schemas are.
    strict: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    defer_loading: bool,
}

/// The `tools` of a response.
pub fn openai_responses(content: &Content) -> String {
    pretty(&function_tools(content))
}

/// The item of a response's `input` that answers a search for tools.
pub fn openai_tool_search(content: &Content) -> String {
    let tools = function_tools(content);
    pretty(&json!({"type": "tool_search_output", "execution": "client", "status": "completed", "tools": tools}))
}

fn function_tools(content: &Content) -> Vec<FunctionTool> {
    let flat = |Tool { name, description, parameters }: Tool| FunctionTool {
        kind: "function",
        name,
        description,
        parameters,
        strict: false,
        defer_loading: content.style.defer_loading,
    };
    Tool::of(content.cards()).into_iter().map(flat).collect()
}
