//! How do f32 rows become 13-bit integers?

use wide::{f32x4, i16x8, i32x4, i32x8};

/// The largest magnitude: 4095 · 128 · 4096 columns stays below 2³¹.
const LIMIT: f32 = 4095.0;

/// Rows of integers, each with the scale that gives its numbers back.
pub(super) struct Quantised {
    values: Vec<i16x8>,
    scales: Vec<f32>,
    steps: usize,
}

impl Quantised {
    /// Quantises rows of `width`, a multiple of 8.
    pub fn new(rows: &[f32], width: usize) -> Self {
        let mut values = Vec::with_capacity(rows.len() / 8);
        let scales = rows.chunks_exact(width).map(|row| quantise(row, &mut values)).collect();
        Quantised { values, scales, steps: width / 8 }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    pub fn row(&self, row: usize) -> &[i16x8] {
        &self.values[row * self.steps..][..self.steps]
    }

    pub fn scale(&self, row: usize) -> f32 {
        self.scales[row]
    }
}

fn quantise(row: &[f32], values: &mut Vec<i16x8>) -> f32 {
    let largest = largest(row);
    let factor = if largest > 0.0 { LIMIT / largest } else { 0.0 };
    for eight in row.as_chunks::<8>().0 {
        let [low, high]: [[f32; 4]; 2] = bytemuck::cast(*eight);
        values.push(narrow(round(low, factor), round(high, factor)));
    }
    largest / LIMIT
}

fn largest(row: &[f32]) -> f32 {
    let lanes = row.as_chunks::<4>().0.iter().fold(f32x4::ZERO, |most, x| most.fast_max(f32x4::from(*x).abs()));
    lanes.to_array().into_iter().fold(0.0, f32::max)
}

fn round(four: [f32; 4], factor: f32) -> i32x4 {
    (f32x4::from(four) * f32x4::splat(factor)).fast_round_int()
}

fn narrow(low: i32x4, high: i32x4) -> i16x8 {
    i16x8::from_i32x8_saturate(bytemuck::cast::<[i32x4; 2], i32x8>([low, high]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_within_half_a_step() {
        let row: Vec<f32> = (0..16).map(|i| (i as f32 - 7.3) * 0.37).collect();
        let quantised = Quantised::new(&row, 16);
        let values: &[i16] = bytemuck::cast_slice(quantised.row(0));
        for (x, value) in row.iter().zip(values) {
            assert!((x - f32::from(*value) * quantised.scale(0)).abs() <= quantised.scale(0) * 0.5001);
        }
    }

    #[test]
    fn zeros_stay_zeros() {
        let quantised = Quantised::new(&[0.0; 8], 8);
        assert_eq!((quantised.row(0), quantised.scale(0)), (&[i16x8::ZERO][..], 0.0));
    }
}
