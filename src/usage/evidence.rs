//! How sure is a rate that was seen a few times?

use serde::Serialize;

/// Fewer judged uses say too little to act on.
pub const JUDGED_ENOUGH: u64 = 10;

/// The 97.5 % quantile of the normal distribution: two sides make 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// How many uses of the average skill everybody is thought to have had before the first.
const PRIOR_USES: f64 = 20.0;

/// What came of the uses of a skill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub successes: u64,
    pub failures: u64,
}

impl Evidence {
    /// How many uses were judged at all.
    pub fn judged(self) -> u64 {
        self.successes + self.failures
    }

    /// The share of successes; `None` of nothing.
    pub fn rate(self) -> Option<f64> {
        (self.judged() > 0).then(|| self.successes as f64 / self.judged() as f64)
    }

    /// The 95 % interval of the rate after Wilson (1927), which stays within 0 and 1 and holds for few uses too.
    ///
    /// ```
    /// use skillmesh::usage::Evidence;
    /// let [low, high] = Evidence { successes: 9, failures: 1 }.interval().unwrap();
    /// assert!((low - 0.5958).abs() < 1e-4 && (high - 0.9821).abs() < 1e-4);
    /// ```
    pub fn interval(self) -> Option<[f64; 2]> {
        let (n, rate) = (self.judged() as f64, self.rate()?);
        let middle = rate + Z * Z / (2.0 * n);
        let half = Z * (rate * (1.0 - rate) / n + Z * Z / (4.0 * n * n)).sqrt();
        Some([middle - half, middle + half].map(|end| (end / (1.0 + Z * Z / n)).clamp(0.0, 1.0)))
    }

    /// How much better than `average` the skill does, from −1 to 1, drawn to 0 where it was seen rarely: the mean of a
    /// beta distribution that started with `PRIOR_USES` (20) average uses.
    ///
    /// Being used more never makes it better, only surer.
    ///
    /// ```
    /// use skillmesh::usage::Evidence;
    /// assert_eq!(Evidence::default().lead(0.8), 0.0);
    /// assert!(Evidence { successes: 0, failures: 60 }.lead(0.8) < -0.5);
    /// assert!(Evidence { successes: 1_000_000, failures: 0 }.lead(0.8) <= 0.2);
    /// ```
    pub fn lead(self, average: f64) -> f64 {
        (self.successes as f64 + PRIOR_USES * average) / (self.judged() as f64 + PRIOR_USES) - average
    }
}
