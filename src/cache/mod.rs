//! Was this asked before, under the very same conditions?
//!
//! Conditions are everything but the question that an answer depends on: the snapshot, the filter, every option. They
//! are compared whole, so an answer that may hold more never comes back for a question that may see less.

mod asked;
mod entries;

pub use asked::Asked;
pub use entries::{Cache, Cached, Limits, Tally};
