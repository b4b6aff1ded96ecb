//! Which cards do the found ones need?

use std::collections::BTreeSet;

use super::content::Emitted;
use crate::Result;
use crate::search::{Filter, SkillRetriever};

/// The found cards, and behind them those that they depend upon, directly or through others, each once. What the filter
/// does not let through stays away, and so does an id that no card has, of which `skillmesh build` tells.
pub fn with_dependencies(mesh: &SkillRetriever, filter: &Filter, found: Vec<Emitted>) -> Result<Vec<Emitted>> {
    let allowed = mesh.allowed_by(filter);
    let mut known = BTreeSet::new();
    found.iter().for_each(|emitted| known.extend(mesh.number(&emitted.card.id)));
    let (mut all, mut next) = (found, 0);
    while let Some(Emitted { card, score, .. }) = all.get(next) {
        let numbers = card.dependencies.iter().filter_map(|id| mesh.number(id));
        let numbers: Vec<usize> = numbers.filter(|number| allowed.has(*number) && known.insert(*number)).collect();
        let (score, needed_by) = (*score, Some(card.id.clone()));
        for number in numbers {
            let card = mesh.card(number)?;
            all.push(Emitted { score, needed_by: needed_by.clone(), card, ..Emitted::default() });
        }
        next += 1;
    }
    Ok(all)
}
