//! What does Anthropic's Messages API take?

use serde::Serialize;
use serde_json::{Value, json};

use super::place::location;
use super::tool::Tool;
use super::{description, instructions, pretty, section, source};
use crate::emit::content::{Content, Emitted};
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

/// The `content` of a `tool_result`: references to tools of the request, which loads them.
pub fn anthropic_tool_references(content: &Content) -> String {
    let reference = |tool: Tool| json!({"type": "tool_reference", "tool_name": tool.name});
    pretty(&Tool::of(content.cards()).into_iter().map(reference).collect::<Vec<_>>())
}

/// The `content` of a `tool_result` or of a message: what can be cited, a block each.
pub fn anthropic_search_results(content: &Content) -> String {
    let cards = content.cards().iter().map(|emitted| of_card(emitted, content));
    pretty(&cards.chain(content.documents.iter().map(of_document)).collect::<Vec<_>>())
}

fn of_card(emitted: &Emitted, content: &Content) -> Value {
    let texts = [description(&emitted.card), instructions(&emitted.card, &content.style)];
    let texts = texts.into_iter().filter(|text| !text.is_empty()).collect();
    search_result(location(emitted), one_line(&emitted.card.title), texts)
}

fn of_document(document: &Cited) -> Value {
    let heading = [one_line(&document.title), section(document)].into_iter().filter(|text| !text.is_empty());
    let text = printable(&document.text).trim().to_owned();
    search_result(source(document), heading.collect::<Vec<_>>().join(super::BELOW), vec![text])
}

/// The interface refuses empty texts, so that what says nothing is called by its source.
fn search_result(source: String, title: String, texts: Vec<String>) -> Value {
    let said = |text: String| if text.is_empty() { source.clone() } else { text };
    let texts: Vec<Value> = texts.into_iter().map(|text| json!({"type": "text", "text": said(text)})).collect();
    let title = said(title);
    json!({"type": "search_result", "source": source, "title": title, "content": texts, "citations": {"enabled": true}})
}
