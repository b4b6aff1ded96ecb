//! What do the legs say of the allowed cards, together and each for itself?

use super::allowed::Allowed;
use super::boost::Boosts;
use super::confidence::{Figures, SHOWN};
use super::fusion::Fusion;
use super::hit::{DenseMatch, Explanation, Ranked, SparseMatch};
use super::index::Index;
use super::leg::{Leg, Scored, top};
use super::request::{Mode, Request};
use super::segment::Segment;
use crate::dense::DenseScore;
use crate::sparse::{QueryTerm, TermMatch};

/// What the nearest sentence counts beside the whole query: at 0 only the whole does.
const SENTENCE_SHARE: f32 = 0.6;

/// Of few cards, one is always much nearer than the rest: how far it stands before them counts as if there were this many more.
const UNSEEN_CARDS: f32 = 6.0;

/// Ranks have no spread: what a lead is worth is told as by the default weight.
const RRF_DENSE_WEIGHT: f32 = 0.75;

/// What each leg says of the allowed cards; a leg that did not answer is `None`.
pub struct Legs {
    sparse: Option<Leg>,
    dense: Option<DenseLeg>,
    /// How the two became one, where both answered.
    fusion: Option<Fusion>,
    /// What cards have earned.
    boosts: Boosts,
    /// How many cards are allowed.
    allowed: usize,
}

struct DenseLeg {
    leg: Leg,
    /// Each card's nearest passage, by the card's number.
    passages: Vec<u32>,
}

impl Index {
    /// Asks each leg that `mode` names about the allowed cards.
    pub(super) fn legs(&self, request: &Request, mode: Mode, terms: &[QueryTerm], allowed: &Allowed) -> Legs {
        let default = Fusion::Convex { dense_weight: self.header().ranking.dense_weight };
        let legs = Legs {
            sparse: (mode != Mode::Dense).then(|| self.sparse_leg(terms, allowed)),
            dense: if mode == Mode::Sparse { None } else { self.dense_leg(request, allowed) },
            fusion: (mode == Mode::Hybrid).then_some(request.fusion.unwrap_or(default)),
            boosts: Boosts::default(),
            allowed: self.count(allowed),
        };
        let leads = if request.usage_weight == 0.0 { Vec::new() } else { self.leads() };
        if request.boosts.is_empty() && leads.is_empty() {
            return legs;
        }
        let boosts = Boosts::new(request.boosts, &leads, request.usage_weight, &legs.scored());
        Legs { boosts, ..legs }
    }

    /// How well cards did in use.
    pub(super) fn leads(&self) -> Vec<Scored> {
        let leads = |(start, segment): (usize, &Segment)| {
            segment.leads.iter().map(|lead| Scored { card: start + lead.card, ..*lead }).collect::<Vec<_>>()
        };
        self.segments().flat_map(leads).collect()
    }

    fn sparse_leg(&self, terms: &[QueryTerm], allowed: &Allowed) -> Leg {
        let scores = self.segments().flat_map(|(_, segment)| segment.sparse.scores(terms)).enumerate();
        let matched = scores.filter(|(card, score)| *score > 0.0 && allowed.has(*card));
        Leg::new(matched.map(|(card, score)| Scored { card, score }).collect(), self.count(allowed))
    }

    /// The whole query counts, and the sentence that is nearest to the card.
    fn dense_leg(&self, request: &Request, allowed: &Allowed) -> Option<DenseLeg> {
        let dimensions = self.dimensions_for(request)?;
        let similarities = |vector| match request.nearest {
            Some(nearest) => nearest.rows().scores(vector, self.len(), |card| allowed.has(card)),
            None => self.similarities(vector, allowed),
        };
        let (scored, whole) = said(request.vector?.chunks_exact(dimensions).map(similarities))?;
        let leg = match request.nearest {
            Some(nearest) => Leg::sampled(scored, allowed.count(self.len()), nearest.drawn()),
            None => {
                let count = scored.len();
                Leg::new(scored, count)
            }
        };
        let passages = whole.iter().map(|found| found.map_or(0, |found| found.passage)).collect();
        Some(DenseLeg { leg, passages })
    }

    /// The similarity of each allowed card by the snapshot's own vectors.
    fn similarities(&self, vector: &[f32], allowed: &Allowed) -> Vec<Option<DenseScore>> {
        let scores = |(start, segment): (usize, &Segment)| match &segment.dense {
            Some(dense) => dense.scores(vector, segment.len(), |card| allowed.has(start + card)),
            None => vec![None; segment.len()],
        };
        self.segments().flat_map(scores).collect()
    }

    /// For each of `cards`, which terms matched where.
    pub(super) fn matches(&self, terms: &[QueryTerm], cards: &[usize]) -> Vec<Vec<TermMatch>> {
        let mut matches = vec![Vec::new(); cards.len()];
        for (start, segment) in self.segments() {
            let own = start..start + segment.len();
            let places: Vec<usize> = (0..cards.len()).filter(|place| own.contains(&cards[*place])).collect();
            let numbers: Vec<usize> = places.iter().map(|place| cards[*place] - start).collect();
            let found = segment.sparse.matches(terms, &numbers);
            places.into_iter().zip(found).for_each(|(place, found)| matches[place] = found);
        }
        matches
    }
}

/// What similarities to the whole query, and then to each of its sentences, say of each card together; beside it those to
/// the whole. `None` without any.
pub fn said(
    mut similarities: impl Iterator<Item = Vec<Option<DenseScore>>>,
) -> Option<(Vec<Scored>, Vec<Option<DenseScore>>)> {
    let whole = similarities.next()?;
    let nearest = similarities.reduce(nearer);
    let scored = |(card, found): (usize, &Option<DenseScore>)| {
        let score = found.as_ref()?.score;
        let sentence = nearest.as_ref().and_then(|nearest| nearest[card]).map_or(score, |found| found.score);
        Some(Scored { card, score: (1.0 - SENTENCE_SHARE) * score + SENTENCE_SHARE * sentence })
    };
    Some((whole.iter().enumerate().filter_map(scored).collect(), whole))
}

/// Card by card the better of two answers.
fn nearer(mut one: Vec<Option<DenseScore>>, other: Vec<Option<DenseScore>>) -> Vec<Option<DenseScore>> {
    for (one, other) in one.iter_mut().zip(other) {
        *one = if other.map(|o| o.score) > one.map(|o| o.score) { other } else { *one };
    }
    one
}

impl Legs {
    /// Adds to the scores of cards that can be hits what they have earned.
    pub fn boost(&self, scored: &mut [Scored]) {
        if self.is_boosted() {
            self.boosts.apply(scored);
        }
    }

    /// Leaves those with a word of the query, and of the others those nearer than the one after the `nearest`; all, where no
    /// others are.
    pub fn keep_found(&self, nearest: usize, scored: &mut Vec<Scored>) {
        let Some(DenseLeg { leg, passages }) = self.dense.as_ref().filter(|d| d.leg.scored().len() > nearest) else {
            return;
        };
        let Some(least) = top(leg.scored().to_vec(), nearest + 1).pop() else { return };
        let near = leg.scored().iter().filter(|s| s.score > least.score);
        let mut found = vec![false; passages.len()];
        self.sparse.iter().flat_map(Leg::scored).chain(near).for_each(|s| found[s.card] = true);
        scored.retain(|s| found[s.card]);
    }

    /// Whether any card has earned something.
    pub fn is_boosted(&self) -> bool {
        !self.boosts.is_empty()
    }

    /// The cards that can be hits.
    pub fn scored(&self) -> Vec<Scored> {
        match (&self.sparse, &self.dense, self.fusion) {
            (Some(sparse), Some(dense), Some(fusion)) => fusion.fuse(sparse, &dense.leg),
            (Some(leg), ..) | (None, Some(DenseLeg { leg, .. }), _) => leg.scored().to_vec(),
            (None, None, _) => Vec::new(),
        }
    }

    /// The place of a card that was found.
    pub fn ranked(&self, Scored { card, score }: Scored) -> Ranked {
        Ranked {
            number: card,
            score,
            sparse_score: self.sparse.as_ref().map(|leg| leg.score(card).unwrap_or(0.0)),
            dense_score: self.dense.as_ref().and_then(|dense| dense.leg.score(card)),
            passage: self.dense.as_ref().map(|dense| dense.passages[card]),
        }
    }

    /// The explanations of `cards`; `matches` has the terms of each.
    pub fn explain(&self, cards: &[usize], matches: Vec<Vec<TermMatch>>) -> Vec<Explanation> {
        let ranks = |leg: Option<&Leg>| leg.map_or(vec![None; cards.len()], |leg| leg.ranks(cards.iter().copied()));
        let sparse = ranks(self.sparse.as_ref()).into_iter();
        let dense = ranks(self.dense.as_ref().map(|dense| &dense.leg)).into_iter();
        let legs = sparse.zip(matches).zip(dense);
        let explanation = |(card, ((sparse, terms), dense)): (&usize, ((_, _), _))| Explanation {
            sparse: self.explain_sparse(*card, sparse, terms),
            dense: self.explain_dense(*card, dense),
            dense_weight: self.dense_weight(),
            boost: self.boosts.of(*card),
        };
        cards.iter().zip(legs).map(explanation).collect()
    }

    /// What an answer with these best cards is judged by; `None` of nothing. What cards have earned is no evidence.
    pub fn figures(&self, best: &[Scored]) -> Option<Figures> {
        let (first, last) = (best.first()?.card, best.last()?.card);
        // Cards without a word of the query stand at 0; of those that the dense leg has scored, none stands lower.
        let lowest = if self.dense.is_some() { self.standing(last) } else { 0.0 };
        let standing = |rank: usize| best.get(rank).map_or(lowest, |scored| self.standing(scored.card));
        let score = |leg: Option<&Leg>| leg.and_then(|leg| leg.score(first)).unwrap_or(0.0);
        Some(Figures {
            similarity: score(self.dense.as_ref().map(|dense| &dense.leg)),
            keywords: score(self.sparse.as_ref()),
            before_second: standing(0) - standing(1),
            before_fourth: standing(0) - standing(SHOWN),
        })
    }

    /// A card's score in standard deviations, whichever fusion made the order.
    fn standing(&self, card: usize) -> f32 {
        let own = |leg: &Leg| leg.score(card).filter(|_| leg.is_spread()).map_or(0.0, |score| leg.normalised(score));
        let trust = self.allowed as f32 / (self.allowed as f32 + UNSEEN_CARDS);
        match (&self.sparse, &self.dense) {
            (Some(sparse), Some(dense)) => {
                let weight = self.dense_weight().unwrap_or(RRF_DENSE_WEIGHT);
                weight * trust * own(&dense.leg) + (1.0 - weight) * own(sparse)
            }
            (Some(sparse), None) => own(sparse),
            (None, Some(dense)) => trust * own(&dense.leg),
            (None, None) => 0.0,
        }
    }

    fn dense_weight(&self) -> Option<f32> {
        match self.fusion? {
            Fusion::Convex { dense_weight } => Some(dense_weight),
            Fusion::Rrf => None,
        }
    }

    fn explain_sparse(&self, card: usize, rank: Option<usize>, terms: Vec<TermMatch>) -> Option<SparseMatch> {
        let leg = self.sparse.as_ref()?;
        let score = leg.score(card)?;
        Some(SparseMatch { rank: rank?, score, normalised: leg.normalised(score), terms })
    }

    fn explain_dense(&self, card: usize, rank: Option<usize>) -> Option<DenseMatch> {
        let DenseLeg { leg, passages } = self.dense.as_ref()?;
        let score = leg.score(card)?;
        Some(DenseMatch { rank: rank?, score, normalised: leg.normalised(score), passage: passages[card] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leg(scores: &[Option<u8>]) -> Leg {
        let scored = |(card, score): (usize, &Option<u8>)| Some(Scored { card, score: f32::from((*score)?) });
        Leg::new(scores.iter().enumerate().filter_map(scored).collect(), scores.len())
    }

    fn legs(words: &[Option<u8>], similarities: &[Option<u8>]) -> Legs {
        let passages = vec![0; similarities.len()];
        Legs {
            sparse: Some(leg(words)),
            dense: Some(DenseLeg { leg: leg(similarities), passages }),
            fusion: Some(Fusion::Rrf),
            boosts: Boosts::default(),
            allowed: similarities.len(),
        }
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_full_sort_says(
            cards in proptest::collection::vec((any::<bool>(), proptest::option::of(0u8..30)), 0..80),
            nearest in 1usize..60,
        ) {
            let words: Vec<Option<u8>> = cards.iter().map(|(has_word, _)| has_word.then_some(1)).collect();
            let similarities: Vec<Option<u8>> = cards.iter().map(|(_, similarity)| *similarity).collect();
            let legs = legs(&words, &similarities);
            let mut sorted: Vec<u8> = similarities.iter().copied().flatten().collect();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            let least = sorted.get(nearest).copied();
            let is_found = |s: &Scored| least.is_none() || words[s.card].is_some() || similarities[s.card] > least;
            let (mut kept, mut expected) = (legs.scored(), legs.scored());
            legs.keep_found(nearest, &mut kept);
            expected.retain(is_found);
            prop_assert_eq!(kept, expected);
        }
    }
}
