//! How does a JSON registry get more cards while every byte of it stays as its owner wrote it?

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Code, Error, ExpertCard, Result};

/// The lists of cards that a registry may have, as they stand in its text.
#[derive(Default, Deserialize)]
struct Lists<'a> {
    #[serde(borrow)]
    tools: Option<&'a RawValue>,
    #[serde(borrow)]
    experts: Option<&'a RawValue>,
    #[serde(borrow)]
    roles: Option<&'a RawValue>,
}

/// The registry's text with `cards` after the last card of its list.
pub fn append(text: &str, cards: &[&ExpertCard]) -> Result<String> {
    let list = list(text.trim_start_matches('\u{feff}'))?;
    let end = list.as_ptr() as usize - text.as_ptr() as usize + list.len() - 1;
    let (before, after) = (text[..end].trim_end(), &text[end..]);
    let comma = if before.ends_with('[') { "" } else { "," };
    let added: Vec<String> = cards.iter().map(|card| written(card)).collect::<Result<_>>()?;
    Ok(format!("{before}{comma}\n{}\n  {after}", added.join(",\n")))
}

/// The list of cards within `text`, brackets included.
fn list(text: &str) -> Result<&str> {
    if text.trim_start().starts_with('[') {
        return Ok(text.trim());
    }
    let lists: Lists = serde_json::from_str(text).map_err(|e| no_list().caused_by(e))?;
    let list = [lists.tools, lists.experts, lists.roles].into_iter().flatten().map(RawValue::get);
    list.into_iter().find(|list| list.starts_with('[')).ok_or_else(no_list)
}

fn no_list() -> Error {
    Error::new(Code::Registry, "the registry has no list to add cards to")
        .expected("a list of cards, bare or under `tools`, `experts` or `roles`")
        .help("`skillmesh validate` says what is wrong with it")
}

/// The card as it stands in a registry: instructions that have a file stay in the file.
fn written(card: &ExpertCard) -> Result<String> {
    let mut card = card.clone();
    if !card.instruction_file.is_empty() {
        card.instruction_text.clear();
    }
    let text =
        serde_json::to_string_pretty(&card).map_err(|e| Error::new(Code::Internal, "unprintable card").caused_by(e))?;
    Ok(text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n"))
}
