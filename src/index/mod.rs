//! How does what can be found become a snapshot? Sorted, analysed, compiled; vectors are computed by whoever has a model.

mod cards;
mod documents;
mod sections;

pub use cards::{BuildPlan, CardVectors};
pub use documents::DocumentPlan;
pub use sections::Embedded;
