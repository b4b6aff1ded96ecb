//! How do rows become the sections of the dense leg?

use super::row::Row;
use crate::bytes::{put_f32, put_u32};

/// The three sections of the dense leg.
pub struct DenseSections {
    /// `rows × dims` int8 values.
    pub vectors: Vec<u8>,
    /// The factor of each row, `f32` little-endian.
    pub scales: Vec<u8>,
    /// The card of each row, `u32` little-endian, ascending.
    pub rows: Vec<u8>,
}

/// Collects rows in ascending order of cards.
#[derive(Default)]
pub struct DenseWriter {
    vectors: Vec<u8>,
    scales: Vec<u8>,
    rows: Vec<u8>,
}

impl DenseWriter {
    /// Adds one passage's vector.
    pub fn push(&mut self, card: u32, vector: &[f32]) {
        self.push_row(card, &Row::of(vector));
    }

    /// Adds one passage's row as it is.
    pub fn push_row(&mut self, card: u32, row: &Row) {
        self.vectors.extend_from_slice(&row.values);
        put_f32(&mut self.scales, row.scale);
        put_u32(&mut self.rows, card);
    }

    /// The sections.
    pub fn finish(self) -> DenseSections {
        DenseSections { vectors: self.vectors, scales: self.scales, rows: self.rows }
    }
}
