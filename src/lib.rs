//! Finds the right skill, tool or document for an AI agent: a registry becomes one MessagePack snapshot,
//! and the snapshot answers `retrieve` and `emit` wherever it is opened.

pub mod bytes;
pub mod cache;
pub mod card;
#[cfg(feature = "chroma")]
pub mod chroma;
pub mod chunk;
#[cfg(feature = "cli")]
pub mod cli;
pub mod dense;
#[cfg(feature = "embed")]
pub mod embed;
pub mod emit;
mod error;
#[cfg(feature = "eval")]
pub mod eval;
pub mod feedback;
#[cfg(feature = "files")]
pub mod host;
pub mod index;
#[cfg(any(feature = "wasm", feature = "wasm-build", feature = "wasm-embed", feature = "wasm-index"))]
mod js_error;
#[cfg(feature = "load")]
pub mod lint;
#[cfg(feature = "load")]
pub mod load;
#[cfg(feature = "mcp")]
mod mcp;
#[cfg(feature = "metrics")]
pub mod metrics;
pub mod order;
#[cfg(feature = "publish")]
pub mod publish;
#[cfg(feature = "load")]
pub mod roles;
pub mod route;
pub mod search;
pub mod snapshot;
pub mod sparse;
pub mod text;
#[cfg(feature = "metrics")]
pub mod usage;
#[cfg(feature = "wasm")]
mod wasm;
#[cfg(feature = "wasm-build")]
mod wasm_build;
#[cfg(feature = "wasm-embed")]
mod wasm_embed;
#[cfg(feature = "wasm-index")]
mod wasm_index;

pub use card::ExpertCard;
pub use error::{Code, Error, Result};
