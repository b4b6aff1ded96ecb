//! How often does retrieval find what was judged relevant, and how sure is that figure?

mod calibrate;
mod folds;
mod judged;
mod logistic;
mod metrics;
mod report;
mod resample;
mod tune;

pub use calibrate::{Bin, Calibrated, Outcome, calibrate};
pub use folds::{Fold, Folds};
pub use judged::{Judged, answers, judged};
pub use metrics::{DEPTH, METRICS, Metrics};
pub use report::{Comparison, Estimate, QueryResult, Report, compare};
pub use tune::{Relevance, Tuned, tune};
