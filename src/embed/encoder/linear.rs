//! What is a row times a weight matrix, plus a bias?

use super::dot::dots;
use super::layer::Layer;
use super::quantised::Quantised;
use crate::Result;
use crate::embed::pack::{Matrix, Pack};
use wide::i16x8;

/// Weight rows widened at once: their 16-bit copies stay in the first-level cache while all tokens pass.
const PANEL: usize = 8;

/// Integer weights, f32 bias; tokens are quantised row by row and multiplied in integers.
#[derive(Debug)]
pub(super) struct Linear {
    weight: Matrix,
    bias: Vec<f32>,
}

impl Linear {
    /// The layer `name` of a pack; both widths are multiples of 8.
    pub fn new(pack: &Pack, name: &str, outputs: usize, inputs: usize) -> Result<Self> {
        Ok(Linear {
            weight: pack.matrix(&format!("{name}.weight"), outputs, inputs)?,
            bias: pack.vector(&format!("{name}.bias"), outputs)?,
        })
    }

    /// The matrix `name` of a pack, and no bias.
    pub fn projection(pack: &Pack, name: &str, outputs: usize, inputs: usize) -> Result<Self> {
        Ok(Linear { weight: pack.matrix(name, outputs, inputs)?, bias: vec![0.0; outputs] })
    }

    /// Copies a panel's rows into 16-bit lanes.
    fn widen(&self, first: usize, panel: &mut [i16x8]) {
        let wide: &mut [i16] = bytemuck::cast_slice_mut(panel);
        let rows = wide.chunks_exact_mut(self.weight.columns());
        rows.enumerate().for_each(|(row, wide)| self.weight.widen(first + row, wide));
    }

    /// Multiplies `T` tokens from `token` on with the panel's rows, two at a time.
    fn multiply<const T: usize>(&self, input: &Quantised, token: usize, tile: &mut Tile) {
        let tokens: [_; T] = std::array::from_fn(|t| input.row(token + t));
        for pair in (0..PANEL).step_by(2) {
            let sums = dots(tokens, [tile.row(pair), tile.row(pair + 1)]);
            for (t, sums) in sums.iter().enumerate() {
                self.store(*sums, input.scale(token + t), tile.first + pair, token + t, tile.output);
            }
        }
    }

    fn store(&self, sums: [i32; 2], scale: f32, row: usize, token: usize, output: &mut [f32]) {
        let start = token * self.width() + row;
        for (i, out) in output[start..start + 2].iter_mut().enumerate() {
            *out = sums[i] as f32 * (scale * self.weight.scale(row + i)) + self.bias[row + i];
        }
    }
}

/// A panel of widened rows and where its products go.
struct Tile<'a> {
    panel: &'a [i16x8],
    first: usize,
    output: &'a mut [f32],
}

impl Tile<'_> {
    fn row(&self, row: usize) -> &[i16x8] {
        let steps = self.panel.len() / PANEL;
        &self.panel[row * steps..][..steps]
    }
}

impl Layer for Linear {
    type Input = f32;

    fn width(&self) -> usize {
        self.bias.len()
    }

    fn run(&self, input: &[f32], output: &mut [f32]) {
        let input = Quantised::new(input, self.weight.columns());
        let mut panel = vec![i16x8::ZERO; PANEL * self.weight.columns() / 8];
        for first in (0..self.width()).step_by(PANEL) {
            self.widen(first, &mut panel);
            let mut tile = Tile { panel: &panel, first, output };
            for token in (0..input.len()).step_by(4) {
                match input.len() - token {
                    1 => self.multiply::<1>(&input, token, &mut tile),
                    2 => self.multiply::<2>(&input, token, &mut tile),
                    3 => self.multiply::<3>(&input, token, &mut tile),
                    _ => self.multiply::<4>(&input, token, &mut tile),
                }
            }
        }
    }
}
