//! How often is an answer right that looks like this? Fitted on labels, and tried on others than it was fitted on.

use serde::Serialize;

use super::folds::Folds;
use super::logistic::{TERMS, fit, probability};
use crate::snapshot::Calibration;

/// The share of answerable queries whose confidence may be low.
const LOW_SHARE: f64 = 0.03;

/// However sure most answers are, this probability is not low.
const MOST_LOW: f64 = 0.8;

/// Predictions are compared with outcomes in this many steps from 0 to 1.
const BINS: usize = 10;

/// One answer: its figures, as `search::Figures` weighs them, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// The figures.
    pub figures: [f64; TERMS],
    /// Whether one of the first three hits is relevant.
    pub right: bool,
    /// Whether anything is relevant at all.
    pub answerable: bool,
}

/// A calibration, and how well it does on queries that it was not fitted on.
#[derive(Clone, Debug, Serialize)]
pub struct Calibrated {
    /// Fitted on all outcomes.
    pub calibration: Calibration,
    /// The expected calibration error (Naeini, Cooper, Hauskrecht 2015, ten bins) on held-out queries.
    pub error: f64,
    /// Of the held-out queries that nothing answers, the share with low confidence; `None` where there are none.
    pub unanswerable_low: Option<f64>,
    /// Of the held-out queries that something answers, the share with low confidence.
    pub answerable_low: f64,
    /// The held-out predictions beside what happened.
    pub reliability: Vec<Bin>,
}

/// The queries whose confidence lies in one tenth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// How many there are.
    pub queries: usize,
    /// Their mean confidence.
    pub said: f64,
    /// The share that was right.
    pub right: f64,
}

/// Fits a calibration; `None` where all outcomes are alike, since that tells nothing.
pub fn calibrate(outcomes: &[Outcome], folds: &Folds) -> Option<Calibrated> {
    if outcomes.iter().all(|o| o.right) || !outcomes.iter().any(|o| o.right) {
        return None;
    }
    let held_out = held_out(outcomes, folds);
    let reliability = reliability(outcomes, &held_out);
    let low = |wanted: bool| {
        let those = outcomes.iter().zip(&held_out).filter(|(outcome, _)| outcome.answerable == wanted);
        let marks: Vec<f64> = those.map(|(_, (_, low))| f64::from(*low)).collect();
        (!marks.is_empty()).then(|| super::resample::mean(marks.iter().copied()))
    };
    let count = outcomes.len() as f64;
    Some(Calibrated {
        calibration: fitted(outcomes),
        error: reliability.iter().map(|bin| (bin.said - bin.right).abs() * bin.queries as f64 / count).sum(),
        unanswerable_low: low(false),
        answerable_low: low(true).unwrap_or(0.0),
        reliability,
    })
}

fn fitted(outcomes: &[Outcome]) -> Calibration {
    let figures: Vec<_> = outcomes.iter().map(|outcome| outcome.figures).collect();
    let labels: Vec<_> = outcomes.iter().map(|outcome| outcome.right).collect();
    let weights = fit(&figures, &labels);
    let answerable = outcomes.iter().filter(|outcome| outcome.answerable);
    let mut values: Vec<f64> = answerable.map(|outcome| probability(&outcome.figures, &weights)).collect();
    values.sort_unstable_by(f64::total_cmp);
    let low_below = values.get((values.len() as f64 * LOW_SHARE) as usize).copied().unwrap_or(0.0).min(MOST_LOW);
    let [bias, similarity, keywords, lead] = weights.map(|weight| weight as f32);
    Calibration { bias, similarity, keywords, lead, low_below: low_below as f32 }
}

/// Each outcome's confidence, and whether it is low, by a calibration that has not seen it.
fn held_out(outcomes: &[Outcome], folds: &Folds) -> Vec<(f64, bool)> {
    let mut said = vec![(0.0, false); outcomes.len()];
    for fold in folds.all() {
        let seen: Vec<Outcome> = fold.train.iter().map(|at| outcomes[*at]).collect();
        let calibration = fitted(&seen);
        for at in fold.held_out {
            let value = calibration.probability(outcomes[at].figures.map(|figure| figure as f32));
            said[at] = (f64::from(value), value < calibration.low_below);
        }
    }
    said
}

fn reliability(outcomes: &[Outcome], said: &[(f64, bool)]) -> Vec<Bin> {
    let mut bins = [Bin { queries: 0, said: 0.0, right: 0.0 }; BINS];
    for (outcome, (value, _)) in outcomes.iter().zip(said) {
        let bin = &mut bins[((value * BINS as f64) as usize).min(BINS - 1)];
        bin.queries += 1;
        bin.said += value;
        bin.right += f64::from(outcome.right);
    }
    let mean = |bin: Bin| {
        let share = 1.0 / bin.queries as f64;
        Bin { said: share * bin.said, right: share * bin.right, ..bin }
    };
    bins.into_iter().filter(|bin| bin.queries > 0).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Queries that are right in `similarity` of the cases, and one in ten that nothing answers and is far from all.
    fn outcomes() -> Vec<Outcome> {
        let mut rng = fastrand::Rng::with_seed(5);
        let outcome = |i: u32| {
            let answerable = !i.is_multiple_of(10);
            let similarity = if answerable { 0.3 + 0.6 * rng.f64() } else { 0.1 * rng.f64() };
            let right = answerable && rng.f64() < 0.4 + 0.6 * similarity;
            Outcome { figures: [1.0, similarity, 0.0, 0.0], right, answerable }
        };
        (0..600).map(outcome).collect()
    }

    #[test]
    fn a_calibration_says_how_often_it_is_right() {
        let outcomes = outcomes();
        let calibrated = calibrate(&outcomes, &Folds::of(outcomes.len())).unwrap();
        assert!(calibrated.error < 0.08, "{calibrated:?}");
        assert!(calibrated.unanswerable_low.unwrap() > 0.9 && calibrated.answerable_low < 0.08, "{calibrated:?}");
        assert_eq!(calibrated.reliability.iter().map(|bin| bin.queries).sum::<usize>(), outcomes.len());
    }

    #[test]
    fn outcomes_that_are_all_alike_tell_nothing() {
        let right: Vec<Outcome> = outcomes().into_iter().filter(|outcome| outcome.right).collect();
        assert!(calibrate(&right, &Folds::of(right.len())).is_none());
    }
}
