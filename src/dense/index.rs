//! How similar is each card's best passage to the query?

use super::dot::QuantisedQuery;
use crate::bytes::{Slice, f32_at, u32_at};
use crate::{Code, Error, Result};

/// A card's similarity and the passage that has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DenseScore {
    /// Cosine, −1 to 1.
    pub cosine: f32,
    /// Which of the card's passages is nearest; 0 is the one of title and description.
    pub passage: u32,
}

/// The dense leg of a snapshot.
#[derive(Debug)]
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

    /// Every card's best passage among the `allowed` cards; `None` for the others and for cards without a vector.
    pub fn scores(&self, query: &[f32], cards: usize, allowed: impl Fn(usize) -> bool) -> Vec<Option<DenseScore>> {
        let query = QuantisedQuery::new(query);
        let values: &[i8] = bytemuck::cast_slice(&self.vectors);
        let mut best: Vec<Option<DenseScore>> = vec![None; cards];
        let (mut owner, mut passage) = (u32::MAX, 0);
        for (row, values) in values.chunks_exact(self.dims).enumerate() {
            let card = self.cards[row];
            passage = if card == owner { passage + 1 } else { 0 };
            owner = card;
            if allowed(card as usize) {
                let found = DenseScore { cosine: query.dot(values, self.scales[row]), passage };
                keep_better(&mut best[card as usize], found);
            }
        }
        best
    }
}

fn keep_better(best: &mut Option<DenseScore>, found: DenseScore) {
    if best.is_none_or(|known| found.cosine > known.cosine) {
        *best = Some(found);
    }
}
