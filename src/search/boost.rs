//! What have cards earned, and how does that move them?

use std::collections::BTreeMap;

use serde::Serialize;

use super::leg::Scored;

/// What a card earned, as an answer explains it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Boost {
    /// The share of the best score: −0.3 to 0.3 where feedback gave it, and what its lead in use is worth.
    pub share: f32,
    /// Of that, what its lead in use is worth; 0 where nobody knows how it did.
    #[serde(skip_serializing_if = "is_zero")]
    pub usage: f32,
    /// What was added to the card's score: the share of the best score that any card has without boosts.
    pub added: f32,
}

fn is_zero(share: &f32) -> bool {
    *share == 0.0
}

/// What some cards earned.
#[derive(Clone, Debug, Default)]
pub struct Boosts {
    /// By card.
    earned: BTreeMap<usize, Boost>,
}

impl Boosts {
    /// Shares of the best of the `scored` cards, from feedback and from how cards did in use, for those of them that
    /// earned some: a boost finds no card.
    pub fn new(feedback: &[Scored], leads: &[Scored], weight: f32, scored: &[Scored]) -> Boosts {
        let best = scored.iter().fold(0.0f32, |best, s| best.max(s.score));
        let mut earned: BTreeMap<usize, Boost> = BTreeMap::new();
        let usage = leads.iter().map(|lead| (lead.card, 0.0, lead.score * weight));
        let is_scored = |card: usize| scored.binary_search_by_key(&card, |s| s.card).is_ok();
        let all = feedback.iter().map(|s| (s.card, s.score, 0.0)).chain(usage);
        for (card, share, usage) in all.filter(|(card, ..)| is_scored(*card)) {
            let boost = earned.entry(card).or_default();
            boost.share += share + usage;
            boost.usage += usage;
            boost.added = boost.share * best;
        }
        Boosts { earned }
    }

    /// Whether no card earned anything.
    pub fn is_empty(&self) -> bool {
        self.earned.is_empty()
    }

    /// What one card gets.
    pub fn of(&self, card: usize) -> Option<Boost> {
        self.earned.get(&card).copied()
    }

    /// Adds to every score what its card earned.
    pub fn apply(&self, scored: &mut [Scored]) {
        scored.iter_mut().for_each(|s| s.score += self.of(s.card).map_or(0.0, |boost| boost.added));
    }
}
