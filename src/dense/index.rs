//! How similar is each card's best passage to the query?

use super::dot::QuantisedQuery;
use super::row::Row;
use crate::bytes::{Slice, f32_at, u32_at};
use crate::{Code, Error, Result};

/// How sharply the best passage outweighs the others; at 0 all count alike, at large values only the best counts.
const SHARPNESS: f32 = 15.0;

/// A card's similarity and the passage that is nearest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DenseScore {
    /// The soft maximum of the passages' cosines, −1 to 1; the cosine itself where there is one passage.
    pub score: f32,
    /// Which of the card's passages is nearest: 0 is the head, then come examples, then pieces of the body.
    pub passage: u32,
}

/// The dense leg of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseIndex {
    vectors: Slice,
    scales: Vec<f32>,
    cards: Vec<u32>,
    dims: usize,
}

impl DenseIndex {
    /// Views the sections; the vectors stay where they are.
    pub fn open(vectors: Slice, scales: &[u8], rows: &[u8], dims: usize, cards: usize) -> Result<Self> {
        let count = rows.len() / 4;
        let fits = dims > 0 && Some(vectors.len()) == count.checked_mul(dims) && scales.len() == rows.len();
        let scales: Vec<f32> = (0..count).filter_map(|row| f32_at(scales, row)).collect();
        let owners: Vec<u32> = (0..count).filter_map(|row| u32_at(rows, row)).collect();
        if !fits || !owners.is_sorted() || owners.last().is_some_and(|last| *last as usize >= cards) {
            return Err(Error::new(Code::SnapshotCorrupt, "vector sections contradict each other")
                .got(format!("{} bytes of vectors for {count} rows of {dims}", vectors.len())));
        }
        Ok(DenseIndex { vectors, scales, cards: owners, dims })
    }

    /// Components of a vector.
    pub fn dimensions(&self) -> usize {
        self.dims
    }

    /// How many passages there are.
    pub fn rows(&self) -> usize {
        self.cards.len()
    }

    /// The rows of each card that has some, by the card's number.
    pub fn ranges(&self) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> {
        let mut first = 0;
        self.cards.chunk_by(|a, b| a == b).map(move |rows| {
            first += rows.len();
            (rows[0] as usize, first - rows.len()..first)
        })
    }

    /// A row as it lies in the snapshot, or `None` beyond the last.
    pub fn row(&self, row: usize) -> Option<Row> {
        let start = row.checked_mul(self.dims)?;
        let values = self.vectors.get(start..start.checked_add(self.dims)?)?.to_vec();
        Some(Row { values, scale: *self.scales.get(row)? })
    }

    /// The similarity of each allowed card of the first `cards`; `None` for the others and for those without a vector.
    pub fn scores(&self, query: &[f32], cards: usize, allowed: impl Fn(usize) -> bool) -> Vec<Option<DenseScore>> {
        self.scores_by(pooled, query, cards, &allowed)
    }

    /// The same, where only the nearest passage counts.
    pub fn nearest(&self, query: &[f32], cards: usize, allowed: impl Fn(usize) -> bool) -> Vec<Option<DenseScore>> {
        self.scores_by(best, query, cards, &allowed)
    }

    fn scores_by(
        &self,
        score: fn(&[f32]) -> DenseScore,
        query: &[f32],
        cards: usize,
        allowed: &dyn Fn(usize) -> bool,
    ) -> Vec<Option<DenseScore>> {
        let query = QuantisedQuery::new(query);
        let mut scores: Vec<Option<DenseScore>> = vec![None; cards];
        let mut cosines = Vec::new();
        for (card, rows) in self.ranges().filter(|(card, _)| *card < cards && allowed(*card)) {
            cosines.clear();
            cosines.extend(rows.map(|row| self.cosine(&query, row)));
            scores[card] = Some(score(&cosines));
        }
        scores
    }

    fn cosine(&self, query: &QuantisedQuery, row: usize) -> f32 {
        let values: &[i8] = bytemuck::cast_slice(&self.vectors[row * self.dims..][..self.dims]);
        query.dot(values, self.scales[row])
    }
}

/// The soft maximum `ln(mean(exp(s · cosine))) / s`, with s the sharpness: several near passages say more than one.
fn pooled(cosines: &[f32]) -> DenseScore {
    let DenseScore { score, passage } = best(cosines);
    let share = |cosine: &f32| libm::expf(SHARPNESS * (cosine - score));
    let mean = cosines.iter().map(share).sum::<f32>() / cosines.len() as f32;
    DenseScore { score: score + libm::logf(mean) / SHARPNESS, passage }
}

/// The largest cosine.
fn best(cosines: &[f32]) -> DenseScore {
    let mut best = 0;
    for (passage, cosine) in cosines.iter().enumerate() {
        best = if *cosine > cosines[best] { passage } else { best };
    }
    DenseScore { score: cosines[best], passage: best as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_maximum_lies_between_mean_and_best() {
        assert_eq!(pooled(&[0.4]), DenseScore { score: 0.4, passage: 0 });
        let DenseScore { score, passage } = pooled(&[0.1, 0.5, 0.3]);
        let formula = |cosines: [f64; 3]| cosines.map(|c| (15.0 * c).exp() / 3.0).iter().sum::<f64>().ln() / 15.0;
        assert!((f64::from(score) - formula([0.1, 0.5, 0.3])).abs() < 1e-6);
        assert_eq!((passage, score > 0.3 && score < 0.5), (1, true));
    }
}
