//! What does one leg say of the cards?

use std::cmp::Ordering;

/// A card's number and its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// The card's number.
    pub card: usize,
    /// Its score.
    pub score: f32,
}

impl Scored {
    /// The order of hits: highest score first, ties by card.
    pub fn order(&self, other: &Scored) -> Ordering {
        other.score.total_cmp(&self.score).then(self.card.cmp(&other.card))
    }
}

/// The cards that a leg scored, and how widely the scores are spread.
#[derive(Clone, Debug, Default)]
pub struct Leg {
    scored: Vec<Scored>,
    deviation: f32,
}

impl Leg {
    /// A leg over the allowed cards, ascending by card. Those that were allowed but not `scored` count as 0.
    pub fn new(scored: Vec<Scored>, allowed: usize) -> Leg {
        let mut sums = Sums::default();
        scored.iter().for_each(|s| sums.add(s.score, 1.0));
        Leg { deviation: sums.deviation(allowed.max(scored.len())), scored }
    }

    /// A leg over `allowed` cards of which only some were scored. Those of them that were `drawn` by chance, ascending,
    /// stand for the rest in how widely the scores are spread.
    pub fn sampled(scored: Vec<Scored>, allowed: usize, drawn: &[usize]) -> Leg {
        let is_drawn = |s: &Scored| drawn.binary_search(&s.card).is_ok();
        let by_chance = scored.iter().filter(|s| is_drawn(s)).count();
        let rest = allowed.saturating_sub(scored.len() - by_chance);
        let weight = rest as f64 / by_chance as f64;
        let mut sums = Sums::default();
        scored.iter().for_each(|s| sums.add(s.score, if is_drawn(s) { weight } else { 1.0 }));
        Leg { deviation: sums.deviation(if by_chance > 0 { allowed } else { scored.len() }), scored }
    }

    /// The scored cards, ascending by card.
    pub fn scored(&self) -> &[Scored] {
        &self.scored
    }

    /// The score of one card.
    pub fn score(&self, card: usize) -> Option<f32> {
        let at = self.scored.binary_search_by_key(&card, |s| s.card).ok()?;
        Some(self.scored[at].score)
    }

    /// The score in units of the standard deviation over the allowed cards; where all are alike, the score itself.
    pub fn normalised(&self, score: f32) -> f32 {
        if self.is_spread() { score / self.deviation } else { score }
    }

    /// Whether the allowed cards differ at all.
    pub fn is_spread(&self) -> bool {
        self.deviation > 1e-6
    }

    /// The rank of each of `cards`, 1 for the best; `None` for a card without a score.
    pub fn ranks(&self, cards: impl Iterator<Item = usize>) -> Vec<Option<usize>> {
        let own: Vec<Option<Scored>> = cards.map(|card| Some(Scored { card, score: self.score(card)? })).collect();
        let Some(last) = own.iter().flatten().max_by(|a, b| a.order(b)) else { return vec![None; own.len()] };
        let reached = self.scored.iter().filter(|s| s.score >= last.score).copied().collect();
        let best_first = top(reached, usize::MAX);
        let rank = |own: Scored| 1 + best_first.partition_point(|other| other.order(&own).is_lt());
        own.into_iter().map(|own| own.map(rank)).collect()
    }
}

/// What it takes to tell how widely numbers are spread.
#[derive(Default)]
struct Sums {
    scores: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, score: f32, weight: f64) {
        let score = f64::from(score);
        self.scores += weight * score;
        self.squares += weight * (score * score);
    }

    /// The standard deviation of so many.
    fn deviation(&self, count: usize) -> f32 {
        let count = count.max(1) as f64;
        let mean = self.scores / count;
        (self.squares / count - mean * mean).max(0.0).sqrt() as f32
    }
}

/// The few best, in the order of hits; the others are looked at once.
pub fn first(scored: &[Scored], few: usize) -> Vec<Scored> {
    let mut best: Vec<Scored> = Vec::with_capacity(few + 1);
    for own in scored {
        if best.len() < few || best.last().is_some_and(|last| own.order(last).is_lt()) {
            let at = best.partition_point(|other| other.order(own).is_lt());
            best.insert(at, *own);
            best.truncate(few);
        }
    }
    best
}

/// The `top_k` best, in the order of hits.
pub fn top(mut scored: Vec<Scored>, top_k: usize) -> Vec<Scored> {
    if top_k < scored.len() {
        scored.select_nth_unstable_by(top_k, Scored::order);
        scored.truncate(top_k);
    }
    scored.sort_unstable_by(Scored::order);
    scored
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leg(scores: &[f32], allowed: usize) -> Leg {
        Leg::new(scores.iter().enumerate().map(|(card, score)| Scored { card, score: *score }).collect(), allowed)
    }

    proptest! {
        #[test]
        fn top_k_is_the_head_of_a_full_sort(scores in proptest::collection::vec(0u8..20, 0..60), k in 0usize..70) {
            let scored: Vec<Scored> =
                scores.iter().enumerate().map(|(card, s)| Scored { card, score: f32::from(*s) }).collect();
            let mut full: Vec<usize> = (0..scores.len()).collect();
            full.sort_by_key(|card| std::cmp::Reverse(scores[*card]));
            full.truncate(k);
            prop_assert_eq!(first(&scored, k).iter().map(|s| s.card).collect::<Vec<_>>(), full.clone());
            prop_assert_eq!(top(scored, k).iter().map(|s| s.card).collect::<Vec<_>>(), full);
        }

        #[test]
        fn ranks_number_a_full_sort(scores in proptest::collection::vec(0u8..9, 1..30)) {
            let leg = leg(&scores.iter().map(|s| f32::from(*s)).collect::<Vec<_>>(), scores.len());
            let sorted = top(leg.scored.clone(), scores.len() / 2 + 1);
            let ranks = leg.ranks(sorted.iter().map(|s| s.card).chain([scores.len()]));
            prop_assert_eq!(ranks, (1..=sorted.len()).map(Some).chain([None]).collect::<Vec<_>>());
        }
    }

    #[test]
    fn cards_drawn_by_chance_stand_for_those_that_were_not_scored() {
        let scored = |cards: &[usize]| {
            let score = |card: &usize| Scored { card: *card, score: if *card < 4 { 8.0 } else { (card % 2) as f32 } };
            cards.iter().map(score).collect::<Vec<_>>()
        };
        let all: Vec<usize> = (0..104).collect();
        let whole = Leg::new(scored(&all), 104).deviation;
        let sampled = Leg::sampled(scored(&[0, 1, 2, 3, 10, 11, 20, 21]), 104, &[10, 11, 20, 21]).deviation;
        assert!((whole - sampled).abs() < 1e-6, "{whole} {sampled}");
        assert_eq!(Leg::sampled(scored(&all), 104, &[]).deviation, whole, "nothing had to be drawn");
        assert_eq!(Leg::sampled(Vec::new(), 0, &[]).deviation, 0.0);
    }

    #[test]
    fn scores_are_told_in_standard_deviations() {
        assert_eq!(leg(&[1.0, 5.0], 2).normalised(3.0), 1.5);
        let two_of_four = leg(&[2.0, 2.0], 4);
        assert_eq!(two_of_four.normalised(2.0), 2.0, "the other two have no score and count as 0");
        assert_eq!(leg(&[2.0, 2.0], 2).normalised(2.0), 2.0, "nothing is spread");
    }
}
