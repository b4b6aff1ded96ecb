//! What stands in an `llms.txt`? A title, what it is about, and lists of links.

use super::markdown::inline;
use super::place::Place;
use super::{DESCRIPTION_CHARS, section, source};
use crate::emit::content::{Content, Emitted};
use crate::emit::cut::{cut, one_line};

/// Nothing where nothing was found.
pub fn llms_txt(content: &Content) -> String {
    let card = |(emitted, place): (&Emitted, Place)| {
        link(&emitted.card.title, &place.location, &emitted.card.description)
    };
    let skills: String = content.cards().iter().zip(Place::of(content.cards())).map(card).collect();
    let documents: String = content.documents.iter().map(|d| link(&d.title, &source(d), &section(d))).collect();
    let parts = [("Skills", skills), ("Documents", documents)].into_iter().filter(|(_, links)| !links.is_empty());
    let parts: String = parts.map(|(heading, links)| format!("\n## {heading}\n\n{links}")).collect();
    if parts.is_empty() { parts } else { format!("# Found by SkillMesh\n\n> {}\n{parts}", inline(content.query)) }
}

fn link(title: &str, target: &str, about: &str) -> String {
    let about = cut(&one_line(about), DESCRIPTION_CHARS);
    let about = if about.is_empty() { about } else { format!(": {}", inline(&about)) };
    format!("- [{}]({}){about}\n", inline(title), address(target))
}

/// A link's target; what could end it, or begin something else, is encoded.
fn address(target: &str) -> String {
    let encoded = |c: char| match c {
        ' ' | '(' | ')' | '<' | '>' | '\\' | '`' | '"' | '[' | ']' => format!("%{:02X}", u32::from(c)),
        c => c.to_string(),
    };
    one_line(target).chars().map(encoded).collect()
}
