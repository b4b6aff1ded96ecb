//! How do two legs become one order?

use serde::{Deserialize, Serialize};

/// The constant of reciprocal rank fusion in its paper (Cormack, Clarke, Büttcher 2009).
const RRF_K: f32 = 60.0;

/// A fusion formula.
///
/// ```
/// use skillmesh::search::Fusion;
/// let fused = Fusion::Convex { dense_weight: 0.7 }.fuse(&[Some(2.0), Some(1.0)], &[Some(0.1), Some(0.5)]);
/// assert_eq!(fused, [Some(0.3), Some(0.7)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fusion {
    /// `w · minmax(dense) + (1 − w) · minmax(sparse)`, over the cards allowed; 0 is keywords only, 1 meaning only.
    Convex {
        /// The share of the dense leg, 0 to 1.
        dense_weight: f32,
    },
    /// `1 / (60 + rank)`, summed over the legs.
    Rrf,
}

impl Fusion {
    /// The fused score of each card; `None` where no leg has one.
    pub fn fuse(self, sparse: &[Option<f32>], dense: &[Option<f32>]) -> Vec<Option<f32>> {
        let (sparse, dense, weight) = match self {
            Fusion::Convex { dense_weight } => (min_max(sparse), min_max(dense), dense_weight),
            Fusion::Rrf => (reciprocal_ranks(sparse), reciprocal_ranks(dense), 0.5),
        };
        let scale = if self == Fusion::Rrf { 2.0 } else { 1.0 };
        let add = |(sparse, dense): (&Option<f32>, &Option<f32>)| {
            let share = |score: &Option<f32>, weight: f32| score.unwrap_or(0.0) * weight * scale;
            (sparse.is_some() || dense.is_some()).then(|| share(dense, weight) + share(sparse, 1.0 - weight))
        };
        sparse.iter().zip(&dense).map(add).collect()
    }
}

/// Each score's place between the lowest (0) and the highest (1); where all are alike, 0.
pub fn min_max(scores: &[Option<f32>]) -> Vec<Option<f32>> {
    let known = || scores.iter().flatten().copied();
    let (low, high) = (known().fold(f32::INFINITY, f32::min), known().fold(f32::NEG_INFINITY, f32::max));
    let span = high - low;
    let place = |score: f32| if span > 0.0 { (score - low) / span } else { 0.0 };
    scores.iter().map(|score| score.map(place)).collect()
}

fn reciprocal_ranks(scores: &[Option<f32>]) -> Vec<Option<f32>> {
    let mut fused = vec![None; scores.len()];
    for (rank, card) in ranking(scores, scores.len()).into_iter().enumerate() {
        fused[card] = Some(1.0 / (RRF_K + rank as f32 + 1.0));
    }
    fused
}

/// The `top_k` cards by score, highest first, ties by card.
pub fn ranking(scores: &[Option<f32>], top_k: usize) -> Vec<usize> {
    let mut cards: Vec<(usize, f32)> = scores.iter().enumerate().filter_map(|(card, s)| s.map(|s| (card, s))).collect();
    let order = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if top_k < cards.len() {
        cards.select_nth_unstable_by(top_k, order);
        cards.truncate(top_k);
    }
    cards.sort_unstable_by(order);
    cards.into_iter().map(|(card, _)| card).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn top_k_is_the_head_of_a_full_sort(scores in proptest::collection::vec(proptest::option::of(0u8..20), 0..60), k in 0usize..70) {
            let scores: Vec<Option<f32>> = scores.into_iter().map(|s| s.map(f32::from)).collect();
            let mut full: Vec<usize> = (0..scores.len()).filter(|i| scores[*i].is_some()).collect();
            full.sort_by(|a, b| scores[*b].partial_cmp(&scores[*a]).unwrap());
            full.truncate(k);
            prop_assert_eq!(ranking(&scores, k), full);
        }
    }

    #[test]
    fn rrf_adds_reciprocal_ranks() {
        let fused = Fusion::Rrf.fuse(&[Some(9.0), Some(1.0), None], &[Some(0.1), Some(0.9), Some(0.2)]);
        let expected = [1.0 / 61.0 + 1.0 / 63.0, 1.0 / 62.0 + 1.0 / 61.0, 1.0 / 62.0];
        fused.iter().zip(expected).for_each(|(got, want)| assert!((got.unwrap() - want).abs() < 1e-7));
    }

    #[test]
    fn equal_scores_carry_no_signal() {
        assert_eq!(min_max(&[Some(2.0), None, Some(2.0)]), [Some(0.0), None, Some(0.0)]);
    }
}
