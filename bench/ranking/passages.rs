//! How near is each passage to a vector? The product's dense index, with a number for each passage instead of each card.

use std::ops::Range;

use skillmesh::bytes::Slice;
use skillmesh::dense::{DenseIndex, DenseWriter};
use skillmesh::index::CardVectors;
use skillmesh::{Code, Error, Result};

/// The passages of all cards, in the order of cards.
pub struct Passages {
    index: DenseIndex,
    vectors: CardVectors,
    /// Which passages are a card's.
    of_cards: Vec<Range<usize>>,
}

impl Passages {
    /// The index over the vectors of each card.
    pub fn new(embedded: &[CardVectors], dimensions: usize) -> Result<Passages> {
        let vectors = embedded.concat();
        let mut writer = DenseWriter::default();
        vectors.iter().enumerate().for_each(|(number, vector)| writer.push(number as u32, vector));
        let sections = writer.finish();
        let index =
            DenseIndex::open(whole(sections.vectors)?, &sections.scales, &sections.rows, dimensions, vectors.len())?;
        Ok(Passages { index, vectors, of_cards: ranges(embedded) })
    }

    /// Each passage's cosine with a vector.
    pub fn cosines(&self, vector: &[f32]) -> Vec<f32> {
        let found = self.index.scores(vector, self.vectors.len(), |_| true);
        found.into_iter().flatten().map(|found| found.score).collect()
    }

    /// The cosines card by card.
    pub fn by_card<'a>(&'a self, cosines: &'a [f32]) -> impl Iterator<Item = &'a [f32]> {
        self.of_cards.iter().map(|range| &cosines[range.clone()])
    }

    /// The vector of a passage.
    pub fn vector(&self, number: usize) -> &[f32] {
        &self.vectors[number]
    }
}

fn ranges(embedded: &[CardVectors]) -> Vec<Range<usize>> {
    let mut start = 0;
    let range = |vectors: &CardVectors| {
        let range = start..start + vectors.len();
        start = range.end;
        range
    };
    embedded.iter().map(range).collect()
}

/// All of a buffer as a view.
pub fn whole(bytes: Vec<u8>) -> Result<Slice> {
    let all = 0..bytes.len();
    Slice::of(&bytes.into(), all).ok_or_else(|| Error::new(Code::Internal, "a buffer lacks its own range"))
}
