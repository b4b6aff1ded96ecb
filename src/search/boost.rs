//! What have cards earned, and how does that move them?

use serde::Serialize;

use super::leg::Scored;

/// What a card earned, as an answer explains it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Boost {
    /// The share of the best score: −0.3 to 0.3 where feedback gave it.
    pub share: f32,
    /// What was added to the card's score: the share of the best score that any card has without boosts.
    pub added: f32,
}

/// The shares of some cards, and the best card without them.
#[derive(Clone, Debug, Default)]
pub struct Boosts {
    shares: Vec<Scored>,
    best: Option<Scored>,
}

impl Boosts {
    /// Shares of the best of the `scored` cards, for those of them that earned some: a boost finds no card.
    pub fn new(shares: &[Scored], scored: &[Scored]) -> Boosts {
        let best = scored.iter().copied().min_by(Scored::order).filter(|best| best.score > 0.0);
        Boosts { shares: shares.to_vec(), best }
    }

    /// The card that stands first without boosts.
    pub fn best(&self) -> Option<Scored> {
        self.best
    }

    /// The share of one card.
    pub fn share(&self, card: usize) -> Option<f32> {
        self.shares.iter().find(|share| share.card == card).map(|share| share.score)
    }

    /// What one card gets.
    pub fn of(&self, card: usize) -> Option<Boost> {
        let (share, best) = self.share(card).zip(self.best)?;
        Some(Boost { share, added: share * best.score })
    }

    /// Adds to every score what its card earned.
    pub fn apply(&self, scored: &mut [Scored]) {
        let earned = |card| self.of(card).map_or(0.0, |boost| boost.added);
        scored.iter_mut().filter(|_| !self.shares.is_empty()).for_each(|s| s.score += earned(s.card));
    }
}
