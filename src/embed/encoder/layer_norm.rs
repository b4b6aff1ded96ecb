//! How is a row brought to mean 0 and variance 1, and then to the model's own?

use super::layer::Layer;
use super::math::total;
use crate::Result;
use crate::embed::pack::Pack;
use wide::f32x4;

/// `(x − mean) / √(variance + ε) · weight + bias`
#[derive(Debug)]
pub(super) struct LayerNorm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl LayerNorm {
    /// The normalisation `name` of a pack.
    pub fn new(pack: &Pack, name: &str) -> Result<Self> {
        let width = pack.config.hidden_size;
        Ok(LayerNorm {
            weight: pack.vector(&format!("{name}.weight"), width)?,
            bias: pack.vector(&format!("{name}.bias"), width)?,
            epsilon: pack.config.layer_norm_eps,
        })
    }

    fn scale(&self, row: &[f32], mean: f32, factor: f32, output: &mut [f32]) {
        let affine = self.weight.iter().zip(&self.bias);
        for ((x, out), (weight, bias)) in row.iter().zip(output).zip(affine) {
            *out = (x - mean) * factor * weight + bias;
        }
    }
}

impl Layer for LayerNorm {
    type Input = f32;

    fn width(&self) -> usize {
        self.weight.len()
    }

    fn run(&self, input: &[f32], output: &mut [f32]) {
        let width = self.width();
        for (row, output) in input.chunks_exact(width).zip(output.chunks_exact_mut(width)) {
            let mean = mean_of(row, |x| x);
            let centre = f32x4::splat(mean);
            let variance = mean_of(row, |x| (x - centre) * (x - centre));
            self.scale(row, mean, 1.0 / (variance + self.epsilon).sqrt(), output);
        }
    }
}

fn mean_of(row: &[f32], f: impl Fn(f32x4) -> f32x4) -> f32 {
    let sum = row.as_chunks::<4>().0.iter().fold(f32x4::ZERO, |sum, x| sum + f(f32x4::from(*x)));
    total(sum) / row.len() as f32
}
