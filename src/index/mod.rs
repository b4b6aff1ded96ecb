//! How do cards become a snapshot? Sorted, analysed, compiled; vectors are computed by whoever has a model.

mod compile;
mod facets;
mod fields;
mod passages;

pub use compile::{BuildPlan, CardVectors};
pub use passages::passages;
