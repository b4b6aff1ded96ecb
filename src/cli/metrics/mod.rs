//! `skillmesh metrics`: which skills are used, and which of them work?

pub mod args;
#[cfg(not(feature = "metrics"))]
mod disabled;
#[cfg(feature = "metrics")]
mod enabled;
#[cfg(feature = "metrics")]
mod text;

#[cfg(not(feature = "metrics"))]
pub use disabled::{leads, run};
#[cfg(feature = "metrics")]
pub use enabled::{leads, run};
