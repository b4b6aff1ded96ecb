//! What does the encoder know of a token before looking at its neighbours?

use super::layer::Layer;
use crate::Result;
use crate::embed::pack::{Matrix, Pack};

/// Each id's row, gathered from integers.
#[derive(Debug)]
pub(super) struct Words(Matrix);

impl Words {
    pub fn new(pack: &Pack, width: usize) -> Result<Self> {
        Ok(Words(pack.matrix("embeddings.word", pack.config.vocab_size, width)?))
    }
}

impl Layer for Words {
    type Input = i64;

    fn width(&self) -> usize {
        self.0.columns()
    }

    fn run(&self, ids: &[i64], output: &mut [f32]) {
        let mut wide = vec![0; self.width()];
        for (id, row) in ids.iter().zip(output.chunks_exact_mut(self.width())) {
            add_row(&self.0, *id as usize, &mut wide, row);
        }
    }
}

/// A word's row + the row of its position + the row of segment 0.
#[derive(Debug)]
pub(super) struct Positions {
    positions: Matrix,
    segment: Vec<f32>,
}

impl Positions {
    pub fn new(pack: &Pack) -> Result<Self> {
        let config = &pack.config;
        Ok(Positions {
            positions: pack.matrix("embeddings.position", config.max_positions, config.hidden_size)?,
            segment: pack.vector("embeddings.segment", config.hidden_size)?,
        })
    }
}

impl Layer for Positions {
    type Input = f32;

    fn width(&self) -> usize {
        self.segment.len()
    }

    fn run(&self, words: &[f32], output: &mut [f32]) {
        let (width, mut wide) = (self.width(), vec![0; self.width()]);
        for (position, (word, row)) in words.chunks_exact(width).zip(output.chunks_exact_mut(width)).enumerate() {
            row.iter_mut().zip(word).zip(&self.segment).for_each(|((sum, word), segment)| *sum = segment + word);
            add_row(&self.positions, position, &mut wide, row);
        }
    }
}

fn add_row(matrix: &Matrix, row: usize, wide: &mut [i16], sum: &mut [f32]) {
    let scale = matrix.scale(row);
    matrix.widen(row, wide);
    sum.iter_mut().zip(wide).for_each(|(sum, value)| *sum += scale * f32::from(*value));
}
