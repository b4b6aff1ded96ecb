//! How often is an answer right that looks like this? Fitted on labels, and tried on others than it was fitted on.

use serde::Serialize;

use super::folds::{Fold, Folds};
use super::logistic::{TERMS, fit, probability};
use super::resample::mean;
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
    /// The figures; `None` where nothing was found to judge.
    pub figures: Option<[f64; TERMS]>,
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

/// Fits a calibration to `outcomes`; `None` where they are all alike, since that tells nothing.
///
/// `without` has, for each fold, the outcomes of all queries by a ranking that has not seen that fold.
pub fn calibrate(outcomes: &[Outcome], folds: &Folds, without: &[Vec<Outcome>]) -> Option<Calibrated> {
    if outcomes.iter().all(|o| o.right) || !outcomes.iter().any(|o| o.right) {
        return None;
    }
    let held_out: Vec<Prediction> = folds.all().zip(without).flat_map(predictions).collect();
    let reliability = reliability(&held_out);
    let found: usize = reliability.iter().map(|bin| bin.queries).sum();
    let off = |bin: &Bin| (bin.said - bin.right).abs() * bin.queries as f64 / found as f64;
    Some(Calibrated {
        calibration: fitted(outcomes),
        error: reliability.iter().map(off).sum(),
        unanswerable_low: low_share(&held_out, false),
        answerable_low: low_share(&held_out, true).unwrap_or(0.0),
        reliability,
    })
}

/// What a calibration said of an outcome that it had not seen.
struct Prediction {
    outcome: Outcome,
    /// `None` where there was nothing to judge.
    said: Option<f64>,
    low: bool,
}

fn predictions((fold, outcomes): (Fold, &Vec<Outcome>)) -> Vec<Prediction> {
    let seen: Vec<Outcome> = fold.train.iter().map(|at| outcomes[*at]).collect();
    let calibration = fitted(&seen);
    let prediction = |at: usize| {
        let outcome = outcomes[at];
        let value = outcome.figures.map(|figures| calibration.probability(figures.map(|figure| figure as f32)));
        let low = value.is_none_or(|value| value < calibration.low_below);
        Prediction { outcome, said: value.map(f64::from), low }
    };
    fold.held_out.into_iter().map(prediction).collect()
}

/// Of the queries that have an answer, or have none, the share with low confidence.
fn low_share(predictions: &[Prediction], answerable: bool) -> Option<f64> {
    let those = predictions.iter().filter(|prediction| prediction.outcome.answerable == answerable);
    let marks: Vec<f64> = those.map(|prediction| f64::from(prediction.low)).collect();
    (!marks.is_empty()).then(|| mean(marks.iter().copied()))
}

/// Answers without a hit have no confidence, so nothing is fitted to them.
fn fitted(outcomes: &[Outcome]) -> Calibration {
    let found = || outcomes.iter().filter_map(|outcome| Some((outcome, outcome.figures?)));
    let figures: Vec<_> = found().map(|(_, figures)| figures).collect();
    let labels: Vec<_> = found().map(|(outcome, _)| outcome.right).collect();
    let weights = fit(&figures, &labels);
    let answerable = found().filter(|(outcome, _)| outcome.answerable);
    let mut values: Vec<f64> = answerable.map(|(_, figures)| probability(&figures, &weights)).collect();
    values.sort_unstable_by(f64::total_cmp);
    let low_below = values.get((values.len() as f64 * LOW_SHARE) as usize).copied().unwrap_or(0.0).min(MOST_LOW);
    let [bias, similarity, keywords, lead] = weights.map(|weight| weight as f32);
    Calibration { bias, similarity, keywords, lead, low_below: low_below as f32 }
}

fn reliability(predictions: &[Prediction]) -> Vec<Bin> {
    let mut bins = [Bin { queries: 0, said: 0.0, right: 0.0 }; BINS];
    for (value, outcome) in predictions.iter().filter_map(|p| Some((p.said?, p.outcome))) {
        let bin = &mut bins[((value * BINS as f64) as usize).min(BINS - 1)];
        bin.queries += 1;
        bin.said += value;
        bin.right += f64::from(outcome.right);
    }
    let averaged = |bin: Bin| {
        let share = 1.0 / bin.queries as f64;
        Bin { said: share * bin.said, right: share * bin.right, ..bin }
    };
    bins.into_iter().filter(|bin| bin.queries > 0).map(averaged).collect()
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
            Outcome { figures: Some([1.0, similarity, 0.0, 0.0]), right, answerable }
        };
        (0..600).map(outcome).collect()
    }

    #[test]
    fn a_calibration_says_how_often_it_is_right() {
        let outcomes = outcomes();
        let calibrated = alike(&outcomes).unwrap();
        assert!(calibrated.error < 0.08, "{calibrated:?}");
        assert!(calibrated.unanswerable_low.unwrap() > 0.9 && calibrated.answerable_low < 0.08, "{calibrated:?}");
        assert_eq!(calibrated.reliability.iter().map(|bin| bin.queries).sum::<usize>(), outcomes.len());
    }

    #[test]
    fn outcomes_that_are_all_alike_tell_nothing() {
        let right: Vec<Outcome> = outcomes().into_iter().filter(|outcome| outcome.right).collect();
        assert!(alike(&right).is_none());
    }

    #[test]
    fn what_finds_nothing_is_refused_and_moves_no_weight() {
        let (found, mut all) = (outcomes(), outcomes());
        all.extend([Outcome { figures: None, right: false, answerable: false }; 60]);
        let (found, all) = (alike(&found).unwrap(), alike(&all).unwrap());
        assert_eq!(found.calibration, all.calibration);
        assert_eq!(all.unanswerable_low, Some(1.0));
        assert_eq!(all.reliability.iter().map(|bin| bin.queries).sum::<usize>(), outcomes().len());
    }

    /// A calibration where every fold's ranking is the same.
    fn alike(outcomes: &[Outcome]) -> Option<Calibrated> {
        let folds = Folds::of(outcomes.len());
        calibrate(outcomes, &folds, &vec![outcomes.to_vec(); folds.all().count()])
    }
}
