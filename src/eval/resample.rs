//! How far might a figure lie from the truth by chance? Told by resampling, with a fixed seed: same input, same answer.

use fastrand::Rng;

/// Resamples drawn.
const DRAWS: usize = 10_000;

/// The seed of every draw.
const SEED: u64 = 17;

/// The bootstrap's 95 % interval of a mean (Efron 1979, percentile method).
pub fn interval(values: &[f64]) -> (f64, f64) {
    let mut rng = Rng::with_seed(SEED);
    let mut means: Vec<f64> =
        (0..DRAWS).map(|_| mean((0..values.len()).map(|_| values[rng.usize(..values.len())]))).collect();
    means.sort_unstable_by(f64::total_cmp);
    (means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40])
}

/// The two-sided p-value of paired differences by Fisher's randomisation test: how often random signs give a mean as far
/// from zero.
pub fn p_value(differences: &[f64]) -> f64 {
    let mut rng = Rng::with_seed(SEED);
    let seen = mean(differences.iter().copied()).abs() - 1e-12;
    let flipped =
        (0..DRAWS).filter(|_| mean(differences.iter().map(|d| if rng.bool() { *d } else { -d })).abs() >= seen);
    (flipped.count() + 1) as f64 / (DRAWS + 1) as f64
}

/// The mean; 0 of nothing.
pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0_usize, 0.0), |(count, sum), value| (count + 1, sum + value));
    sum / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_fair_coin_is_the_binomial_one() {
        let coin: Vec<f64> = (0..100).map(|i| f64::from(i % 2)).collect();
        let (low, high) = interval(&coin);
        assert!((low - 0.40).abs() < 0.02 && (high - 0.60).abs() < 0.02, "{low} {high}");
    }

    #[test]
    fn chance_is_told_from_a_difference() {
        let noise: Vec<f64> = (0..50).map(|i| if i % 2 == 0 { 0.1 } else { -0.1 }).collect();
        assert!(p_value(&noise) > 0.9);
        assert!(p_value(&[0.1; 50]) < 0.001);
    }
}
