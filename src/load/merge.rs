//! What if two cards have one id?

use std::collections::BTreeMap;

use super::finding::{Finding, Loaded};
use super::role::Role;
use crate::ExpertCard;

/// The cards of all files with distinct ids: those of registries before those of skills.
pub fn files(read: impl Iterator<Item = (Role, String, Loaded)>) -> Loaded {
    let (mut registries, mut skills) = (Vec::new(), Vec::new());
    let mut findings = Vec::new();
    for (role, path, mut loaded) in read {
        match role {
            Role::Registry | Role::Corpus => registries.push((path, loaded)),
            Role::Skill => match loaded.cards.pop() {
                Some(card) => skills.push((path, card, loaded.findings)),
                None => findings.extend(loaded.findings),
            },
        }
    }
    let mut loaded = merge(registries, skills);
    loaded.findings.splice(0..0, findings);
    loaded
}

/// All cards with distinct ids. A registry's second card of an id is refused; a skill's is told apart by its folders.
pub fn merge(registries: Vec<(String, Loaded)>, skills: Vec<(String, ExpertCard, Vec<Finding>)>) -> Loaded {
    let mut merged = Loaded::default();
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    for (path, loaded) in registries {
        merged.findings.extend(loaded.findings);
        for card in loaded.cards {
            match places.get(&card.id) {
                Some(first) => merged.findings.push(refused(&path, &card.id, first)),
                None => {
                    places.insert(card.id.clone(), path.clone());
                    merged.keep(card, &path);
                }
            }
        }
    }
    for (path, mut card, findings) in skills {
        merged.findings.extend(findings);
        merged.findings.extend(qualify(&path, &mut card, &places));
        places.insert(card.id.clone(), path.clone());
        merged.keep(card, &path);
    }
    merged
}

fn refused(path: &str, id: &str, first: &str) -> Finding {
    let message = format!("the id `{id}` is taken by a card of {first}; rename or remove one of them");
    Finding::error(path, "duplicate-id", message)
}

/// Puts as many folders before the id as make it unique: of those below the folder that was named, so that the same skills
/// have the same ids wherever they lie.
fn qualify(path: &str, card: &mut ExpertCard, taken: &BTreeMap<String, String>) -> Option<Finding> {
    let first = taken.get(&card.id)?;
    let folders: Vec<&str> =
        card.instruction_file.split('/').rev().skip(2).filter(|folder| !matches!(*folder, "" | "." | "..")).collect();
    let mut id = card.id.clone();
    for folder in folders.iter().map(|folder| folder.replace(char::is_whitespace, "-")) {
        id = format!("{folder}/{id}");
        if !taken.contains_key(&id) {
            break;
        }
    }
    while taken.contains_key(&id) {
        id.push('+');
    }
    let message = format!("`{}` is also the name of {first}; this one is indexed as `{id}`", card.id);
    card.id = id;
    Some(Finding::warning(path, "duplicate-id", message))
}
