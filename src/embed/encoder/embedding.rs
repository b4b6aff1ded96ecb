//! What does the encoder know of a token before looking at its neighbours?

use super::layer::Layer;
use crate::Result;
use crate::embed::pack::{Int8Matrix, Pack};

/// Word row + position row + the row of segment 0, gathered from int8.
#[derive(Debug)]
pub(super) struct Embedding {
    words: Int8Matrix,
    positions: Int8Matrix,
    segment: Vec<f32>,
}

impl Embedding {
    pub fn new(pack: &Pack) -> Result<Self> {
        let config = &pack.config;
        Ok(Embedding {
            words: pack.matrix("embeddings.word", config.vocab_size, config.hidden_size)?,
            positions: pack.matrix("embeddings.position", config.max_positions, config.hidden_size)?,
            segment: pack.vector("embeddings.segment", config.hidden_size)?,
        })
    }
}

impl Layer for Embedding {
    type Input = i64;
    const NAME: &'static str = "Embedding";

    fn width(&self) -> usize {
        self.segment.len()
    }

    fn run(&self, ids: &[i64], output: &mut [f32]) {
        for (position, (id, row)) in ids.iter().zip(output.chunks_exact_mut(self.width())).enumerate() {
            row.copy_from_slice(&self.segment);
            add_row(&self.words, *id as usize, row);
            add_row(&self.positions, position, row);
        }
    }
}

fn add_row(matrix: &Int8Matrix, row: usize, sum: &mut [f32]) {
    let scale = matrix.scale(row);
    for (sum, value) in sum.iter_mut().zip(matrix.row(row)) {
        *sum += scale * f32::from(*value);
    }
}
