//! `skillmesh mcp`: agents ask by the Model Context Protocol.

pub mod args;
#[cfg(not(feature = "mcp"))]
mod disabled;
#[cfg(feature = "mcp")]
mod enabled;

#[cfg(not(feature = "mcp"))]
pub use disabled::run;
#[cfg(feature = "mcp")]
pub use enabled::run;
