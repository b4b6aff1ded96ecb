//! How good is one answer?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// How many hits are judged.
pub const DEPTH: usize = 10;

/// The figures of one answer, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// 1 when the first hit is relevant.
    #[serde(rename = "hit@1")]
    pub hit_1: f64,
    /// The share of the relevant cards among the first five.
    #[serde(rename = "recall@5")]
    pub recall_5: f64,
    /// The share of the relevant cards among the first ten.
    #[serde(rename = "recall@10")]
    pub recall_10: f64,
    /// Normalised discounted cumulative gain: `Σ 1 / log₂(rank + 1)` over relevant hits, divided by the best possible
    /// (Järvelin, Kekäläinen 2002, with binary gains).
    #[serde(rename = "ndcg@10")]
    pub ndcg_10: f64,
    /// One over the rank of the first relevant hit.
    #[serde(rename = "mrr@10")]
    pub mrr_10: f64,
    /// 1 when all relevant cards are among the first ten.
    #[serde(rename = "completeness@10")]
    pub completeness_10: f64,
}

/// A figure's name and how to read it.
pub type Figure = (&'static str, fn(&Metrics) -> f64);

/// Every figure, in the order of reports.
pub const METRICS: [Figure; 6] = [
    ("hit@1", |m| m.hit_1),
    ("recall@5", |m| m.recall_5),
    ("recall@10", |m| m.recall_10),
    ("ndcg@10", |m| m.ndcg_10),
    ("mrr@10", |m| m.mrr_10),
    ("completeness@10", |m| m.completeness_10),
];

impl Metrics {
    /// The figures of an answer's ids, best first; `relevant` is not empty.
    ///
    /// ```
    /// use skillmesh::eval::Metrics;
    /// let relevant = ["a", "b"].map(String::from).into();
    /// let metrics = Metrics::of(&["x", "a"].map(String::from), &relevant);
    /// assert_eq!((metrics.hit_1, metrics.recall_5, metrics.mrr_10, metrics.completeness_10), (0.0, 0.5, 0.5, 0.0));
    /// assert!((metrics.ndcg_10 - 0.6309 / 1.6309).abs() < 1e-4);
    /// ```
    pub fn of(ids: &[String], relevant: &BTreeSet<String>) -> Metrics {
        let ranks: Vec<usize> = (0..ids.len().min(DEPTH)).filter(|rank| relevant.contains(&ids[*rank])).collect();
        let recall = |depth: usize| ranks.iter().filter(|rank| **rank < depth).count() as f64 / relevant.len() as f64;
        let gain = |rank: &usize| 1.0 / libm::log2(*rank as f64 + 2.0);
        let ideal: f64 = (0..relevant.len().min(DEPTH)).map(|rank| gain(&rank)).sum();
        Metrics {
            hit_1: f64::from(ranks.first() == Some(&0)),
            recall_5: recall(5),
            recall_10: recall(DEPTH),
            ndcg_10: ranks.iter().map(gain).sum::<f64>() / ideal,
            mrr_10: ranks.first().map_or(0.0, |rank| 1.0 / (*rank as f64 + 1.0)),
            completeness_10: f64::from(ranks.len() == relevant.len()),
        }
    }
}
