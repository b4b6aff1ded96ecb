//! What have cards earned, and how does that move them?

use serde::Serialize;

use super::leg::Scored;
use crate::order;

/// What a card earned, as an answer explains it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Boost {
    /// The share of the best score: −0.3 to 0.3 where feedback gave it.
    pub share: f32,
    /// What was added to the card's score: the share of the best score that any card has without boosts.
    pub added: f32,
}

/// The shares of some cards, and the best score without them.
#[derive(Clone, Debug, Default)]
pub struct Boosts {
    /// Ascending by card.
    shares: Vec<Scored>,
    best: f32,
}

impl Boosts {
    /// Shares of the best of the `scored` cards, for those of them that earned some: a boost finds no card.
    pub fn new(shares: &[Scored], scored: &[Scored]) -> Boosts {
        let mut shares = shares.to_vec();
        order::sort_by_key(&mut shares, |share| share.card);
        Boosts { shares, best: scored.iter().fold(0.0, |best, s| best.max(s.score)) }
    }

    /// Whether no card earned anything.
    pub fn is_empty(&self) -> bool {
        self.shares.is_empty()
    }

    /// What one card gets.
    pub fn of(&self, card: usize) -> Option<Boost> {
        let at = self.shares.binary_search_by_key(&card, |share| share.card).ok()?;
        let share = self.shares[at].score;
        Some(Boost { share, added: share * self.best })
    }

    /// Adds to every score what its card earned.
    pub fn apply(&self, scored: &mut [Scored]) {
        scored.iter_mut().for_each(|s| s.score += self.of(s.card).map_or(0.0, |boost| boost.added));
    }
}
