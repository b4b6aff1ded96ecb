//! What changes when a role is installed?

use std::collections::BTreeSet;

use super::{closure, splice};
use crate::{ExpertCard, Result};

/// What to write so that a registry holds a role; nothing is written here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The registry's new text; `None` when it holds everything already.
    pub registry: Option<String>,
    /// Ids of the cards that it gets, the role first.
    pub added: Vec<String>,
    /// Ids of the cards that it had, which stay as they are.
    pub kept: Vec<String>,
    /// Instruction files of the added cards: path below the registry's folder, and text.
    pub files: Vec<(String, String)>,
}

/// Plans the copy of a role, its experts and theirs from `library` into the registry `text`, which holds `present`.
///
/// ```
/// use skillmesh::{ExpertCard, roles};
/// let card = |id: &str, on: &[&str]| ExpertCard {
///     id: id.into(),
///     dependencies: on.iter().map(|id| id.to_string()).collect(),
///     ..Default::default()
/// };
/// let library = [card("role.x", &["a"]), card("a", &[])];
/// let plan = roles::install(&library, &library[0], r#"{"tools": []}"#, &[]).unwrap();
/// assert_eq!(plan.added, ["role.x", "a"]);
/// let again = roles::install(&library, &library[0], &plan.registry.unwrap(), &library).unwrap();
/// assert_eq!((again.registry, again.kept), (None, plan.added));
/// ```
pub fn install(library: &[ExpertCard], role: &ExpertCard, text: &str, present: &[ExpertCard]) -> Result<Installation> {
    let taken: BTreeSet<&str> = present.iter().map(|card| card.id.as_str()).collect();
    let needed = std::iter::once(role).chain(closure::experts(library, role)?);
    let (kept, added): (Vec<&ExpertCard>, Vec<_>) = needed.partition(|card| taken.contains(card.id.as_str()));
    let added: Vec<ExpertCard> = added.into_iter().map(placed).collect();
    let with_file = added.iter().filter(|card| !card.instruction_file.is_empty());
    Ok(Installation {
        registry: if added.is_empty() { None } else { Some(splice::append(text, &added.iter().collect::<Vec<_>>())?) },
        added: added.iter().map(|card| card.id.clone()).collect(),
        kept: kept.iter().map(|card| card.id.clone()).collect(),
        files: with_file.map(|card| (card.instruction_file.clone(), card.instruction_text.clone())).collect(),
    })
}

/// A skill's instructions go among the experts': a folder with a `SKILL.md` would be read as a skill once more.
fn placed(card: &ExpertCard) -> ExpertCard {
    let mut card = card.clone();
    if card.instruction_file.ends_with("SKILL.md") {
        card.instruction_file = format!("instructions/{}.md", card.id.replace(['/', '\\', ':'], "-"));
    }
    card
}
