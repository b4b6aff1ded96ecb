//! Which text does each provider read?
//!
//! A form writes all of its content, whatever stands in it: nothing in a query, card or document can end its own element,
//! string, fence or line.

mod address;
mod agent_skills;
mod anthropic;
mod claude;
mod codex;
mod cursor_mdc;
mod json;
mod langchain;
mod llms_txt;
mod markdown;
mod mcp;
mod openai;
mod place;
mod schema;
mod tool;
mod vercel_ai;

pub use agent_skills::agent_skills;
pub use anthropic::{anthropic_search_results, anthropic_tool_references, anthropic_tools};
pub use claude::claude;
pub use codex::codex;
pub use cursor_mdc::cursor_mdc;
pub use json::{json, jsonl};
pub use langchain::langchain;
pub use llms_txt::llms_txt;
pub use markdown::markdown;
pub use mcp::mcp;
pub use openai::{openai_responses, openai_tool_search, openai_tools};
pub use vercel_ai::vercel_ai;

use serde::Serialize;

use super::content::{Content, Style};
use super::cut::{cut, escaped, one_line, printable};
use crate::ExpertCard;
use crate::search::Cited;

/// Writes a provider's form.
pub type Writer = fn(&Content) -> String;

const DESCRIPTION_CHARS: usize = 260;
const TAGS: usize = 12;
const TOOL_HINTS: usize = 8;
const DEPENDENCIES: usize = 8;
const OUTPUT_ARTIFACTS: usize = 6;

/// What stands between a heading and the one below it.
const BELOW: &str = " > ";

/// At most `limit` entries, each on one line, separated by commas.
fn list(entries: &[String], limit: usize) -> String {
    let shown: Vec<String> = entries.iter().take(limit).map(|entry| one_line(entry)).collect();
    shown.join(", ")
}

/// A card's instructions, as long as they may be.
fn instructions(card: &ExpertCard, style: &Style) -> String {
    if style.instruction_chars == 0 {
        String::new()
    } else {
        cut(&printable(&card.instruction_text), style.instruction_chars)
    }
}

/// What a card does; its title or id, where it says nothing else.
fn description(card: &ExpertCard) -> String {
    let said = [&card.description, &card.title, &card.id].map(|text| one_line(text));
    said.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// Where a chunk is read.
fn source(document: &Cited) -> String {
    one_line(if document.url.is_empty() { &document.path } else { &document.url })
}

/// The headings above a chunk, without its document's title.
fn section(document: &Cited) -> String {
    let headings: Vec<&str> = document.headings.iter().map(String::as_str).filter(|h| *h != document.title).collect();
    one_line(&headings.join(BELOW))
}

/// Name and value of each line about a chunk.
fn about(document: &Cited) -> [(&'static str, String); 4] {
    [
        ("section", section(document)),
        ("source", one_line(&document.path)),
        ("url", one_line(&document.url)),
        ("score", format!("{:.4}", document.score)),
    ]
}

/// JSON on indented lines.
fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).map(|text| escaped(text) + "\n").unwrap_or_default()
}
