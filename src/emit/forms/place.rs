//! Where is a card's skill read, and under which name?

use crate::emit::content::Emitted;
use crate::emit::cut::one_line;

/// The file of a skill.
const FILE: &str = "SKILL.md";

/// The skill's name: its folder's last part.
pub fn skill_name(emitted: &Emitted) -> &str {
    let folder = &emitted.names.folder;
    folder.rsplit('/').next().unwrap_or(folder)
}

/// The file that the card was read from, relative to its registry, where it is a skill's; else [`uri`].
pub fn location(emitted: &Emitted) -> String {
    let own = one_line(&emitted.card.instruction_file);
    if own.rsplit(['/', '\\']).next() == Some(FILE) { own } else { uri(emitted) }
}

/// The resource that SkillMesh's MCP server shows.
pub fn uri(emitted: &Emitted) -> String {
    format!("skill://{}/{FILE}", emitted.names.folder)
}
