//! What stands in an `llms.txt`? A title, what it is about, and lists of links.

use super::address::address;
use super::place::location;
use super::{DESCRIPTION_CHARS, section, source};
use crate::emit::content::Content;
use crate::emit::cut::{cut, inert, one_line};

/// Nothing where nothing was found.
pub fn llms_txt(content: &Content) -> String {
    let skills = content.cards().iter().map(|e| link(&e.card.title, &location(e), &e.card.description)).collect();
    let documents = content.documents.iter().map(|d| link(&d.title, &source(d), &section(d))).collect();
    let parts: [(&str, String); 2] = [("Skills", skills), ("Documents", documents)];
    let parts = parts.iter().filter(|(_, links)| !links.is_empty());
    let parts: String = parts.map(|(heading, links)| format!("\n## {heading}\n\n{links}")).collect();
    if parts.is_empty() { parts } else { format!("# Found by SkillMesh\n\n> For: {}\n{parts}", inert(content.query)) }
}

fn link(title: &str, target: &str, about: &str) -> String {
    let about = cut(&one_line(about), DESCRIPTION_CHARS);
    let about = if about.is_empty() { about } else { format!(": {}", inert(&about)) };
    format!("- [{}]({}){about}\n", inert(title), address(target))
}
