//! How do cards become a snapshot? Sorted, analysed, compiled; vectors are computed by whoever has a model.

mod compile;
mod facets;
pub mod fields;
mod passages;

pub use compile::{BuildPlan, CardVectors};
pub use fields::field_texts;
pub use passages::{MAX_PASSAGES, passages};
