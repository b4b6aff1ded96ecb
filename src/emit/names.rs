//! What is a card called among all cards, as a skill and as a tool?

use std::collections::BTreeMap;

use super::content::Emitted;
use super::skill_file::{HASH_DIGITS, skill_folders};
use crate::bytes::sha256;
use crate::card::{NAME_LIMIT, function_name};
use crate::order;

/// What a card is called among all cards, whichever of them are shown beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The folder of its skill, such as `cloud/aws-s3`.
    pub folder: String,
    /// Its function, where it declares none.
    pub tool: String,
}

/// Gives each card the names that it has among the cards with these ids, of which it is one: the same in every answer.
///
/// ```
/// use skillmesh::{ExpertCard, emit::{Emitted, name}};
/// let mut cards = [Emitted { card: ExpertCard { id: "Git".into(), ..Default::default() }, ..Default::default() }];
/// name(&mut cards, &["Git", "git", "a.b"]);
/// assert_eq!((cards[0].names.folder.as_str(), cards[0].names.tool.as_str()), ("git-b949c922", "Git"));
/// ```
pub fn name(cards: &mut [Emitted], ids: &[&str]) {
    let folders: BTreeMap<&str, String> = order::map(ids.iter().copied().zip(skill_folders(ids.iter().copied())));
    let mut claims: BTreeMap<String, usize> = BTreeMap::new();
    ids.iter().for_each(|id| *claims.entry(function_name(id)).or_default() += 1);
    for Emitted { card, names, .. } in cards {
        let tool = function_name(&card.id);
        let is_its_own = tool == card.id || claims.get(&tool).is_none_or(|claims| *claims < 2);
        let folder = folders.get(card.id.as_str()).cloned().unwrap_or_default();
        *names = Names { folder, tool: if is_its_own { tool } else { told_apart(&tool, &card.id) } };
    }
}

/// The name with what tells its id from others, no longer than names may be.
pub(super) fn told_apart(name: &str, id: &str) -> String {
    let ending = format!("_{}", &sha256(id.as_bytes())[..HASH_DIGITS]);
    let beginning: String = name.chars().take(NAME_LIMIT - ending.len()).collect();
    beginning + &ending
}
