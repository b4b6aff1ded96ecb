//! Under which name, and where, is a card's skill read?

use crate::emit::content::Emitted;
use crate::emit::cut::one_line;
use crate::emit::skill_file::skill_folders;

/// A skill as agents speak of it.
pub struct Place {
    /// The folder, such as `cloud/aws-s3`.
    pub folder: String,
    /// The file to read: the card's own, else the one that SkillMesh's MCP server shows.
    pub location: String,
}

impl Place {
    /// Where each card's skill is.
    pub fn of(cards: &[Emitted]) -> Vec<Place> {
        let folders = skill_folders(cards.iter().map(|emitted| emitted.card.id.as_str()));
        cards.iter().zip(folders).map(Place::new).collect()
    }

    fn new((emitted, folder): (&Emitted, String)) -> Place {
        let own = one_line(&emitted.card.instruction_file);
        let location = if own.is_empty() { uri(&folder) } else { own };
        Place { folder, location }
    }

    /// The folder's last part, which is the skill's name.
    pub fn name(&self) -> &str {
        self.folder.rsplit('/').next().unwrap_or(&self.folder)
    }
}

/// The resource of the file in this folder.
pub fn uri(folder: &str) -> String {
    format!("skill://{folder}/SKILL.md")
}
