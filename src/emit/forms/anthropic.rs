//! What does Anthropic's Messages API take?

use serde::Serialize;
use serde_json::Value;

use super::tool::Tool;
use super::{pretty, source};
use crate::emit::content::Content;
use crate::emit::cut::{one_line, printable};
use crate::search::Cited;

#[derive(Serialize)]
struct AnthropicTool {
    name: String,
    description: String,
    input_schema: Value,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    defer_loading: bool,
}

/// The `tools` of a request.
pub fn anthropic_tools(content: &Content) -> String {
    let defer_loading = content.style.defer_loading;
    let tools = Tool::of(content.cards()).into_iter().map(|Tool { name, description, parameters }| AnthropicTool {
        name,
        description,
        input_schema: parameters,
        defer_loading,
    });
    pretty(&tools.collect::<Vec<_>>())
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block<'a> {
    ToolReference { tool_name: String },
    SearchResult { source: String, title: String, content: [Text<'a>; 1], citations: Citations },
}

#[derive(Serialize)]
struct Text<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct Citations {
    enabled: bool,
}

/// The `content` of a `tool_result`: references to tools of the request, then results to cite.
pub fn anthropic_tool_result(content: &Content) -> String {
    let references = Tool::of(content.cards()).into_iter().map(|tool| Block::ToolReference { tool_name: tool.name });
    let texts: Vec<String> = content.documents.iter().map(|document| printable(&document.text).trim().to_owned()).collect();
    let results = content.documents.iter().zip(&texts).filter(|(_, text)| !text.is_empty()).map(search_result);
    pretty(&references.chain(results).collect::<Vec<_>>())
}

fn search_result<'a>((document, text): (&Cited, &'a String)) -> Block<'a> {
    Block::SearchResult {
        source: source(document),
        title: one_line(&document.title),
        content: [Text { kind: "text", text }],
        citations: Citations { enabled: true },
    }
}
