//! What is the feed-forward layers' non-linearity?

use super::layer::Layer;
use super::math::erf;
use wide::f32x4;

/// `x · Φ(x)`, the normal distribution by the error function.
#[derive(Debug)]
pub(super) struct Gelu {
    width: usize,
}

impl Gelu {
    pub fn new(width: usize) -> Self {
        Gelu { width }
    }
}

impl Layer for Gelu {
    type Input = f32;

    fn width(&self) -> usize {
        self.width
    }

    fn run(&self, input: &[f32], output: &mut [f32]) {
        for (x, out) in input.as_chunks::<4>().0.iter().zip(output.as_chunks_mut::<4>().0) {
            *out = gelu(f32x4::from(*x)).to_array();
        }
    }
}

fn gelu(x: f32x4) -> f32x4 {
    let normal = erf(x * f32x4::splat(std::f32::consts::FRAC_1_SQRT_2));
    x * f32x4::splat(0.5) * (f32x4::ONE + normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_definition() {
        for i in -800..=800 {
            let x = i as f32 / 100.0;
            let want = f64::from(x) * 0.5 * (1.0 + libm::erf(f64::from(x) / std::f64::consts::SQRT_2));
            let got = gelu(f32x4::splat(x)).to_array()[0];
            assert!((f64::from(got) - want).abs() < 1e-6, "gelu({x}) = {got}, expected {want}");
        }
    }
}
