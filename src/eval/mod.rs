//! How often does retrieval find what was judged relevant, and how sure is that figure?

mod judged;
mod metrics;
mod report;
mod resample;

pub use judged::{Judged, answers, judged};
pub use metrics::{DEPTH, METRICS, Metrics};
pub use report::{Comparison, Estimate, QueryResult, Report, compare};
