//! How good is a variant, alone and beside the product's other leg?

use skillmesh::Result;
use skillmesh::eval::DEPTH;
use skillmesh::search::{Fusion, Leg, Mode, Request, Scored};

use crate::experiments::Variant;
use crate::set::{Legs, Set};

/// The nDCG@10 of a variant on one set.
pub struct Figures {
    /// As it is.
    pub own: f64,
    /// Of one leg, summed with the product's other one.
    pub both: Option<f64>,
}

/// Measures a variant on a set.
pub fn figures(set: &Set, variant: &Variant) -> Result<Figures> {
    match variant {
        Variant::Product(mode, fusion) => product(set, *mode, *fusion),
        Variant::Keywords(keywords) => one_leg(set, &keywords.legs(set)?, |leg, own| set.fuse(leg, &own.dense)),
        Variant::Meaning(meaning) => one_leg(set, &meaning.legs(set), |leg, own| set.fuse(&own.sparse, leg)),
        Variant::Blend(blend) => {
            let own = set.ndcg(|at| Ok(best(blend.fuse(set, &set.legs[at]))))?;
            Ok(Figures { own, both: None })
        }
    }
}

fn product(set: &Set, mode: Mode, fusion: Option<Fusion>) -> Result<Figures> {
    let own = asked(set, mode, fusion)?;
    let both = (mode != Mode::Hybrid).then(|| asked(set, Mode::Hybrid, None)).transpose()?;
    Ok(Figures { own, both })
}

fn asked(set: &Set, mode: Mode, fusion: Option<Fusion>) -> Result<f64> {
    set.ndcg(|at| {
        let vectors = set.vectors[at].concat();
        let request = Request { fusion, ..set.request(at, &vectors, mode, DEPTH) };
        Ok(set.retriever.rank(&request)?.cards.into_iter().map(|ranked| ranked.number).collect())
    })
}

/// `fuse` sums a variant's leg and the other one of the product's.
fn one_leg(set: &Set, legs: &[Leg], fuse: impl Fn(&Leg, &Legs) -> Vec<Scored>) -> Result<Figures> {
    let own = set.ndcg(|at| Ok(best(legs[at].scored().to_vec())))?;
    let both = set.ndcg(|at| Ok(best(fuse(&legs[at], &set.legs[at]))))?;
    Ok(Figures { own, both: Some(both) })
}

fn best(mut scored: Vec<Scored>) -> Vec<usize> {
    scored.sort_unstable_by(Scored::order);
    scored.into_iter().take(DEPTH).map(|scored| scored.card).collect()
}
