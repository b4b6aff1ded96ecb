//! How do two legs become one order?

use super::leg::{Leg, Scored, top};
use crate::bytes::{Fields, FromPacked, Packed, Unpacked};
use crate::order;

/// The constant of reciprocal rank fusion in its paper (Cormack, Clarke, Büttcher 2009).
const RRF_K: f32 = 60.0;

/// A fusion formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fusion {
    /// `w · dense / σ(dense) + (1 − w) · sparse / σ(sparse)`, where σ is the standard deviation over the allowed cards.
    ///
    /// That orders as a weighted sum of standard scores does: a mean that all cards share moves none past another.
    Convex {
        /// The share of the dense leg: at 0 only keywords count, at 1 only meaning.
        dense_weight: f32,
    },
    /// `1 / (60 + rank)`, summed over the legs.
    Rrf,
}

impl<'a> FromPacked<'a> for Fusion {
    /// `"rrf"`, or `{ convex: { dense_weight } }`.
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        if value.text().is_some() {
            return value.one_of(&[("rrf", Fusion::Rrf)]);
        }
        let mut fusion = Fields::of(value)?;
        let mut convex = Fields::of(fusion.needed("convex")?)?;
        let dense_weight: f32 = convex.needed("dense_weight")?;
        match fusion.left().or(convex.left()) {
            Some(key) => Err(format!("expected `{{ convex: {{ dense_weight }} }}`, got `{key}`")),
            None if !(0.0..=1.0).contains(&dense_weight) => Err(format!("expected 0 to 1, got {dense_weight}")),
            None => Ok(Fusion::Convex { dense_weight }),
        }
    }
}

impl Fusion {
    /// The fused score of each card that a leg scored, ascending by card.
    pub fn fuse(self, sparse: &Leg, dense: &Leg) -> Vec<Scored> {
        match self {
            Fusion::Convex { dense_weight } => sum(shares(dense, dense_weight), shares(sparse, 1.0 - dense_weight)),
            Fusion::Rrf => sum(reciprocal_ranks(dense), reciprocal_ranks(sparse)),
        }
    }
}

fn shares(leg: &Leg, weight: f32) -> Vec<Scored> {
    leg.scored().iter().map(|s| Scored { score: weight * leg.normalised(s.score), ..*s }).collect()
}

fn reciprocal_ranks(leg: &Leg) -> Vec<Scored> {
    let best_first = top(leg.scored().to_vec(), usize::MAX).into_iter().enumerate();
    let mut all = best_first.map(|(rank, s)| Scored { score: 1.0 / (RRF_K + rank as f32 + 1.0), ..s }).collect();
    order::sort_by_key(&mut all, |s: &Scored| s.card);
    all
}

/// Both lists, which ascend by card, as one, with the scores of the same card added.
fn sum(first: Vec<Scored>, second: Vec<Scored>) -> Vec<Scored> {
    let mut all = Vec::with_capacity(first.len().max(second.len()));
    let mut second = second.into_iter().peekable();
    for own in first {
        while let Some(other) = second.next_if(|other| other.card < own.card) {
            all.push(other);
        }
        let same = second.next_if(|other| other.card == own.card);
        all.push(Scored { score: own.score + same.map_or(0.0, |same| same.score), ..own });
    }
    all.extend(second);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(scores: &[f32]) -> Leg {
        Leg::new(scores.iter().enumerate().map(|(card, s)| Scored { card, score: *s }).collect(), scores.len())
    }

    fn scores(fused: Vec<Scored>) -> Vec<f32> {
        fused.into_iter().map(|s| s.score).collect()
    }

    #[test]
    fn convex_weighs_the_legs_by_their_spread() {
        let fused = Fusion::Convex { dense_weight: 0.75 }.fuse(&leg(&[4.0, 0.0]), &leg(&[0.0, 0.5]));
        assert_eq!(scores(fused), [0.25 * 2.0, 0.75 * 2.0]);
    }

    #[test]
    fn rrf_adds_reciprocal_ranks() {
        let fused = scores(Fusion::Rrf.fuse(&leg(&[9.0, 1.0]), &leg(&[0.1, 0.9, 0.2])));
        let expected = [1.0 / 61.0 + 1.0 / 63.0, 1.0 / 62.0 + 1.0 / 61.0, 1.0 / 62.0];
        fused.iter().zip(expected).for_each(|(got, want)| assert!((got - want).abs() < 1e-7));
    }
}
