//! Which function tool is a card?

use std::collections::BTreeSet;

use serde_json::Value;

use super::description;
use super::schema::accepted;
use crate::card::NAME_LIMIT;
use crate::emit::content::Emitted;
use crate::emit::cut::{cut, one_line};
use crate::emit::names::told_apart;
use crate::emit::skill_file::DESCRIPTION_CHARS;

/// A function tool, whoever calls it.
pub struct Tool {
    /// At most 64 of `[a-zA-Z0-9_-]`, another one in each tool.
    pub name: String,
    /// What it does, on one line.
    pub description: String,
    /// The JSON Schema of an object.
    pub parameters: Value,
}

impl Tool {
    /// The tools of these cards. Where several declare one name, the first has it, and each other one's id tells it apart.
    pub fn of(cards: &[Emitted]) -> Vec<Tool> {
        let mut taken = BTreeSet::new();
        let named = |emitted: &Emitted| {
            let tool = Tool::new(emitted);
            let is_free = taken.insert(tool.name.clone());
            Tool { name: if is_free { tool.name } else { told_apart(&tool.name, &emitted.card.id) }, ..tool }
        };
        cards.iter().map(named).collect()
    }

    /// What the card declares, in whichever provider's words, where it can be used; else what its contract says.
    fn new(Emitted { card, names, .. }: &Emitted) -> Tool {
        let declared = card.declared_invocation.as_ref();
        let declared = declared.map(|declared| declared.get("function").unwrap_or(declared));
        let text = |key| declared?.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty());
        let schema = ["parameters", "input_schema", "inputSchema"].iter().find_map(|key| declared?.get(key));
        Tool {
            name: text("name").map_or_else(|| name(&names.tool), name),
            description: cut(&text("description").map_or_else(|| description(card), one_line), DESCRIPTION_CHARS),
            parameters: schema.and_then(accepted).or_else(|| accepted(&card.parameters())).unwrap_or_default(),
        }
    }
}

fn name(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = text.chars().map(allowed).take(NAME_LIMIT).collect();
    if name.is_empty() { "tool".to_owned() } else { name }
}
