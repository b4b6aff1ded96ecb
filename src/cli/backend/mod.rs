//! `--backend`: where are the vectors looked up?

pub mod args;
#[cfg(not(feature = "chroma"))]
mod disabled;
#[cfg(feature = "chroma")]
mod enabled;

#[cfg(not(feature = "chroma"))]
pub use disabled::{index, open, settled};
#[cfg(feature = "chroma")]
pub use enabled::{index, open, settled};

/// The backends in one word.
pub const MEMORY: &str = "memory";
#[cfg(feature = "chroma")]
pub const CHROMA: &str = "chroma";
