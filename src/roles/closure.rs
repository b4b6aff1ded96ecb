//! Which cards does a role need, directly or through others?

use std::collections::BTreeSet;

use crate::{Code, Error, ExpertCard, Result};

/// The experts of a role, and those that they depend upon, each once, dependencies of the role first.
///
/// ```
/// use skillmesh::{ExpertCard, roles};
/// let card = |id: &str, on: &[&str]| ExpertCard {
///     id: id.into(),
///     dependencies: on.iter().map(|id| id.to_string()).collect(),
///     ..Default::default()
/// };
/// let library = [card("role.x", &["a", "b"]), card("a", &["c"]), card("b", &["a"]), card("c", &["a"])];
/// let ids: Vec<&str> = roles::experts(&library, &library[0]).unwrap().iter().map(|card| card.id.as_str()).collect();
/// assert_eq!(ids, ["a", "b", "c"]);
/// ```
pub fn experts<'a>(library: &'a [ExpertCard], role: &'a ExpertCard) -> Result<Vec<&'a ExpertCard>> {
    let mut seen = BTreeSet::from([role.id.as_str()]);
    let mut cards = vec![role];
    let mut next = 0;
    while let Some(card) = cards.get(next).copied() {
        for id in card.dependencies.iter().filter(|id| seen.insert(id)) {
            cards.push(library.iter().find(|card| card.id == *id).ok_or_else(|| unresolved(card, id))?);
        }
        next += 1;
    }
    cards.remove(0);
    Ok(cards)
}

fn unresolved(card: &ExpertCard, id: &str) -> Error {
    Error::new(Code::Registry, "a dependency is missing")
        .at(format!("card `{}`", card.id))
        .got(format!("`{}`, which no card has", id.escape_debug()))
        .help("add that card to the registry, or take the dependency away")
}
