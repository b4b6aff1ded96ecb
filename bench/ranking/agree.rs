//! Are the legs that variants are made of the product's? Else a figure would tell of two changes at once.

use skillmesh::search::{Leg, Scored};
use skillmesh::{Code, Error, Result};

use crate::keywords::Keywords;
use crate::meaning::Meaning;
use crate::set::{Legs, Set};

/// Sums in another order differ by less than this share.
const TOLERANCE: f32 = 1e-4;

/// Compares the legs made here, with nothing changed, with those of the product's retriever.
pub fn check(set: &Set) -> Result<()> {
    let (sparse, dense) = (Keywords::default().legs(set)?, Meaning::default().legs(set));
    let agreeing = |((sparse, dense), product): &((&Leg, &Leg), &Legs)| {
        agree(sparse, &product.sparse) && agree(dense, &product.dense)
    };
    match sparse.iter().zip(&dense).zip(&set.legs).position(|legs| !agreeing(&legs)) {
        Some(at) => Err(Error::new(Code::Internal, "a leg made of the product's parts is not the product's")
            .got(format!("other scores for query `{}`", set.queries[at].id))
            .help("make the defaults in bench/ranking follow src")),
        None => Ok(()),
    }
}

fn agree(one: &Leg, other: &Leg) -> bool {
    one.scored().len() == other.scored().len() && one.scored().iter().zip(other.scored()).all(|(a, b)| same(a, b))
}

fn same(one: &Scored, other: &Scored) -> bool {
    one.card == other.card && (one.score - other.score).abs() <= TOLERANCE * (1.0 + other.score.abs())
}
