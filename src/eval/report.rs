//! What does an evaluation say, and does it differ from another one?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::judged::Judged;
use super::metrics::{METRICS, Metrics};
use super::resample::{interval, mean, p_value};
use crate::{Code, Error, Result};

/// One query's answer and its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryResult {
    /// The query's id.
    pub id: String,
    /// The ids found, best first.
    pub ids: Vec<String>,
    /// The figures.
    #[serde(flatten)]
    pub metrics: Metrics,
}

/// A mean with its 95 % bootstrap interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The mean over the queries.
    pub mean: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// The evaluation of one mode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The mode that answered.
    pub mode: String,
    /// How many queries were judged.
    pub queries: usize,
    /// Each figure by name.
    pub metrics: BTreeMap<String, Estimate>,
    /// Each query's answer.
    pub per_query: Vec<QueryResult>,
}

impl Report {
    /// The report over `queries` that have an answer; `ask` gives the ids found for one, by its place.
    pub fn of(mode: &str, queries: &[Judged], ask: impl Fn(usize, &Judged) -> Result<Vec<String>>) -> Result<Report> {
        let judged = queries.iter().enumerate().filter(|(_, query)| !query.relevant.is_empty());
        let result = |(at, query): (usize, &Judged)| {
            let ids = ask(at, query)?;
            Ok(QueryResult { id: query.id.clone(), metrics: Metrics::of(&ids, &query.relevant), ids })
        };
        let per_query = judged.map(result).collect::<Result<Vec<_>>>()?;
        if per_query.is_empty() {
            return Err(Error::new(Code::InvalidArgument, "no query has a relevant card")
                .help("pass --qrels FILE, or give the queries an `expert`"));
        }
        let metrics = METRICS.map(|(name, figure)| (name.to_owned(), estimate(&values(&per_query, figure)))).into();
        Ok(Report { mode: mode.to_owned(), queries: per_query.len(), metrics, per_query })
    }
}

fn values(results: &[QueryResult], figure: fn(&Metrics) -> f64) -> Vec<f64> {
    results.iter().map(|result| figure(&result.metrics)).collect()
}

fn estimate(values: &[f64]) -> Estimate {
    let (low, high) = interval(values);
    Estimate { mean: mean(values.iter().copied()), low, high }
}

/// How one figure differs between two reports over the same queries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The figure's name.
    pub metric: &'static str,
    /// The mean of the differences, this report minus the other.
    pub difference: f64,
    /// How likely a difference as large is by chance alone.
    pub p_value: f64,
}

/// Each figure's difference over the queries of both reports, which must be the same.
pub fn compare(this: &Report, other: &Report) -> Result<Vec<Comparison>> {
    let by_id: BTreeMap<&str, &QueryResult> =
        other.per_query.iter().map(|result| (result.id.as_str(), result)).collect();
    let pairs: Vec<(&QueryResult, &QueryResult)> =
        this.per_query.iter().filter_map(|result| Some((result, *by_id.get(result.id.as_str())?))).collect();
    if pairs.len() != this.per_query.len() || pairs.len() != other.per_query.len() {
        return Err(Error::new(Code::InvalidArgument, "the two evaluations are not of the same queries")
            .expected(format!("{} queries", this.per_query.len()))
            .got(format!("{} of {} in common", pairs.len(), other.per_query.len()))
            .help("evaluate both on the same --queries and --qrels"));
    }
    let difference = |(metric, figure): &(&'static str, fn(&Metrics) -> f64)| {
        let differences: Vec<f64> =
            pairs.iter().map(|(this, other)| figure(&this.metrics) - figure(&other.metrics)).collect();
        Comparison { metric, difference: mean(differences.iter().copied()), p_value: p_value(&differences) }
    };
    Ok(METRICS.iter().map(difference).collect())
}
