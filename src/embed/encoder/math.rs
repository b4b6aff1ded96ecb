//! Which elementary functions does the encoder need, with the same bits everywhere?
//!
//! Only additions, multiplications, divisions and roundings, each rounded once, none fused: the C library's and the
//! platform's own `exp` differ in the last bit.

use wide::{f32x4, i32x4};

/// The sum of four lanes, in a fixed order.
pub(super) fn total(lanes: f32x4) -> f32 {
    let [a, b, c, d] = lanes.to_array();
    (a + b) + (c + d)
}

/// eˣ for x ≤ 0, to two units in the last place; below −87 it stays at e⁻⁸⁷.
///
/// x = n·ln 2 + r, and eʳ by the polynomial of Cephes' `expf`.
pub(super) fn exp(x: f32x4) -> f32x4 {
    let x = x.fast_max(f32x4::splat(-87.0));
    let n = (x * f32x4::splat(std::f32::consts::LOG2_E)).fast_round_int();
    let whole = f32x4::from_i32x4(n);
    let r = x - whole * f32x4::splat(0.693_359_4) - whole * f32x4::splat(-2.121_944_4e-4);
    let tail = horner(r, [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5]);
    (tail * r * r + r + f32x4::ONE) * power_of_two(n)
}

/// 2ⁿ for −127 < n < 128, by writing the exponent.
fn power_of_two(n: i32x4) -> f32x4 {
    bytemuck::cast((n + i32x4::splat(127)) << 23)
}

/// The error function to 2·10⁻⁷: an odd rational minimax fit on [−4, 4], beyond which it is ±1 in f32.
pub(super) fn erf(x: f32x4) -> f32x4 {
    let x = x.fast_max(f32x4::splat(-4.0)).fast_min(f32x4::splat(4.0));
    let square = x * x;
    let above = horner(
        square,
        [
            -2.726_142_3e-10,
            2.770_681_4e-8,
            -2.101_024e-6,
            -5.692_506_5e-5,
            -7.349_906_3e-4,
            -2.954_6e-3,
            -1.609_603_3e-2,
        ],
    );
    let below = horner(square, [-1.456_607_2e-5, -2.133_740_6e-4, -1.682_827e-3, -7.373_329e-3, -1.426_473_9e-2]);
    x * above / below
}

/// A polynomial, its highest coefficient first.
fn horner<const N: usize>(x: f32x4, coefficients: [f32; N]) -> f32x4 {
    coefficients.into_iter().fold(f32x4::ZERO, |sum, c| sum * x + f32x4::splat(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(from: f32, to: f32) -> impl Iterator<Item = f32> {
        (0..=100_000).map(move |i| from + (to - from) * (i as f32 / 100_000.0))
    }

    #[test]
    fn exp_is_within_two_units_of_the_oracle() {
        for x in scan(-86.0, 0.0) {
            let (got, want) = (exp(f32x4::splat(x)).to_array()[0], f64::from(x).exp());
            assert!(((f64::from(got) - want) / want).abs() < 2.5e-7, "exp({x}) = {got}, expected {want}");
        }
    }

    #[test]
    fn erf_is_close_to_the_oracle() {
        for x in scan(-6.0, 6.0) {
            let (got, want) = (erf(f32x4::splat(x)).to_array()[0], libm::erf(f64::from(x)));
            // The formula's own bound (Abramowitz and Stegun 7.1.28), and f32 rounding in its four squarings.
            let bound = 3e-7 + 4.0 * f64::from(f32::EPSILON);
            assert!((f64::from(got) - want).abs() < bound, "erf({x}) = {got}, expected {want}");
        }
    }
}
