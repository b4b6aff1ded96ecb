//! Where is a card's skill read?

use crate::emit::content::Emitted;
use crate::emit::cut::one_line;
use crate::emit::skill_file::skill_uri;

/// The file that the card was read from, relative to its registry, where it is a skill's; else the resource that
/// SkillMesh's MCP server shows.
pub fn location(emitted: &Emitted) -> String {
    let own = one_line(&emitted.card.instruction_file);
    if own.rsplit(['/', '\\']).next() == Some("SKILL.md") { own } else { skill_uri(&emitted.names.folder) }
}
