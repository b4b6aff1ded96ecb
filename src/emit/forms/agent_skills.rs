//! What does an agent read of the skills that there are? Names, descriptions and places, by the Agent Skills client guide.

use super::claude::element;
use super::description;
use super::place::location;
use crate::emit::content::Content;
use crate::emit::cut::cut;
use crate::emit::skill_file::{DESCRIPTION_CHARS, skill_name};

/// Nothing where there are no skills, as the guide wants it.
pub fn agent_skills(content: &Content) -> String {
    if content.cards().is_empty() {
        return String::new();
    }
    let mut lines = vec!["<available_skills>".to_owned()];
    for emitted in content.cards() {
        lines.push("  <skill>".to_owned());
        let description = cut(&description(&emitted.card), DESCRIPTION_CHARS);
        let elements = [
            ("name", skill_name(&emitted.names.folder)),
            ("description", &description),
            ("location", &location(emitted)),
        ];
        lines.extend(elements.iter().filter_map(|(name, text)| element(name, text)).map(|line| format!("    {line}")));
        lines.push("  </skill>".to_owned());
    }
    lines.push("</available_skills>\n".to_owned());
    lines.join("\n")
}
