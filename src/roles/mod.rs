//! Which experts does a role bundle, and what must a registry get to play it?

mod closure;
mod install;
mod splice;

pub use closure::experts;
pub use install::{Installation, install};

use crate::load::did_you_mean;
use crate::{Code, Error, ExpertCard, Result};

/// What the id of every role begins with.
const PREFIX: &str = "role.";

/// Whether a card is a role.
pub fn is_role(card: &ExpertCard) -> bool {
    card.id.starts_with(PREFIX)
}

/// The role that is called `name`, with or without the `role.` of its id.
pub fn find<'a>(library: &'a [ExpertCard], name: &str) -> Result<&'a ExpertCard> {
    let short = |card: &ExpertCard| card.id.strip_prefix(PREFIX).is_some_and(|id| id == name);
    let mut roles = library.iter().filter(|card| is_role(card));
    roles.find(|card| card.id == name || short(card)).ok_or_else(|| unknown(library, name))
}

fn unknown(library: &[ExpertCard], name: &str) -> Error {
    let ids: Vec<&str> = library.iter().filter_map(|card| card.id.strip_prefix(PREFIX)).collect();
    let near = did_you_mean(name.trim_start_matches(PREFIX), &ids);
    Error::new(Code::InvalidArgument, "no such role")
        .expected(if ids.is_empty() { "a registry with roles".into() } else { format!("one of {}", ids.join(", ")) })
        .got(format!("`{}`{near}", name.escape_debug()))
        .help("`skillmesh roles list` prints them")
}
