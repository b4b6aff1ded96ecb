//! How might two legs become one order?

use std::collections::BTreeSet;

use skillmesh::ExpertCard;
use skillmesh::search::{Leg, Scored};

use crate::set::{Legs, Set};

/// A fusion that the product does not offer, of the product's legs.
pub enum Blend {
    /// The sum of both legs' scores as a function scales them, with the dense leg's share.
    Scaled(fn(&[f32]) -> Vec<f32>, f32),
    /// The sum of reciprocal ranks, with what is added to each rank.
    Ranks(f32),
    /// The product's, without cards that say the same as one before them.
    Distinct,
}

impl Blend {
    /// The cards of one answer with their scores.
    pub fn fuse(&self, set: &Set, Legs { sparse, dense }: &Legs) -> Vec<Scored> {
        let cards = set.cards.len();
        match self {
            Blend::Scaled(scale, share) => sum(&scale(&scores(sparse, cards)), &scale(&scores(dense, cards)), *share),
            Blend::Ranks(k) => sum(&reciprocal_ranks(sparse, cards, *k), &reciprocal_ranks(dense, cards, *k), 0.5),
            Blend::Distinct => distinct(set.fuse(sparse, dense), &set.cards),
        }
    }
}

/// From 0 for the lowest score to 1 for the highest.
pub fn min_max(scores: &[f32]) -> Vec<f32> {
    let low = scores.iter().copied().fold(f32::INFINITY, f32::min);
    let range = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max) - low;
    scores.iter().map(|score| if range > 0.0 { (score - low) / range } else { 0.0 }).collect()
}

/// In standard deviations from the mean, three at most: no score stands out further.
pub fn within_three_sigma(scores: &[f32]) -> Vec<f32> {
    let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len().max(1) as f32;
    let centre = mean(scores);
    let sigma = mean(&scores.iter().map(|score| (score - centre).powi(2)).collect::<Vec<_>>()).sqrt();
    scores.iter().map(|score| if sigma > 0.0 { ((score - centre) / sigma).clamp(-3.0, 3.0) } else { 0.0 }).collect()
}

/// Every card's score; 0 for those that the leg did not score.
fn scores(leg: &Leg, cards: usize) -> Vec<f32> {
    (0..cards).map(|card| leg.score(card).unwrap_or(0.0)).collect()
}

fn reciprocal_ranks(leg: &Leg, cards: usize, k: f32) -> Vec<f32> {
    leg.ranks(0..cards).into_iter().map(|rank| rank.map_or(0.0, |rank| 1.0 / (k + rank as f32))).collect()
}

fn sum(sparse: &[f32], dense: &[f32], share: f32) -> Vec<Scored> {
    let score = |(sparse, dense): (&f32, &f32)| share * dense + (1.0 - share) * sparse;
    sparse.iter().zip(dense).map(score).enumerate().map(|(card, score)| Scored { card, score }).collect()
}

fn distinct(mut fused: Vec<Scored>, cards: &[ExpertCard]) -> Vec<Scored> {
    let mut seen = BTreeSet::new();
    fused.sort_unstable_by(Scored::order);
    fused.retain(|scored| seen.insert(said(&cards[scored.card])));
    fused
}

/// What a card of a corpus says, whatever its id is.
fn said(card: &ExpertCard) -> [&str; 3] {
    [&card.title, &card.description, &card.instruction_text]
}
