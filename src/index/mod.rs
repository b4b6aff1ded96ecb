//! How do cards become a snapshot? Sorted, analysed, compiled; vectors are computed by whoever has a model.

mod compile;
mod facets;

pub use compile::{BuildPlan, CardVectors};
