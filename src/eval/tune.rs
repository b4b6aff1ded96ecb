//! Which weights serve these queries best, and do they serve others too?

use std::collections::BTreeMap;

use serde::Serialize;

use super::folds::Folds;
use super::resample::{mean, p_value};
use crate::Result;
use crate::snapshot::Ranking;
use crate::sparse::{FIELD_COUNT, Field};

/// Held-out queries that do better by chance this often don't speak for other weights.
const SIGNIFICANT: f64 = 0.05;

/// A step must raise the mean by this much: what is less is chance.
const LEAST_GAIN: f64 = 0.002;

/// How often all knobs are tried.
const ROUNDS: usize = 2;

/// The dense leg's shares that are tried.
const DENSE_WEIGHTS: [f32; 9] = [0.0, 0.15, 0.3, 0.45, 0.6, 0.7, 0.75, 0.8, 0.9];

/// What a field's weight is multiplied with.
const FACTORS: [f32; 4] = [0.0, 0.5, 1.5, 2.5];

/// What tuning found.
#[derive(Clone, Debug, Serialize)]
pub struct Tuned {
    /// The ranking with the weights that were found, if they are significantly better on held-out queries; else the start.
    pub ranking: Ranking,
    /// Whether its weights are the found ones.
    pub kept: bool,
    /// The mean nDCG@10 before.
    pub before: f64,
    /// The mean over the queries that the weights were fitted on.
    pub train: f64,
    /// The mean over held-out queries, by weights fitted on the others: what to expect of new queries.
    pub held_out: f64,
    /// How likely a difference between held-out and before is by chance alone.
    pub p_value: f64,
    /// For each fold, the ranking that was fitted without it; the start, where nothing is kept.
    #[serde(skip)]
    pub without: Vec<Ranking>,
}

/// Each query's nDCG@10; `None` where nothing answers it.
pub type Relevance = Vec<Option<f64>>;

/// Measures each ranking once.
struct Bench<F> {
    measure: F,
    known: BTreeMap<Vec<u32>, Relevance>,
}

/// Fits the dense share and the fields' weights by trying one after the other.
pub fn tune(
    start: &Ranking,
    hybrid: bool,
    folds: &Folds,
    measure: impl Fn(&Ranking) -> Result<Relevance>,
) -> Result<Tuned> {
    let mut bench = Bench { measure, known: BTreeMap::new() };
    let before = bench.of(start)?;
    let everything: Vec<usize> = (0..before.len()).collect();
    let (mut held_out, mut without) = (vec![None; before.len()], Vec::new());
    for fold in folds.all() {
        let found = bench.best(start, hybrid, &fold.train)?;
        let figures = bench.of(&found)?;
        fold.held_out.into_iter().for_each(|at| held_out[at] = figures[at]);
        without.push(found);
    }
    let found = bench.best(start, hybrid, &everything)?;
    let train = bench.of(&found)?;
    let differences = differences(&held_out, &before);
    let p_value = p_value(&differences);
    let kept = mean(differences.iter().copied()) > 0.0 && p_value < SIGNIFICANT;
    Ok(Tuned {
        without: if kept { without } else { vec![start.clone(); without.len()] },
        ranking: if kept { found } else { start.clone() },
        kept,
        before: average(&before),
        train: average(&train),
        held_out: average(&held_out),
        p_value,
    })
}

fn average(figures: &[Option<f64>]) -> f64 {
    mean(figures.iter().flatten().copied())
}

fn differences(after: &[Option<f64>], before: &[Option<f64>]) -> Vec<f64> {
    after.iter().zip(before).filter_map(|(after, before)| Some((*after)? - (*before)?)).collect()
}

impl<F: Fn(&Ranking) -> Result<Relevance>> Bench<F> {
    fn of(&mut self, ranking: &Ranking) -> Result<Relevance> {
        let weights = ranking.bm25.fields.iter().map(|field| field.weight.to_bits());
        let key: Vec<u32> = weights.chain([ranking.dense_weight.to_bits()]).collect();
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let figures = (self.measure)(ranking)?;
        self.known.insert(key, figures.clone());
        Ok(figures)
    }

    /// The best ranking for the queries at `train` that single steps lead to.
    fn best(&mut self, start: &Ranking, hybrid: bool, train: &[usize]) -> Result<Ranking> {
        let mut best = start.clone();
        let mut reached = self.mean(&best, train)?;
        for _ in 0..ROUNDS {
            for knob in 0..=FIELD_COUNT {
                for candidate in candidates(&best, knob, hybrid) {
                    let figure = self.mean(&candidate, train)?;
                    if figure > reached + LEAST_GAIN {
                        (best, reached) = (candidate, figure);
                    }
                }
            }
        }
        Ok(best)
    }

    fn mean(&mut self, ranking: &Ranking, at: &[usize]) -> Result<f64> {
        let figures = self.of(ranking)?;
        Ok(mean(at.iter().filter_map(|at| figures[*at])))
    }
}

/// The rankings that differ in one knob: a field's weight, or the dense share.
fn candidates(ranking: &Ranking, knob: usize, hybrid: bool) -> Vec<Ranking> {
    let Some(field) = Field::ALL.get(knob) else {
        let weights = DENSE_WEIGHTS.into_iter().filter(|_| hybrid);
        return weights.map(|dense_weight| Ranking { dense_weight, ..ranking.clone() }).collect();
    };
    let scaled = |factor: f32| {
        let mut scaled = ranking.clone();
        scaled.bm25.fields[*field as usize].weight *= factor;
        scaled
    };
    FACTORS.into_iter().map(scaled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_knob_that_helps_every_query_is_found_and_kept() {
        let measure = |ranking: &Ranking| Ok(vec![Some(1.0 - f64::from((ranking.dense_weight - 0.3).abs())); 40]);
        let tuned = tune(&Ranking::default(), true, &Folds::of(40), measure).unwrap();
        assert_eq!((tuned.ranking.dense_weight, tuned.kept), (0.3, true));
        assert!(tuned.without.iter().all(|ranking| ranking.dense_weight == 0.3));
        assert!(tuned.held_out > tuned.before && tuned.p_value < 0.01);
    }

    #[test]
    fn what_only_helps_the_queries_it_was_fitted_on_is_not_kept() {
        // Each ranking answers its own random half of the queries.
        let measure = |ranking: &Ranking| {
            let seed = ranking.bm25.fields.iter().fold(u64::from(ranking.dense_weight.to_bits()), |seed, field| {
                seed.wrapping_mul(31).wrapping_add(u64::from(field.weight.to_bits()))
            });
            let mut rng = fastrand::Rng::with_seed(seed);
            Ok((0..30).map(|_| Some(f64::from(u8::from(rng.bool())))).collect())
        };
        let tuned = tune(&Ranking::default(), true, &Folds::of(30), measure).unwrap();
        assert!(tuned.train > tuned.held_out + 0.1, "{tuned:?}");
        assert!(!tuned.kept && tuned.ranking == Ranking::default(), "{tuned:?}");
    }
}
