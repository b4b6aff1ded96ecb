//! How do the cosines of a card's passages become one similarity?

/// A way to pool; `Soft(15.0)` is the product's.
#[derive(Clone, Copy)]
pub enum Pool {
    /// The head alone counts.
    Head,
    /// The nearest passage alone counts.
    Best,
    /// The mean of the nearest two.
    BestTwo,
    /// `ln(mean(exp(s · cosine))) / s` with this sharpness s.
    Soft(f32),
}

impl Pool {
    /// The similarity of a card, given the cosines of its passages, the head's first.
    pub fn of(self, cosines: &[f32]) -> f32 {
        match self {
            Pool::Head => cosines[0],
            Pool::Best => best(cosines),
            Pool::BestTwo => best_two(cosines),
            Pool::Soft(sharpness) => soft(cosines, sharpness),
        }
    }
}

fn best(cosines: &[f32]) -> f32 {
    cosines.iter().copied().fold(f32::NEG_INFINITY, f32::max)
}

fn best_two(cosines: &[f32]) -> f32 {
    let mut cosines = cosines.to_vec();
    cosines.sort_unstable_by(|a, b| b.total_cmp(a));
    cosines.truncate(2);
    cosines.iter().sum::<f32>() / cosines.len() as f32
}

fn soft(cosines: &[f32], sharpness: f32) -> f32 {
    let best = best(cosines);
    let sum: f32 = cosines.iter().map(|cosine| libm::expf(sharpness * (cosine - best))).sum();
    best + libm::logf(sum / cosines.len() as f32) / sharpness
}
