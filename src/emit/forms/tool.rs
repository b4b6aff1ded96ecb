//! Which function tool is a card?

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{ACCEPTED_CHARS, description};
use crate::ExpertCard;
use crate::emit::content::Emitted;
use crate::emit::cut::{cut, one_line};

/// The longest name that providers accept.
const NAME_CHARS: usize = 64;

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
    /// The tools of these cards, each with a name of its own.
    pub fn of(cards: &[Emitted]) -> Vec<Tool> {
        let mut taken = BTreeSet::new();
        let named = |emitted: &Emitted| {
            let tool = Tool::new(&emitted.card);
            Tool { name: free(tool.name, &mut taken), ..tool }
        };
        cards.iter().map(named).collect()
    }

    /// What the card declares, in whichever provider's words, where it can be used; else what its contract says.
    fn new(card: &ExpertCard) -> Tool {
        let own = card.invocation();
        let own = own.get("function").unwrap_or(&own);
        let made = ExpertCard { declared_invocation: None, ..card.clone() }.invocation();
        let made = &made["function"];
        let text = |key| own.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let parameters = ["parameters", "input_schema", "inputSchema"].iter().find_map(|key| own.get(key));
        Tool {
            name: name(text("name").or(made["name"].as_str()).unwrap_or_default()),
            description: cut(&text("description").map_or_else(|| description(card), one_line), ACCEPTED_CHARS),
            parameters: object_schema(parameters).unwrap_or_else(|| made["parameters"].clone()),
        }
    }
}

/// Every provider wants the schema of an object, and one that says so.
fn object_schema(schema: Option<&Value>) -> Option<Value> {
    let mut schema: Map<String, Value> = schema?.as_object()?.clone();
    let kind = schema.entry("type").or_insert_with(|| "object".into());
    (kind == "object").then_some(())?;
    let properties = schema.entry("properties").or_insert_with(|| Map::new().into());
    properties.is_object().then_some(())?;
    Some(schema.into())
}

fn name(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = text.chars().map(allowed).take(NAME_CHARS).collect();
    if name.is_empty() { "tool".to_owned() } else { name }
}

/// The name, or the first of `name_2`, `name_3` and so on that no other tool has.
fn free(name: String, taken: &mut BTreeSet<String>) -> String {
    let numbered = |number: usize| {
        let ending = format!("_{number}");
        format!("{}{ending}", &name[..name.len().min(NAME_CHARS - ending.len())])
    };
    let free = std::iter::once(name.clone()).chain((2..).map(numbered)).find(|name| taken.insert(name.clone()));
    free.unwrap_or(name)
}
