//! What does a token take over from the others?

use super::layer::Layer;
use super::math::{exp, total};
use wide::f32x4;

/// Softmax attention over all tokens, head by head. A row of input is query, key and value side by side.
#[derive(Debug)]
pub(super) struct Attention {
    hidden: usize,
    /// The width of one head, a multiple of 4.
    head: usize,
}

impl Attention {
    pub fn new(hidden: usize, heads: usize) -> Self {
        Attention { hidden, head: hidden / heads }
    }

    fn run_head(&self, rows: &Rows, start: usize, output: &mut [f32]) {
        let keys = self.keys(rows, start);
        let mut weights = vec![f32x4::ZERO; rows.count().div_ceil(4)];
        for (token, output) in output.chunks_exact_mut(self.hidden).enumerate() {
            self.scores(rows.part(token, start, self.head), &keys, &mut weights);
            softmax(&mut weights, rows.count());
            let weights: &[f32] = bytemuck::cast_slice(&weights);
            self.mix(rows, start, weights, &mut output[start..start + self.head]);
        }
    }

    /// Keys of four tokens side by side, dimension after dimension, so that four scores grow in one vector.
    fn keys(&self, rows: &Rows, start: usize) -> Vec<f32x4> {
        let mut keys = vec![f32x4::ZERO; rows.count().div_ceil(4) * self.head];
        let lanes: &mut [f32] = bytemuck::cast_slice_mut(&mut keys);
        for token in 0..rows.count() {
            let block = &mut lanes[token / 4 * 4 * self.head..][..4 * self.head];
            let key = rows.part(token, self.hidden + start, self.head);
            block.iter_mut().skip(token % 4).step_by(4).zip(key).for_each(|(lane, x)| *lane = *x);
        }
        keys
    }

    fn scores(&self, query: &[f32], keys: &[f32x4], scores: &mut [f32x4]) {
        let scale = f32x4::splat(1.0 / (self.head as f32).sqrt());
        for (score, block) in scores.iter_mut().zip(keys.chunks_exact(self.head)) {
            let sum = query.iter().zip(block).fold(f32x4::ZERO, |sum, (q, keys)| sum + f32x4::splat(*q) * *keys);
            *score = sum * scale;
        }
    }

    /// The weighted sum of values, sixteen dimensions in registers where the head is wide enough.
    fn mix(&self, rows: &Rows, start: usize, weights: &[f32], output: &mut [f32]) {
        let values = 2 * self.hidden + start;
        match self.head.is_multiple_of(16) {
            true => mix_lanes::<4>(rows, values, weights, output),
            false => mix_lanes::<1>(rows, values, weights, output),
        }
    }
}

impl Layer for Attention {
    type Input = f32;

    fn width(&self) -> usize {
        self.hidden
    }

    fn run(&self, input: &[f32], output: &mut [f32]) {
        let rows = Rows { values: input, width: 3 * self.hidden };
        for start in (0..self.hidden).step_by(self.head) {
            self.run_head(&rows, start, output);
        }
    }
}

/// The input, row by row.
struct Rows<'a> {
    values: &'a [f32],
    width: usize,
}

impl<'a> Rows<'a> {
    fn count(&self) -> usize {
        self.values.len() / self.width
    }

    fn part(&self, row: usize, start: usize, length: usize) -> &'a [f32] {
        &self.values[row * self.width + start..][..length]
    }
}

fn mix_lanes<const N: usize>(rows: &Rows, start: usize, weights: &[f32], output: &mut [f32]) {
    for (block, output) in output.chunks_exact_mut(4 * N).enumerate() {
        let mut sums = [f32x4::ZERO; N];
        for (token, weight) in weights.iter().take(rows.count()).enumerate() {
            let value = rows.part(token, start + block * 4 * N, 4 * N).as_chunks::<4>().0;
            let weight = f32x4::splat(*weight);
            sums.iter_mut().zip(value).for_each(|(sum, x)| *sum += weight * f32x4::from(*x));
        }
        output.copy_from_slice(bytemuck::cast_slice(&sums));
    }
}

/// Scores of `count` tokens to weights that sum to 1.
fn softmax(scores: &mut [f32x4], count: usize) {
    let lanes: &mut [f32] = bytemuck::cast_slice_mut(scores);
    lanes[count..].fill(f32::MIN);
    let most = scores.iter().fold(f32x4::splat(f32::MIN), |most, s| most.fast_max(*s));
    let most = f32x4::splat(most.to_array().into_iter().fold(f32::MIN, f32::max));
    scores.iter_mut().for_each(|s| *s = exp(*s - most));
    let sum = total(scores.iter().fold(f32x4::ZERO, |sum, s| sum + *s));
    scores.iter_mut().for_each(|s| *s /= f32x4::splat(sum));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_ignores_the_lanes_that_pad() {
        let mut scores = [f32x4::from([0.0, 0.0, 9.0, 9.0])];
        softmax(&mut scores, 2);
        assert_eq!(&scores[0].to_array()[..2], [0.5, 0.5]);
    }

    #[test]
    fn equals_the_definition() {
        for (heads, head, tokens) in [(2, 4, 5), (2, 16, 9)] {
            let (hidden, width) = (heads * head, 3 * heads * head);
            let rows: Vec<f32> = (0..tokens * width).map(|i| ((i * 37 % 101) as f32 - 50.0) / 40.0).collect();
            let mut output = vec![0.0; tokens * hidden];
            Attention::new(hidden, heads).run(&rows, &mut output);
            for (i, got) in output.iter().enumerate() {
                let want = naive(&rows, width, head, i / hidden, i % hidden);
                assert!((f64::from(*got) - want).abs() < 1e-5, "{got} at {i}, expected {want}");
            }
        }
    }

    fn naive(rows: &[f32], width: usize, head: usize, token: usize, column: usize) -> f64 {
        let at = |token: usize, column: usize| f64::from(rows[token * width + column]);
        let (start, hidden, tokens) = (column / head * head, width / 3, rows.len() / width);
        let score = |other: usize| -> f64 {
            let dot: f64 = (start..start + head).map(|d| at(token, d) * at(other, hidden + d)).sum();
            (dot / (head as f64).sqrt()).exp()
        };
        let sum: f64 = (0..tokens).map(score).sum();
        (0..tokens).map(|other| score(other) / sum * at(other, 2 * hidden + column)).sum()
    }
}
