//! How does a vector become a row? Its largest component maps to 127.

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
        let largest = vector.iter().fold(0.0f32, |max, v| max.max(v.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        self.vectors.extend(vector.iter().map(|v| libm::roundf(v / scale) as i8 as u8));
        put_f32(&mut self.scales, scale);
        put_u32(&mut self.rows, card);
    }

    /// The sections.
    pub fn finish(self) -> DenseSections {
        DenseSections { vectors: self.vectors, scales: self.scales, rows: self.rows }
    }
}
