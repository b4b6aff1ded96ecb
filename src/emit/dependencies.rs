//! Which cards do the found ones need?

use super::content::Emitted;
use crate::Result;
use crate::search::{Filter, SkillRetriever};

/// The cards, each with those that it depends upon behind it, directly or through others, each once. What the filter does
/// not let through stays away, and so does an id that no card has, of which `skillmesh build` tells.
pub fn with_dependencies(mesh: &SkillRetriever, filter: &Filter, found: Vec<Emitted>) -> Result<Vec<Emitted>> {
    let allowed = mesh.allowed_by(filter);
    let mut known: Vec<usize> = found.iter().filter_map(|emitted| mesh.number(&emitted.card.id)).collect();
    let mut all = Vec::new();
    for emitted in found {
        let mut next = all.len();
        all.push(emitted);
        while next < all.len() {
            let Emitted { score, card: needing, .. } = &all[next];
            let (score, needing) = (*score, needing.clone());
            let numbers = needing.dependencies.iter().filter_map(|id| mesh.number(id));
            for number in numbers.filter(|number| allowed.has(*number)) {
                if !known.contains(&number) {
                    known.push(number);
                    all.push(Emitted { score, needed_by: Some(needing.id.clone()), card: mesh.card(number)? });
                }
            }
            next += 1;
        }
    }
    Ok(all)
}
